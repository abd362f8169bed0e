import type { OnProgress } from '../domain/progress.ts';
import { cutRows } from '../engine/shards.ts';
import { type EmbeddingMatrix, rowsIn, stackRows, takeRows, UNIT_TOLERANCE, unitRows } from './embedding-matrix.ts';
import { dotProduct, productErrorBound, squaredNorms } from './exact-distance.ts';
import { assertCount } from './largest-positions.ts';
import type { MatrixKernel } from './matrix-kernel.ts';

/** Rows walked at a time. */
const BLOCK_ROWS = 1_024;
/** Kept rows a block is compared with at a time: 16 MB of products. */
const KEPT_PER_PRODUCT = 4_096;

export interface ThresholdDiversityOptions {
  /** Cosine above which a row repeats a kept one; from 1 on nothing does. */
  readonly threshold: number;
  /** How many to keep at most. */
  readonly count: number;
  readonly kernel: MatrixKernel;
  /** `f × d`: rows that are kept already and count for nothing. */
  readonly existing?: EmbeddingMatrix;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

export interface DiverseRows {
  /** Positions in the order they were walked; fewer than `count` where the walk came to its end. */
  readonly kept: Int32Array;
  /** Rows the walk left out because something kept was too similar; it ended after `kept.length + skipped` rows. */
  readonly skipped: number;
}

/**
 * Walks rows in a given order, best first, and keeps each unless its cosine with one that is kept is above the
 * threshold; stops at `count`. The first row is always kept, unless it repeats an existing one.
 *
 * Rows of any length are compared by direction; a row of zeros has none, and cosine 0 with all.
 * Cosines within rounding of the threshold are computed again in double precision, so every kernel keeps
 * the same rows. O(w·k·d) for w rows walked and k kept; memory: the walked rows once more and 20 MB.
 * Source: Liu et al. 2023 (arXiv 2312.15685), DEITA's diversity filter with the cosine; existing rows are ours.
 * @param x `n × d`
 * @param order positions of `x` to walk, all different
 * @throws WinnowError `COUNT_OUT_OF_RANGE` when `count` is more than there are rows to walk
 * @throws RangeError when the threshold is NaN, the order names a row twice or none, or widths differ
 */
export async function thresholdDiversity(
  x: EmbeddingMatrix,
  order: ArrayLike<number>,
  options: ThresholdDiversityOptions,
): Promise<DiverseRows> {
  const { count, signal, onProgress } = options;
  const walk = Int32Array.from(order);
  assertWalkable(walk, x, options);
  const kept: number[] = [];
  let skipped = 0;
  const seen = new KeptRows(options, x.columns);
  for (const { start, rows } of cutRows(walk.length, BLOCK_ROWS)) {
    if (kept.length === count) break;
    signal?.throwIfAborted();
    onProgress?.({ phase: 'cover', done: kept.length, total: count, note: `${start} of ${walk.length} looked at` });
    const positions = walk.subarray(start, start + rows);
    const block = new DirectedRows(takeRows(x, positions));
    const repeats = await seen.repeatedIn(block);
    const within = await options.kernel.multiply(block.unit, block.unit);
    const keptHere: number[] = [];
    for (let row = 0; row < rows && kept.length < count; row += 1) {
      const repeatsHere = (other: number) => {
        return seen.isAbove(within[row * rows + other]!, () => block.cosine(row, block, other));
      };
      if (repeats[row] === 1 || keptHere.some(repeatsHere)) {
        skipped += 1;
        continue;
      }
      keptHere.push(row);
      kept.push(positions[row]!);
    }
    seen.add(block, keptHere);
  }
  onProgress?.({ phase: 'cover', done: kept.length, total: count });
  return { kept: Int32Array.from(kept), skipped };
}

/** Rows with their lengths, and the same rows as unit vectors; rows of zeros stay zero. */
class DirectedRows {
  readonly rows: EmbeddingMatrix;
  readonly norms: Float64Array;
  readonly unit: EmbeddingMatrix;

