import { cutIntoShards, inProcessExecutor, type RowRange, SHARD_ROWS, type ShardExecutor } from '../engine/shards.ts';
import { type EmbeddingMatrix, rowsIn, takeRows, unitRows } from './embedding-matrix.ts';
import { squaredNorms } from './exact-distance.ts';
import { javascriptKernel } from './javascript-kernel.ts';
import type { MatrixKernel, ProductTarget } from './matrix-kernel.ts';

/** Columns of one product. Always as many, for the kernel's last bits depend on the width of a product. */
export const COLUMNS_PER_PRODUCT = 64;
/** Products of fewer rows than this are made by plain loops: the native kernel would cut them differently for more threads. */
const FEWEST_KERNEL_ROWS = 1_024;

export interface SimilarityOptions {
  readonly kernel: MatrixKernel;
  readonly executor?: ShardExecutor;
}

/** The cosines of a shard's rows with others, row-major, `COLUMNS_PER_PRODUCT` to a row. */
export interface ShardSimilarities extends RowRange {
  /** How many of the columns mean something; the others are 0. */
  readonly columns: number;
  readonly cosines: Float32Array;
}

/**
 * Cosines of all rows with a few others at a time: columns of the n × n table that is never made. A column
 * has the same bits at any time, beside any others and on any number of threads, equal
 * rows have equal columns, and i has the same cosine with j as j with i.
 */
export class SimilarityColumns {
  /** `n × d`: the rows as unit vectors; rows of zeros stay zero and have cosine 0 to all. */
  readonly rows: EmbeddingMatrix;
  readonly #shards: readonly RowRange[];
  readonly #kernel: MatrixKernel;
  readonly #executor: ShardExecutor;
  /** Room for the products of one shard each, none of them in use: 16 MB each, as many as there are workers. */
  readonly #places: Float32Array[] = [];
  readonly #longestProduct: number;

  constructor(x: EmbeddingMatrix, { kernel, executor = inProcessExecutor }: SimilarityOptions) {
    this.rows = toUnitRows(x);
    this.#shards = cutIntoShards(x.rows);
    this.#longestProduct = COLUMNS_PER_PRODUCT * Math.min(x.rows, SHARD_ROWS);
    this.#kernel = kernel;
    this.#executor = executor;
  }

  /** The columns of positions, at most `COLUMNS_PER_PRODUCT` of them. */
  ofPositions<Result>(positions: readonly number[], work: (shard: ShardSimilarities) => Result): Promise<Result[]> {
    return this.#map(takeRows(this.rows, positions), work);
  }

  /**
   * The columns of positions, at most `COLUMNS_PER_PRODUCT` of them, and for every row the sum of what is
   * between two limits of the columns. For many products one after the other: the cosines are there only
   * while `work` works on them, their place is used again.
   * @param limits length `COLUMNS_PER_PRODUCT` each, see `MatrixKernel.multiplyBetween`
   */
  betweenLimits<Result>(
    positions: readonly number[],
    limits: Omit<ProductTarget, 'products'>,
    work: (shard: ShardSimilarities, sums: Float32Array) => Result,
  ): Promise<Result[]> {
    const padded = pad(takeRows(this.rows, positions));
    return this.#executor.map(this.#shards, async (shard) => {
      const { kernel, range, skipped } = this.#productOf(shard);
      const place = this.#places.pop() ?? new Float32Array(this.#longestProduct);
      const products = place.subarray(0, range.rows * COLUMNS_PER_PRODUCT);
      const sums = await kernel.multiplyBetween(rowsIn(this.rows, range), padded, { products, ...limits });
      const cosines = products.subarray(skipped * COLUMNS_PER_PRODUCT);
      const result = work({ ...shard, columns: positions.length, cosines }, sums.subarray(skipped));
      this.#places.push(place);
      return result;
    });
  }

  /** The columns of rows of any length from elsewhere, at most `COLUMNS_PER_PRODUCT` of them; rows of zeros have none. */
  ofOthers<Result>(others: EmbeddingMatrix, work: (shard: ShardSimilarities) => Result): Promise<Result[]> {
    const norms = squaredNorms(others);
    const directed = Int32Array.from([...norms.keys()].filter((row) => norms[row]! > 0));
    return this.#map(unitRows(others, directed, norms), work);
  }

  /** @returns what `work` made of each shard, in the order of the shards. O(n·d·COLUMNS_PER_PRODUCT) */
  #map<Result>(others: EmbeddingMatrix, work: (shard: ShardSimilarities) => Result): Promise<Result[]> {
    const padded = pad(others);
    return this.#executor.map(this.#shards, async (shard) => {
      const { kernel, range, skipped } = this.#productOf(shard);
      const products = await kernel.multiply(rowsIn(this.rows, range), padded);
      return work({ ...shard, columns: others.rows, cosines: products.subarray(skipped * COLUMNS_PER_PRODUCT) });
    });
  }

  /** How to multiply a shard: a short last one takes rows before it along, so that one kernel makes all cosines. */
  #productOf({ start, rows }: RowRange): { kernel: MatrixKernel; range: RowRange; skipped: number } {
    if (this.rows.rows < FEWEST_KERNEL_ROWS) return { kernel: javascriptKernel, range: { start, rows }, skipped: 0 };
    const skipped = Math.max(0, start + FEWEST_KERNEL_ROWS - this.rows.rows);
    return { kernel: this.#kernel, range: { start: start - skipped, rows: rows + skipped }, skipped };
  }
}

function pad(others: EmbeddingMatrix): EmbeddingMatrix {
  const data = new Float32Array(COLUMNS_PER_PRODUCT * others.columns);
  data.set(others.data);
  return { data, rows: COLUMNS_PER_PRODUCT, columns: others.columns };
}

function toUnitRows(x: EmbeddingMatrix): EmbeddingMatrix {
  return unitRows(
    x,
    Int32Array.from({ length: x.rows }, (_, row) => row),
    squaredNorms(x),
  );
}
