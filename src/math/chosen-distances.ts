import { cutIntoShards, cutRows, inProcessExecutor, type RowRange, type ShardExecutor } from '../engine/shards.ts';
import { type EmbeddingMatrix, rowsIn } from './embedding-matrix.ts';
import { productErrorBound, squaredDistance, squaredNorms } from './exact-distance.ts';
import type { MatrixKernel } from './matrix-kernel.ts';

/** Centres compared with all rows in one product: enough to be bound by arithmetic, not by memory. */
const CENTERS_PER_PRODUCT = 32;

/** Some rows that may become centres, and their products with all rows: per shard `candidates.rows × rows`. */
export interface CandidateProducts {
  readonly candidates: EmbeddingMatrix;
  readonly norms: Float64Array;
  readonly products: readonly Float32Array[];
}

/**
 * Of every row the squared distance to the nearest centre chosen so far, while centres are added one by
 * one. The products of a whole batch of candidates come from one matrix product, which is many times
 * faster than one candidate at a time.
 *
 * The distances are exact (double precision, 0 for equal rows) with any kernel: a float32 product
 * only rules out rows that are certainly farther than before, and the others are computed directly.
 * Those are few, for the nearest distance of a row falls seldom. O(n·d) per batch row, O(n) per centre.
 */
export class ChosenDistances {
  /** Length n; Infinity while there is no centre. */
  readonly squared: Float64Array;
  readonly #x: EmbeddingMatrix;
  readonly #norms: Float64Array;
  readonly #lengths: Float64Array;
  readonly #shards: readonly RowRange[];
  readonly #kernel: MatrixKernel;
  readonly #executor: ShardExecutor;

  constructor(x: EmbeddingMatrix, { kernel, executor = inProcessExecutor }: ChosenDistancesOptions) {
    this.#x = x;
    this.#norms = squaredNorms(x);
    this.#lengths = this.#norms.map(Math.sqrt);
    this.#shards = cutIntoShards(x.rows);
    this.#kernel = kernel;
    this.#executor = executor;
    this.squared = new Float64Array(x.rows).fill(Number.POSITIVE_INFINITY);
  }

  /** Multiplies candidates with all rows; any of them may then be added. `candidates.rows × n` floats. */
  async multiply(candidates: EmbeddingMatrix): Promise<CandidateProducts> {
    const products = await this.#executor.map(this.#shards, (shard) =>
      this.#kernel.multiply(candidates, rowsIn(this.#x, shard)),
    );
    return { candidates, norms: squaredNorms(candidates), products };
  }

  /** Makes candidate number `index` a centre. */
  add({ candidates, norms, products }: CandidateProducts, index: number): void {
    const { squared } = this;
    const rowNorms = this.#norms;
    const lengths = this.#lengths;
    const candidateNorm = norms[index]!;
    const doubt = 2 * productErrorBound(this.#x.columns) * Math.sqrt(candidateNorm);
    for (const [number, { start, rows }] of this.#shards.entries()) {
      const own = products[number]!.subarray(index * rows, (index + 1) * rows);
      for (let i = 0; i < rows; i += 1) {
        const row = start + i;
        const least = rowNorms[row]! + candidateNorm - 2 * own[i]! - doubt * lengths[row]!;
        if (least >= squared[row]!) continue;
        const distance = squaredDistance(this.#x, row, candidates, index);
        if (distance < squared[row]!) squared[row] = distance;
      }
    }
  }

  /** Adds centres that exist already. */
  async addAll(centers: EmbeddingMatrix, signal?: AbortSignal): Promise<void> {
    for (const range of cutRows(centers.rows, CENTERS_PER_PRODUCT)) {
      signal?.throwIfAborted();
      const batch = await this.multiply(rowsIn(centers, range));
      for (let index = 0; index < range.rows; index += 1) this.add(batch, index);
    }
  }
}

export interface ChosenDistancesOptions {
  readonly kernel: MatrixKernel;
  readonly executor?: ShardExecutor;
}
