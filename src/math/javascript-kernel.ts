import { setImmediate } from 'node:timers/promises';
import { assertComparable, type EmbeddingMatrix } from './embedding-matrix.ts';
import { dotProduct, squaredDistance, squaredNorms } from './exact-distance.ts';
import type { MatrixKernel, NearestCenters } from './matrix-kernel.ts';

/** Rows whose products with all centres are held at a time. */
const BLOCK_ROWS = 64;
/** Multiplications between two turns of the event loop, about 30 ms of them. */
const MULTIPLICATIONS_PER_TURN = 2 ** 26;

/**
 * Plain loops, for machines without the native runtime: some 3 GFLOP/s. Products are summed in double
 * precision, column after column, and rounded to float32 once, so they are the same bits on every machine.
 */
export const javascriptKernel: MatrixKernel = {
  name: 'javascript',

  async multiply(x, centers) {
    const products = new Float32Array(x.rows * centers.rows);
    await multiplyAll(x, centers, products);
    return products;
  },

  async multiplyBetween(x, centers, { products, lowest, highest, weights }) {
    await multiplyAll(x, centers, products);
    return Float32Array.from({ length: x.rows }, (_, row) => {
      let sum = 0;
      for (let center = 0; center < centers.rows; center += 1) {
        const product = products[row * centers.rows + center]!;
        const above = Math.max(0, product - lowest[center]!);
        sum += weights[center]! * (above - Math.max(0, product - highest[center]!));
      }
      return sum;
    });
  },

  async nearest(x, centers) {
    assertComparable(x, centers);
    const center = new Int32Array(x.rows);
    const squaredDistances = new Float32Array(x.rows);
    const halfNorms = squaredNorms(centers).map((norm) => norm / 2);
    const products = new Float32Array(BLOCK_ROWS * centers.rows);
    await forEachBlock(x, centers, (start, end) => {
      multiplyRows(x, start, end, centers, products);
      for (let row = start; row < end; row += 1) {
        center[row] = nearestByProducts(products, (row - start) * centers.rows, halfNorms);
        squaredDistances[row] = squaredDistance(x, row, centers, center[row]!);
      }
    });
    return { center, squaredDistance: squaredDistances } satisfies NearestCenters;
  },
};

async function multiplyAll(x: EmbeddingMatrix, centers: EmbeddingMatrix, products: Float32Array): Promise<void> {
  assertComparable(x, centers);
  await forEachBlock(x, centers, (start, end) => {
    multiplyRows(x, start, end, centers, products.subarray(start * centers.rows, end * centers.rows));
  });
}

async function forEachBlock(
  x: EmbeddingMatrix,
  centers: EmbeddingMatrix,
  compute: (start: number, end: number) => void,
): Promise<void> {
  let multiplications = 0;
  for (let start = 0; start < x.rows; start += BLOCK_ROWS) {
    const end = Math.min(start + BLOCK_ROWS, x.rows);
    compute(start, end);
    multiplications += (end - start) * centers.data.length;
    if (multiplications >= MULTIPLICATIONS_PER_TURN) {
      multiplications = 0;
      await setImmediate();
    }
  }
}

/** |x − c|² is smallest where x·c − |c|²/2 is largest; the first of equals. */
function nearestByProducts(products: Float32Array, offset: number, halfNorms: Float64Array): number {
  let nearest = 0;
  let best = products[offset]! - halfNorms[0]!;
  for (let center = 1; center < halfNorms.length; center += 1) {
    const score = products[offset + center]! - halfNorms[center]!;
    if (score > best) {
      best = score;
      nearest = center;
    }
  }
  return nearest;
}

/**
 * Writes the products of rows [start, end) with all centres. Tiles of 4 rows × 2 centres use each value
 * they load several times; the rest goes one by one, summed in the same order.
 */
function multiplyRows(
  x: EmbeddingMatrix,
  start: number,
  end: number,
  centers: EmbeddingMatrix,
  products: Float32Array,
) {
  const { columns } = x;
  const k = centers.rows;
  const tiledRows = start + ((end - start) & ~3);
  const tiledCenters = k & ~1;
  for (let row = start; row < tiledRows; row += 4) {
    for (let center = 0; center < tiledCenters; center += 2) {
      multiplyTile(
        x.data,
        row * columns,
        centers.data,
        center * columns,
        columns,
        products,
        (row - start) * k + center,
        k,
      );
    }
    if (tiledCenters < k) {
      for (let other = row; other < row + 4; other += 1) {
        products[(other - start) * k + tiledCenters] = dotProduct(x, other, centers, tiledCenters);
      }
    }
  }
  for (let row = tiledRows; row < end; row += 1) {
    for (let center = 0; center < k; center += 1) {
      products[(row - start) * k + center] = dotProduct(x, row, centers, center);
    }
  }
}

function multiplyTile(
  x: Float32Array,
  xOffset: number,
  centers: Float32Array,
  centerOffset: number,
  columns: number,
  products: Float32Array,
  offset: number,
  k: number,
): void {
  let sum00 = 0;
  let sum01 = 0;
  let sum10 = 0;
  let sum11 = 0;
  let sum20 = 0;
  let sum21 = 0;
  let sum30 = 0;
  let sum31 = 0;
  for (let column = 0; column < columns; column += 1) {
    const center0 = centers[centerOffset + column]!;
    const center1 = centers[centerOffset + columns + column]!;
    const x0 = x[xOffset + column]!;
    const x1 = x[xOffset + columns + column]!;
    const x2 = x[xOffset + 2 * columns + column]!;
    const x3 = x[xOffset + 3 * columns + column]!;
    sum00 += x0 * center0;
    sum01 += x0 * center1;
    sum10 += x1 * center0;
    sum11 += x1 * center1;
    sum20 += x2 * center0;
    sum21 += x2 * center1;
    sum30 += x3 * center0;
    sum31 += x3 * center1;
  }
  products[offset] = sum00;
  products[offset + 1] = sum01;
  products[offset + k] = sum10;
  products[offset + k + 1] = sum11;
  products[offset + 2 * k] = sum20;
  products[offset + 2 * k + 1] = sum21;
  products[offset + 3 * k] = sum30;
  products[offset + 3 * k + 1] = sum31;
}
