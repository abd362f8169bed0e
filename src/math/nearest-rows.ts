import { cutRows } from '../engine/shards.ts';
import { type EmbeddingMatrix, rowsIn } from './embedding-matrix.ts';
import { squaredDistance, squaredNorms } from './exact-distance.ts';
import type { MatrixKernel } from './matrix-kernel.ts';

/** Products held at a time: 16 MB. */
const PRODUCTS_AT_A_TIME = 2 ** 22;

export interface NearestRowsOptions {
  readonly kernel: MatrixKernel;
  readonly signal?: AbortSignal | undefined;
  /** Told after each block how many rows of `x` are done. */
  readonly onRows?: (done: number) => void;
}

/** Of n rows the k nearest others each, row-major, the nearest first. */
export interface NearestRows {
  readonly k: number;
  /** `n × k` */
  readonly rows: Int32Array;
  /** `n × k`: Euclidean, ≥ 0, rising within a row. */
  readonly distances: Float64Array;
}

/**
 * Of each row of `x` the k nearest rows of `among`, Euclidean; of equal ones the lowest first. A row of `among` that is
 * not to count for a row of `x`, itself say, is named by `except`.
 *
 * Chosen by float32 products, so that rows nearly as far as the k-th may be taken for it; the distances themselves are
 * exact. O(n·m·d). Memory: n·k entries and 16 MB.
 * @param among `m × d`; k is at most m, and one less with `except`
 * @param except for a row of `x` the row of `among` that is left out; −1 for none
 */
export async function nearestRows(
  x: EmbeddingMatrix,
  among: EmbeddingMatrix,
  k: number,
  options: NearestRowsOptions & { readonly except?: (row: number) => number },
): Promise<NearestRows> {
  const { kernel, signal, onRows, except = () => -1 } = options;
  const rows = new Int32Array(x.rows * k);
  const distances = new Float64Array(x.rows * k);
  const halfNorms = squaredNorms(among).map((norm) => norm / 2);
  const best = new BestFew(k);
  for (const range of cutRows(x.rows, Math.max(1, Math.floor(PRODUCTS_AT_A_TIME / Math.max(1, among.rows))))) {
    signal?.throwIfAborted();
    const products = await kernel.multiply(rowsIn(x, range), among);
    for (let i = 0; i < range.rows; i += 1) {
      const row = range.start + i;
      const found = best.of(products.subarray(i * among.rows, (i + 1) * among.rows), halfNorms, except(row));
      const near = Array.from(found, (other) => ({ other, squared: squaredDistance(x, row, among, other) }));
      near.sort((a, b) => a.squared - b.squared || a.other - b.other);
      for (const [place, { other, squared }] of near.entries()) {
        rows[row * k + place] = other;
        distances[row * k + place] = Math.sqrt(squared);
      }
    }
    onRows?.(range.start + range.rows);
  }
  return { k, rows, distances };
}

/** Keeps the k largest of many scores. |x − c|² is smallest where x·c − |c|²/2 is largest. */
class BestFew {
  readonly #rows: Int32Array;
  readonly #scores: Float64Array;

  constructor(k: number) {
    this.#rows = new Int32Array(k);
    this.#scores = new Float64Array(k);
  }

  /** @returns the rows, the best first; of equals the lowest. Overwritten by the next call. */
  of(products: Float32Array, halfNorms: Float64Array, left: number): Int32Array {
    const rows = this.#rows;
    const scores = this.#scores;
    const last = rows.length - 1;
    scores.fill(Number.NEGATIVE_INFINITY);
    for (let row = 0; row < products.length; row += 1) {
      const score = products[row]! - halfNorms[row]!;
      if (score <= scores[last]! || row === left) continue;
      let place = last;
      for (; place > 0 && scores[place - 1]! < score; place -= 1) {
        scores[place] = scores[place - 1]!;
        rows[place] = rows[place - 1]!;
      }
      scores[place] = score;
      rows[place] = row;
    }
    return rows;
  }
}
