import { cutRows } from '../engine/shards.ts';
import type { CoveredRows } from './covered-rows.ts';
import type { EmbeddingMatrix } from './embedding-matrix.ts';
import { productErrorBound } from './exact-distance.ts';
import { GainBounds } from './gain-bounds.ts';
import { largestPositions } from './largest-positions.ts';
import { COLUMNS_PER_PRODUCT, type ShardSimilarities, type SimilarityColumns } from './similarity-columns.ts';

/** Cosines kept for a second look: 128 MB. */
const KEPT_COSINES = 2 ** 25;
/** Rows whose cosines with all columns, 64 KB, stay near the processor while they are copied column by column. */
const ROWS_PER_COPY = 256;

export interface LazyGainsOptions {
  /** Length n, ≥ 0: what each row gains beside coverage, whenever it is picked. */
  readonly bonus: Float64Array;
  /** Length n, > 0: what each row costs; the best gains most for its cost. Absent: all the same. */
  readonly costs?: Float64Array | undefined;
  /** Length n: 0 where a row is never the best; absent: nowhere. */
  readonly eligible?: Uint8Array | undefined;
  /** For tests: see `KEPT_COSINES`. */
  readonly keptCosines?: number;
  /** For tests: see `ClosePairs`. */
  readonly keptPairs?: number;
}

/**
 * Of every row an upper bound of what it gains in coverage, which becomes the gain itself when that is
 * computed: a sum over all rows in their order, so that it does not depend on what was computed before.
 */
export class LazyGains {
  readonly #similarities: SimilarityColumns;
  readonly #covered: CoveredRows;
  readonly #bonus: Float64Array;
  readonly #costs: Float64Array | undefined;
  /** −∞ once chosen, and where it may not be. */
  readonly #bounds: Float64Array;
  /** The round in which a bound was the gain itself. */
  readonly #exactIn: Int32Array;
  readonly #allBounds: GainBounds;
  /** Columns of rows with high gains, which are looked at again soon. */
  readonly #kept = new Map<number, Float32Array>();
  readonly #mostKept: number;
  #round = 1;

  constructor(similarities: SimilarityColumns, covered: CoveredRows, options: LazyGainsOptions) {
    const { bonus, eligible, keptCosines = KEPT_COSINES, keptPairs } = options;
    this.#similarities = similarities;
    this.#covered = covered;
    this.#bonus = bonus;
    this.#costs = options.costs;
    this.#bounds = boundsOfNothingCovered(similarities.rows, covered.weights);
    eligible?.forEach((flag, row) => {
      if (flag === 0) this.#bounds[row] = Number.NEGATIVE_INFINITY;
    });
    this.#exactIn = new Int32Array(bonus.length);
    this.#allBounds = new GainBounds(similarities, covered, keptPairs);
    this.#mostKept = Math.max(1, Math.floor(keptCosines / Math.max(1, bonus.length)));
  }

  /**
   * The row that gains most for its cost, and what it gains, bonus included; `onProduct` is called before every long
   * computation. Computes in turns the gains of some rows on top, and lower bounds for all, until no bound
   * is above the highest gain.
   */
  async best(onProduct: () => void): Promise<{ row: number; gain: number }> {
    for (let doLower = false; ; ) {
      const row = this.#highest();
      const bound = this.#bounds[row]!;
      // A gain is never negative, so a bound of 0 needs no second look.
      if (this.#exactIn[row] === this.#round || bound === 0)
        return { row, gain: this.#bounds[row]! + this.#bonus[row]! };
      const column = this.#kept.get(row);
      if (column) this.#set(row, this.#covered.gain(column));
      else if (doLower && (await this.#allBounds.accountForMore(onProduct))) {
        this.#lower();
        doLower = false;
      } else {
        onProduct();
        await this.#computeHighest();
        doLower = true;
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
    if (!this.#allBounds.complete) return;
    this.#allBounds.accountForKept();
    this.#lower();
  }

  #highest(): number {
    const bounds = this.#bounds;
    const bonus = this.#bonus;
    const costs = this.#costs;
    let position = 0;
    let most = Number.NEGATIVE_INFINITY;
    for (let row = 0; row < bounds.length; row += 1) {
      const bound = (bounds[row]! + bonus[row]!) / (costs?.[row] ?? 1);
      if (bound > most) {
        most = bound;
        position = row;
      }
    }
    return position;
  }

  /** What the row gains at most for its cost, bonus included. */
  #total(row: number): number {
    return (this.#bounds[row]! + this.#bonus[row]!) / (this.#costs?.[row] ?? 1);
  }

  #set(row: number, gain: number): void {
    this.#bounds[row] = gain;
    this.#exactIn[row] = this.#round;
  }

  /** Takes over lower bounds. */
  #lower(): void {
    const { sums, error } = this.#allBounds;
    for (let row = 0; row < sums.length; row += 1) {
      const bound = Math.max(0, sums[row]!) + error;
      if (bound < this.#bounds[row]! && this.#exactIn[row] !== this.#round) this.#bounds[row] = bound;
    }
  }

  /** The gains of the highest bounds in doubt: more than are needed now, but a product takes as long for one. */
  #computeHighest(): Promise<void> {
    const totals = this.#bounds.map((_, row) => this.#total(row));
    const inDoubt = (row: number) => {
      return this.#exactIn[row] !== this.#round && this.#bounds[row]! > 0 && !this.#kept.has(row);
    };
    return this.#compute(largestPositions(totals, COLUMNS_PER_PRODUCT, inDoubt));
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
    for (const row of rows) {
      const column = this.#roomFor(row);
      if (column) this.#kept.set(row, column);
    }
    const columns = rows.map((row) => this.#kept.get(row));
    for (const shard of shards) copyColumns(shard, columns);
  }

  /** A place for a column: a new one, or that of a row with no higher bound, or none. */
  #roomFor(row: number): Float32Array | undefined {
    if (this.#kept.size < this.#mostKept) return new Float32Array(this.#bounds.length);
    let lowest = row;
    for (const other of this.#kept.keys()) if (this.#total(other) <= this.#total(lowest)) lowest = other;
    const column = this.#kept.get(lowest);
    this.#kept.delete(lowest);
    return column;
  }
}

/** A few rows at a time, for a walk down whole columns would fetch everything as often as there are columns. */
function copyColumns(
  { start, rows, cosines }: ShardSimilarities,
  columns: readonly (Float32Array | undefined)[],
): void {
  const targets = columns.flatMap((column, index) => (column ? [{ column, index }] : []));
  for (const block of cutRows(rows, ROWS_PER_COPY)) {
    for (const { column, index } of targets) {
      for (let row = block.start; row < block.start + block.rows; row += 1) {
        column[start + row] = cosines[row * COLUMNS_PER_PRODUCT + index]!;
      }
    }
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
