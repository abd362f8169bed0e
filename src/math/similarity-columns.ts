import { type EmbeddingMatrix, takeRows } from './embedding-matrix.ts';
import { squaredNorms } from './exact-distance.ts';
import { javascriptKernel } from './javascript-kernel.ts';
import type { MatrixKernel } from './matrix-kernel.ts';
import { type RowRange, rowsIn } from './row-range.ts';
import { cutIntoShards, inProcessExecutor, type ShardExecutor } from './shards.ts';
import { unitRows } from './unit-rows.ts';

/** Columns of one product. Always as many, for the kernel's last bits depend on the width of a product. */
export const COLUMNS_PER_PRODUCT = 64;
/** Shards with fewer rows are multiplied by plain loops: the native kernel would cut them differently for more threads. */
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
 * has the same bits whenever, beside whatever others and on however many threads it is computed, and equal
 * rows have equal columns.
 */
export class SimilarityColumns {
  /** `n × d`: the rows as unit vectors; rows of zeros stay zero and have cosine 0 to all. */
  readonly rows: EmbeddingMatrix;
  readonly #shards: readonly RowRange[];
  readonly #kernel: MatrixKernel;
  readonly #executor: ShardExecutor;

  constructor(x: EmbeddingMatrix, { kernel, executor = inProcessExecutor }: SimilarityOptions) {
    this.rows = toUnitRows(x);
    this.#shards = cutIntoShards(x.rows);
    this.#kernel = kernel;
    this.#executor = executor;
  }

  /** The columns of positions, at most `COLUMNS_PER_PRODUCT` of them. */
  ofPositions<Result>(positions: readonly number[], work: (shard: ShardSimilarities) => Result): Promise<Result[]> {
    return this.#map(takeRows(this.rows, positions), work);
  }

  /** The columns of rows of any length from elsewhere, at most `COLUMNS_PER_PRODUCT` of them; rows of zeros have none. */
  ofOthers<Result>(others: EmbeddingMatrix, work: (shard: ShardSimilarities) => Result): Promise<Result[]> {
    const norms = squaredNorms(others);
    const directed = Int32Array.from([...norms.keys()].filter((row) => norms[row]! > 0));
    return this.#map(unitRows(others, directed, norms), work);
  }

  /** @returns what `work` made of each shard, in the order of the shards. O(n·d·COLUMNS_PER_PRODUCT) */
  #map<Result>(others: EmbeddingMatrix, work: (shard: ShardSimilarities) => Result): Promise<Result[]> {
    const data = new Float32Array(COLUMNS_PER_PRODUCT * others.columns);
    data.set(others.data);
    const padded = { data, rows: COLUMNS_PER_PRODUCT, columns: others.columns };
    return this.#executor.map(this.#shards, async (shard) => {
      const kernel = shard.rows < FEWEST_KERNEL_ROWS ? javascriptKernel : this.#kernel;
      return work({ ...shard, columns: others.rows, cosines: await kernel.multiply(rowsIn(this.rows, shard), padded) });
    });
  }
}

function toUnitRows(x: EmbeddingMatrix): EmbeddingMatrix {
  return unitRows(
    x,
    Int32Array.from({ length: x.rows }, (_, row) => row),
    squaredNorms(x),
  );
}
