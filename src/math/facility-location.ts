import { setImmediate } from 'node:timers/promises';
import type { OnProgress } from '../domain/progress.ts';
import { assertCount } from './assert-count.ts';
import { CoveredRows } from './covered-rows.ts';
import type { EmbeddingMatrix } from './embedding-matrix.ts';
import { productErrorBound } from './exact-distance.ts';
import { largestPositions } from './largest-positions.ts';
import { relativeWeights } from './relative-weights.ts';
import { cutRows, rowsIn } from './row-range.ts';
import { COLUMNS_PER_PRODUCT, SimilarityColumns, type SimilarityOptions } from './similarity-columns.ts';

/** Cosines kept for a second look: 128 MB. */
const KEPT_COSINES = 2 ** 25;

export interface FacilityLocationOptions extends SimilarityOptions {
  /** `f × d`: rows that are chosen already. */
  readonly existing?: EmbeddingMatrix;
  /** Length n, > 0: how much it matters that each row is covered; only ratios count. Absent: all alike. */
  readonly weights?: Float64Array;
  /** For tests: see `KEPT_COSINES`. */
  readonly keptCosines?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

export interface FacilityLocationResult {
  /** Length `count`: positions in the order they were picked, all different. */
  readonly order: Int32Array;
  /** Length `count`: by how much each raised the coverage, falling, ≥ 0. */
  readonly gains: Float64Array;
  /** The weighted mean similarity of a row to the chosen one most like it, 0–1; 0 where nothing is chosen. */
  readonly coverage: number;
}

/**
 * Greedy facility location: picks again and again the row that adds most to Σᵢ wᵢ · max over chosen j of
 * sim(i, j), with sim = (1 + cos) / 2, that is 1 − |xᵢ − xⱼ|² / 4 for unit vectors. So it makes the mean
 * squared distance to the nearest chosen row small, where k-center looks at the largest distance only.
 * (Cosines clipped at 0 differ from it only in rows that nothing chosen is like.) What it gains is at least
 * 1 − 1/e, 63 %, of the most that `count` rows can gain.
 *
 * Lazily, which gives the picks of the plain greedy algorithm, ties included: the gain of a row only falls
 * while others are picked (in floating point too: it is one sum, always in the same order), so an old gain
 * is an upper bound, and only rows whose bound is on top are looked at again. Ties go to the lowest
 * position. A row that adds nothing, such as a duplicate of a chosen one, is picked only when nothing else
 * is left. Rows of any length are compared by direction; a row of zeros has none, and covers nothing.
 *
 * Deterministic for one kernel, whatever the number of threads or workers; another kernel's float32
 * products may decide near ties otherwise. No n × n table: first every row is compared with every other, a
 * few times over while the first picks change everything, then some 100 rows a pick. O(n²·d + n·count·d);
 * memory: n·d and 128 MB.
 *
 * Source: Lin & Bilmes 2011 (facility location for selection); Nemhauser, Wolsey & Fisher 1978 and Krause &
 * Golovin 2014 (greedy, 1 − 1/e); Minoux 1978 (lazy).
 * @param x `n × d`
 * @throws WinnowError `COUNT_OUT_OF_RANGE` when count > n
 * @throws RangeError when a weight is not above 0, see `relativeWeights`
 */
export async function facilityLocation(
  x: EmbeddingMatrix,
  count: number,
  options: FacilityLocationOptions,
): Promise<FacilityLocationResult> {
  const { existing, signal, onProgress } = options;
  assertCount('rows', count, 0, x.rows);
  const weights = relativeWeights(options.weights, x.rows) ?? new Float64Array(x.rows).fill(1);
  const similarities = new SimilarityColumns(x, options);
  const covered = new CoveredRows(weights);
  for (const range of cutRows(existing?.rows ?? 0, COLUMNS_PER_PRODUCT)) {
    signal?.throwIfAborted();
    await similarities.ofOthers(rowsIn(existing!, range), (shard) => covered.chooseAll(shard));
  }

  const gains = new LazyGains(similarities, covered, weights, options.keptCosines ?? KEPT_COSINES);
  const order = new Int32Array(count);
  const shares = new Float64Array(count);
  for (let picked = 0; picked < count; picked += 1) {
    // Where all columns are kept there is no product to wait for, and nobody else would get a turn.
    await setImmediate();
    signal?.throwIfAborted();
    const best = await gains.best(() => {
      signal?.throwIfAborted();
      onProgress?.({ phase: 'cover', done: picked, total: count });
    });
    order[picked] = best.row;
    shares[picked] = covered.share(best.gain);
    await gains.choose(best.row);
  }
  onProgress?.({ phase: 'cover', done: count, total: count });
  return { order, gains: shares, coverage: covered.mean() };
}

/** Of every row an upper bound of its gain, which becomes the gain itself when that is computed. */
class LazyGains {
  readonly #similarities: SimilarityColumns;
  readonly #covered: CoveredRows;
  /** −∞ once chosen. */
  readonly #bounds: Float64Array;
  /** The round in which a bound was the gain itself. */
  readonly #exactIn: Int32Array;
  /** Columns of rows with high gains, which are looked at again soon. */
  readonly #kept = new Map<number, Float32Array>();
  readonly #mostKept: number;
  #round = 1;

