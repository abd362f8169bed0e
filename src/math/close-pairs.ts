/** Entries of 8 bytes: 256 MB. */
const KEPT_PAIRS = 2 ** 25;
/** How many times its even part of the room a row may take: most rows take less, or give it back soon. */
const PARTS_OF_A_ROW = 4;

/** What `ClosePairs.update` does to the sums it is given. */
export interface PairUpdate {
  readonly row: number;
  /** The cosine above which the row's pairs are kept now, and the one from now on, which is higher. */
  readonly from: number;
  readonly to: number;
  readonly weight: number;
}

/**
 * Of some rows of the n × n table of cosines the entries above a limit of the row's own: the rows that
 * are more like it than the chosen row that covers it. Limits only rise, so entries are only ever dropped.
 * Memory: 8 bytes for each of `room` entries at most.
 */
export class ClosePairs {
  /** The longest row that is taken in. */
  readonly longest: number;
  readonly #starts: Float64Array;
  /** −1: the row is not kept. */
  readonly #lengths: Int32Array;
  readonly #others: Int32Array;
  readonly #cosines: Float32Array;
  readonly #order: number[] = [];
  #end = 0;
  #live = 0;

  /** @param room how many entries are kept at most; absent: 2^25, 256 MB */
  constructor(rows: number, room = KEPT_PAIRS) {
    const most = Math.min(room, rows * rows);
    this.longest = Math.min(rows, Math.floor((PARTS_OF_A_ROW * most) / Math.max(1, rows)));
    this.#starts = new Float64Array(rows);
    this.#lengths = new Int32Array(rows).fill(-1);
    this.#others = new Int32Array(most);
    this.#cosines = new Float32Array(most);
  }

  has(row: number): boolean {
    return this.#lengths[row]! >= 0;
  }

  /** Takes in a row; it stays out where there is no room for it. */
  add(row: number, others: Int32Array, cosines: Float32Array): void {
    if (this.#end + others.length > this.#others.length) this.#closeGaps();
    if (this.#end + others.length > this.#others.length) return;
    this.#others.set(others, this.#end);
    this.#cosines.set(cosines, this.#end);
    this.#starts[row] = this.#end;
    this.#lengths[row] = others.length;
    this.#order.push(row);
    this.#end += others.length;
    this.#live += others.length;
  }

  /**
   * Raises the limit of a kept row, and takes from `sums` of every row above the old limit 2 · weight times
   * what was above it and no longer is. O(length of the row).
   */
  update({ row, from, to, weight }: PairUpdate, sums: Float64Array): void {
    const others = this.#others;
    const cosines = this.#cosines;
    const start = this.#starts[row]!;
    const end = start + this.#lengths[row]!;
    const whole = 2 * weight * (to - from);
    let kept = start;
    for (let entry = start; entry < end; entry += 1) {
      const cosine = cosines[entry]!;
      const other = others[entry]!;
      if (cosine > to) {
        sums[other]! -= whole;
        others[kept] = other;
        cosines[kept] = cosine;
        kept += 1;
      } else sums[other]! -= 2 * weight * (cosine - from);
    }
    this.#lengths[row] = kept - start;
    this.#live -= end - kept;
  }

  /** Moves the rows together, once that gives back a quarter of the room. */
  #closeGaps(): void {
    if (this.#end - this.#live < this.#others.length / 4) return;
    let end = 0;
    for (const row of this.#order) {
      const start = this.#starts[row]!;
      const length = this.#lengths[row]!;
      this.#others.copyWithin(end, start, start + length);
      this.#cosines.copyWithin(end, start, start + length);
      this.#starts[row] = end;
      end += length;
    }
    this.#end = end;
  }
}
