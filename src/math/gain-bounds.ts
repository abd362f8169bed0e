import { cutRows } from '../engine/shards.ts';
import { ClosePairs } from './close-pairs.ts';
import type { CoveredRows } from './covered-rows.ts';
import { UNIT_ROUNDOFF } from './exact-distance.ts';
import { largestPositions } from './largest-positions.ts';
import { COLUMNS_PER_PRODUCT, type ShardSimilarities, type SimilarityColumns } from './similarity-columns.ts';

/** Above every cosine, rounding included. */
const ABOVE_ALL = 2;
/** One row in so many is asked whether a row has few close ones, before they are collected. */
const SAMPLE_STEP = 64;
/** The part of all rows that is brought up to date at a time. */
const PART_PER_TURN = 1 / 50;

/**
 * Upper bounds of the gains of all rows at once. The bound of j is 2 Σᵢ wᵢ · max(0, cos(i, j) − aᵢ), where
 * aᵢ, the *accounted* cosine of row i, is what covered it when it was last looked at. A pick covers few rows
 * much better, the s-th about n / s of them at all. So bounds fall nearly as low as the gains when only
 * those rows i are multiplied with all others again for which wᵢ · (cᵢ − aᵢ) is largest. And once row i is
 * covered well, the rows j with cos(i, j) > aᵢ are so few that they are kept: no product for it any more.
 *
 * Cosines have the same bits in both directions (see `SimilarityColumns`), so only the rounding of the sums
 * is between a bound and the gain it bounds.
 */
export class GainBounds {
  /** Length n, plus `error` they are bounds, once `complete`. */
  readonly sums: Float64Array;
  readonly #similarities: SimilarityColumns;
  readonly #covered: CoveredRows;
  readonly #accounted: Float32Array;
  readonly #pairs: ClosePairs;
  readonly #rowsPerTurn: number;
  #complete = false;
  #additions = 0;
  #productError = 0;

  constructor(similarities: SimilarityColumns, covered: CoveredRows, keptPairs?: number) {
    const { rows } = similarities.rows;
    this.sums = new Float64Array(rows);
    this.#similarities = similarities;
    this.#covered = covered;
    this.#accounted = new Float32Array(rows);
    this.#pairs = new ClosePairs(rows, keptPairs);
    this.#rowsPerTurn = COLUMNS_PER_PRODUCT * Math.ceil((rows * PART_PER_TURN) / COLUMNS_PER_PRODUCT);
  }

  /** Whether every row was looked at: before, the sums bound nothing. */
  get complete(): boolean {
    return this.#complete;
  }

  /**
   * How far sums can be off by rounding, a hard bound: what products add by what they say, and every addition
   * by half a last bit of the largest sum; as much for those of the gain that is bounded.
   */
  get error(): number {
    const additions = 4 * (this.sums.length + this.#additions);
    return this.#productError + additions * Number.EPSILON * this.#covered.largestGain;
  }

  /** Accounts for what covers the rows now whose close ones are kept. O(n + what is kept of the rows that changed) */
  accountForKept(): void {
    const { cosines, weights } = this.#covered;
    for (let row = 0; row < cosines.length; row += 1) {
      const from = this.#accounted[row]!;
      const to = cosines[row]!;
      if (to <= from || !this.#pairs.has(row)) continue;
      this.#pairs.update({ row, from, to, weight: weights[row]! }, this.sums);
      this.#accounted[row] = to;
      this.#additions += 1;
    }
  }

  /**
   * Accounts for what covers the rows now that changed most; at the first call for all rows.
   * @returns false when there was nothing to do
   */
  async accountForMore(onProduct: () => void): Promise<boolean> {
    const rows = this.#complete ? this.#mostChanged() : [...this.#accounted.keys()];
    for (const { start, rows: length } of cutRows(rows.length, COLUMNS_PER_PRODUCT)) {
      onProduct();
      await this.#account(rows.slice(start, start + length));
    }
    this.#complete = true;
    return rows.length > 0;
  }

  #mostChanged(): number[] {
    const { cosines, weights } = this.#covered;
    const changes = this.#accounted.map((accounted, row) => weights[row]! * (cosines[row]! - accounted));
    return largestPositions(changes, this.#rowsPerTurn, (row) => changes[row]! > 0);
  }

  async #account(rows: readonly number[]): Promise<void> {
    const change = new CoverChange(rows, this.#covered, this.#complete ? this.#accounted : undefined);
    const limits = this.#complete ? change.highest : change.lowest;
    const close = new CloseRows(rows.length, this.#pairs.longest);
    await this.#similarities.betweenLimits(rows, change, (shard, sums) => {
      change.addTo(this.sums, shard.start, sums.subarray(0, shard.rows));
      close.collect(shard, limits);
    });
    for (const [index, row] of rows.entries()) {
      this.#accounted[row] = limits[index]!;
      const found = close.of(index);
      if (found) this.#pairs.add(row, found.others, found.cosines);
    }
    this.#additions += 1;
    this.#productError += change.error;
  }
}

/** How the terms of some rows change, by what covered them and what covers them now. */
class CoverChange {
  readonly lowest = new Float32Array(COLUMNS_PER_PRODUCT);
  readonly highest = new Float32Array(COLUMNS_PER_PRODUCT);
  readonly weights = new Float32Array(COLUMNS_PER_PRODUCT);
  /** −1 where the rows were accounted for, and lose what they gained less; 1 where they are added. */
  readonly #sign: number;
  #totalWeight = 0;
  #largestSum = 0;

