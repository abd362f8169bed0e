import { cutIntoShards } from '../engine/shards.ts';
import { COLUMNS_PER_PRODUCT, type ShardSimilarities } from './similarity-columns.ts';

/**
 * How well each row is covered by the rows chosen so far: its largest cosine with one of them, −1 while
 * there is none. Sums go in row order within shards and then in shard order, wherever they are made.
 */
export class CoveredRows {
  /** Length n, −1 to 1: only read it. */
  readonly cosines: Float32Array;
  /** Length n, > 0. */
  readonly weights: Float64Array;
  readonly #totalWeight: number;

  /** @param weights length n, > 0 */
  constructor(weights: Float64Array) {
    this.weights = weights;
    this.cosines = new Float32Array(weights.length).fill(-1);
    this.#totalWeight = weights.reduce((sum, weight) => sum + weight, 0);
  }

  /** The same, to be changed by itself. O(n). */
  copy(): CoveredRows {
    const copy = new CoveredRows(this.weights);
    copy.cosines.set(this.cosines);
    return copy;
  }

  /** Chooses the row whose cosines these are. O(n). */
  choose(column: Float32Array): void {
    const cosines = this.cosines;
    for (let row = 0; row < cosines.length; row += 1) if (column[row]! > cosines[row]!) cosines[row] = column[row]!;
  }

  /** Chooses all rows a shard was compared with. */
  chooseAll({ start, rows, columns, cosines: similarities }: ShardSimilarities): void {
    for (let row = 0; row < rows; row += 1) {
      let best = this.cosines[start + row]!;
      for (let column = 0; column < columns; column += 1) {
        best = Math.max(best, similarities[row * COLUMNS_PER_PRODUCT + column]!);
      }
      this.cosines[start + row] = best;
    }
  }

  /** 2 Σ wᵢ · (the rise of row i's cosine if the column's row were chosen). O(n). */
  gain(column: Float32Array): number {
    let gain = 0;
    for (const { start, rows } of cutIntoShards(column.length)) {
      let sum = 0;
      for (let row = start; row < start + rows; row += 1) {
        const rise = column[row]! - this.cosines[row]!;
        // Twice the rise or 0, without a branch that cannot be predicted.
        sum += this.weights[row]! * (rise + Math.abs(rise));
      }
      gain += sum;
    }
    return gain;
  }

  /** The shard's part of the gain of every row it was compared with: the same bits as `gain`. */
  shardGains({ start, rows, cosines: similarities }: ShardSimilarities): Float64Array {
    const sums = new Float64Array(COLUMNS_PER_PRODUCT);
    for (let row = 0; row < rows; row += 1) {
      const cosine = this.cosines[start + row]!;
      const weight = this.weights[start + row]!;
      const first = row * COLUMNS_PER_PRODUCT;
      for (let column = 0; column < COLUMNS_PER_PRODUCT; column += 1) {
        const rise = similarities[first + column]! - cosine;
        sums[column]! += weight * (rise + Math.abs(rise));
      }
    }
    return sums;
  }

  /** What a row gains that covers all rows fully, where nothing was covered: 4 Σ wᵢ. */
  get largestGain(): number {
    return 4 * this.#totalWeight;
  }

  /** The weighted mean of (1 + cosine) / 2. */
  mean(): number {
    const sum = this.cosines.reduce((total, cosine, row) => total + this.weights[row]! * (1 + cosine), 0);
    return this.#totalWeight === 0 ? 0 : sum / (2 * this.#totalWeight);
  }
}