  constructor(similarities: SimilarityColumns, covered: CoveredRows, weights: Float64Array, keptCosines: number) {
    this.#similarities = similarities;
    this.#covered = covered;
    this.#bounds = boundsOfNothingCovered(similarities.rows, weights);
    this.#exactIn = new Int32Array(weights.length);
    this.#mostKept = Math.max(1, Math.floor(keptCosines / Math.max(1, weights.length)));
  }

  /** The row that gains most; `onProduct` is called before every long computation. */
  async best(onProduct: () => void): Promise<{ row: number; gain: number }> {
    for (;;) {
      const row = highest(this.#bounds);
      const bound = this.#bounds[row]!;
      // A gain is never negative, so a bound of 0 needs no second look.
      if (this.#exactIn[row] === this.#round || bound === 0) return { row, gain: bound };
      const column = this.#kept.get(row);
      if (column) this.#set(row, this.#covered.gain(column));
      else {
        onProduct();
        await this.#computeHighest();
      }
    }
  }

  async choose(row: number): Promise<void> {
    if (this.#bounds[row]! > 0) {
      if (!this.#kept.has(row)) await this.#compute([row]);
      this.#covered.choose(this.#kept.get(row)!);
      this.#round += 1;
    }
    this.#kept.delete(row);
    this.#bounds[row] = Number.NEGATIVE_INFINITY;
  }

  #set(row: number, gain: number): void {
    this.#bounds[row] = gain;
    this.#exactIn[row] = this.#round;
  }

  /** The gains of the highest bounds in doubt: more than are needed now, but a product takes as long for one. */
  #computeHighest(): Promise<void> {
    const inDoubt = (row: number) => {
      return this.#exactIn[row] !== this.#round && this.#bounds[row]! > 0 && !this.#kept.has(row);
    };
    return this.#compute(largestPositions(this.#bounds, COLUMNS_PER_PRODUCT, inDoubt));
  }

  async #compute(rows: readonly number[]): Promise<void> {
    const shards = await this.#similarities.ofPositions(rows, (shard) => ({
      ...shard,
      gains: this.#covered.shardGains(shard),
    }));
    for (const [index, row] of rows.entries()) {
      this.#set(
        row,
        shards.reduce((sum, { gains }) => sum + gains[index]!, 0),
      );
    }
    for (const [index, row] of rows.entries()) {
      const column = this.#roomFor(row);
      if (!column) continue;
      for (const { start, rows: length, cosines } of shards) {
        for (let i = 0; i < length; i += 1) column[start + i] = cosines[i * COLUMNS_PER_PRODUCT + index]!;
      }
      this.#kept.set(row, column);
    }
  }

  /** A place for a column: a new one, or that of a row with no higher bound, or none. */
  #roomFor(row: number): Float32Array | undefined {
    if (this.#kept.size < this.#mostKept) return new Float32Array(this.#bounds.length);
    let lowest = row;
    for (const other of this.#kept.keys()) if (this.#bounds[other]! <= this.#bounds[lowest]!) lowest = other;
    const column = this.#kept.get(lowest);
    this.#kept.delete(lowest);
    return column;
  }
}

/**
 * Upper bounds of the gains, from the sum of all rows: 2 Σ wᵢ (1 + xᵢ·xⱼ) is what j gains where nothing is
 * covered, and it never gains more; 0 for rows of zeros. The allowance is for rounding. O(n·d).
 */
function boundsOfNothingCovered({ data, rows, columns }: EmbeddingMatrix, weights: Float64Array): Float64Array {
  const sum = new Float64Array(columns);
  let total = 0;
  for (let row = 0; row < rows; row += 1) {
    total += weights[row]!;
    for (let i = 0; i < columns; i += 1) sum[i]! += weights[row]! * data[row * columns + i]!;
  }
  const allowance = total * (4 * productErrorBound(columns) + 1e-5);
  return Float64Array.from({ length: rows }, (_, row) => {
    let product = 0;
    let norm = 0;
    for (let i = 0; i < columns; i += 1) {
      const value = data[row * columns + i]!;
      product += sum[i]! * value;
      norm += value * value;
    }
    if (norm === 0) return 0;
    return 2 * (Math.max(0, total + product) + allowance);
  });
}

function highest(bounds: Float64Array): number {
  let position = 0;
  for (let row = 1; row < bounds.length; row += 1) if (bounds[row]! > bounds[position]!) position = row;
  return position;
}