  constructor(rows: readonly number[], { cosines, weights }: CoveredRows, accounted?: Float32Array) {
    this.#sign = accounted ? -1 : 1;
    for (const [index, row] of rows.entries()) {
      this.lowest[index] = accounted?.[row] ?? cosines[row]!;
      this.highest[index] = accounted ? cosines[row]! : ABOVE_ALL;
      this.weights[index] = weights[row]!;
      this.#totalWeight += weights[row]!;
    }
  }

  addTo(bounds: Float64Array, start: number, sums: Float32Array): void {
    const factor = 2 * this.#sign;
    for (let row = 0; row < sums.length; row += 1) {
      bounds[start + row]! += factor * sums[row]!;
      if (sums[row]! > this.#largestSum) this.#largestSum = sums[row]!;
    }
  }

  /**
   * How far what was added can be off: a term of up to 2 by four roundings of it, a sum of terms ≥ 0 by one
   * rounding for each, and one of the weight.
   */
  get error(): number {
    const ofTerms = 4 * 2 * this.#totalWeight;
    const ofSum = (COLUMNS_PER_PRODUCT + 2) * this.#largestSum;
    return 2 * UNIT_ROUNDOFF * (ofTerms + ofSum);
  }
}

/** Collects, of the columns of a product with few rows above a limit, these rows. */
class CloseRows {
  readonly #columns: number;
  readonly #longest: number;
  readonly #counts = new Int32Array(COLUMNS_PER_PRODUCT);
  readonly #others: Int32Array;
  readonly #cosines: Float32Array;
  readonly #given = new Uint8Array(COLUMNS_PER_PRODUCT);

  constructor(columns: number, longest: number) {
    this.#columns = columns;
    this.#longest = longest;
    this.#others = new Int32Array(columns * longest);
    this.#cosines = new Float32Array(columns * longest);
  }

  collect({ start, rows, cosines }: ShardSimilarities, limits: Float32Array): void {
    const short = this.#shortColumns(rows, cosines, limits);
    const shortLimits = Float32Array.from(short, (column) => limits[column]!);
    // Nearly every cosine of the table goes through this loop: all it uses is at hand.
    const [counts, others, found, longest] = [this.#counts, this.#others, this.#cosines, this.#longest];
    for (let row = 0; row < rows; row += 1) {
      const first = row * COLUMNS_PER_PRODUCT;
      for (let index = 0; index < short.length; index += 1) {
        const column = short[index]!;
        const cosine = cosines[first + column]!;
        if (!(cosine > shortLimits[index]!)) continue;
        const count = counts[column]!;
        counts[column] = count + 1;
        if (count >= longest) continue;
        others[column * longest + count] = start + row;
        found[column * longest + count] = cosine;
      }
    }
  }

  /** What was found of a column; undefined where that is too much. */
  of(column: number): { others: Int32Array; cosines: Float32Array } | undefined {
    if (this.#given[column] === 1 || this.#counts[column]! > this.#longest) return undefined;
    const start = column * this.#longest;
    const end = start + this.#counts[column]!;
    return { others: this.#others.subarray(start, end), cosines: this.#cosines.subarray(start, end) };
  }

  /** The columns that, by a sample of this shard, are not too long; the others are given up. */
  #shortColumns(rows: number, cosines: Float32Array, limits: Float32Array): Int32Array {
    const found = new Int32Array(this.#columns);
    let asked = 0;
    for (let row = 0; row < rows; row += SAMPLE_STEP, asked += 1) {
      for (let column = 0; column < this.#columns; column += 1) {
        if (cosines[row * COLUMNS_PER_PRODUCT + column]! > limits[column]!) found[column]! += 1;
      }
    }
    for (let column = 0; column < this.#columns; column += 1) {
      if ((found[column]! / asked) * rows > this.#longest) this.#given[column] = 1;
    }
    return Int32Array.from([...found.keys()].filter((column) => this.#given[column] === 0));
  }
}