  constructor(rows: EmbeddingMatrix) {
    this.rows = rows;
    this.norms = squaredNorms(rows);
    this.unit = unitRows(
      rows,
      Int32Array.from({ length: rows.rows }, (_, row) => row),
      this.norms,
    );
  }

  /** In double precision, never above 1. */
  cosine(row: number, others: DirectedRows, other: number): number {
    const norms = this.norms[row]! * others.norms[other]!;
    return norms === 0 ? 0 : Math.min(1, dotProduct(this.rows, row, others.rows, other) / Math.sqrt(norms));
  }
}

/** What the next rows are compared with: the existing rows, then those kept on the walk. */
class KeptRows {
  readonly #groups: DirectedRows[] = [];
  readonly #threshold: number;
  readonly #kernel: MatrixKernel;
  readonly #doubt: number;

  constructor({ threshold, kernel, existing }: ThresholdDiversityOptions, columns: number) {
    this.#threshold = threshold;
    this.#kernel = kernel;
    this.#doubt = productErrorBound(columns) + 10 * UNIT_TOLERANCE;
    for (const range of cutRows(existing?.rows ?? 0, KEPT_PER_PRODUCT)) {
      this.#groups.push(new DirectedRows(rowsIn(existing!, range)));
    }
  }

  /** Whether a cosine is above the threshold, given its float32 product and how to compute it exactly. */
  isAbove(product: number, exactCosine: () => number): boolean {
    if (Math.abs(product - this.#threshold) > this.#doubt) return product > this.#threshold;
    return exactCosine() > this.#threshold;
  }

  /** Per row of the block 1 where its cosine with a kept row is above the threshold. */
  async repeatedIn(block: DirectedRows): Promise<Uint8Array> {
    const repeated = new Uint8Array(block.rows.rows);
    for (const group of this.#groups) {
      const products = await this.#kernel.multiply(block.unit, group.unit);
      for (let row = 0; row < repeated.length; row += 1) {
        if (repeated[row] === 0 && this.#repeats(block, row, group, products)) repeated[row] = 1;
      }
    }
    return repeated;
  }

  #repeats(block: DirectedRows, row: number, group: DirectedRows, products: Float32Array): boolean {
    const { rows } = group.rows;
    const least = this.#threshold - this.#doubt;
    for (let other = 0; other < rows; other += 1) {
      const product = products[row * rows + other]!;
      if (product >= least && this.isAbove(product, () => block.cosine(row, group, other))) return true;
    }
    return false;
  }

  /** Small groups are joined: a product with few rows takes about as long as one with many. */
  add(block: DirectedRows, rows: readonly number[]): void {
    if (rows.length === 0) return;
    const added = takeRows(block.rows, rows);
    const last = this.#groups.at(-1);
    if (last === undefined || last.rows.rows + rows.length > KEPT_PER_PRODUCT) {
      this.#groups.push(new DirectedRows(added));
    } else {
      this.#groups[this.#groups.length - 1] = new DirectedRows(stackRows([last.rows, added], added.columns));
    }
  }
}

function assertWalkable(walk: Int32Array, x: EmbeddingMatrix, options: ThresholdDiversityOptions): void {
  const { count, threshold, existing } = options;
  assertCount('rows', count, 0, walk.length);
  if (Number.isNaN(threshold)) throw new RangeError('The cosine threshold is not a number.');
  if (existing && existing.rows > 0 && existing.columns !== x.columns) {
    throw new RangeError(`Rows of ${x.columns} values cannot be compared with existing ones of ${existing.columns}.`);
  }
  const walked = new Uint8Array(x.rows);
  for (const position of walk) {
    if (!(position >= 0 && position < x.rows)) throw new RangeError(`There is no row ${position} among ${x.rows}.`);
    if (walked[position] === 1) throw new RangeError(`The walk comes to row ${position} twice.`);
    walked[position] = 1;
  }
}
