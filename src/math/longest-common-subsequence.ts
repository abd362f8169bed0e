/** Positions of the pattern in one word of the vectors: one less than 32, so that a sum's highest bit is its carry. */
const POSITIONS_PER_WORD = 31;
const ALL_ONES = 0x7fff_ffff;
const NOT_IN_PATTERN = -1;

/**
 * The length of the longest common subsequence of one list of ids, the pattern, with many others; bit-parallel, 31
 * positions of the pattern at once, and exact. Ids are whole numbers ≥ 0 and small, for they index a table; a
 * negative id matches nothing, not even itself.
 *
 * O(p) to set a pattern of length p, and O(l + m·p/31) for a list of length l of which m ids occur in the pattern:
 * less where those occur in a part of it only. Memory: the largest id of a pattern, and at most d·p/31 for d
 * distinct ids. It is kept, so one object should serve many patterns.
 * Source: Hyyrö 2004, Bit-Parallel LCS-length Computation Revisited; Crochemore et al. 2001.
 */
export class CommonSubsequence {
  /** By id: which distinct id of the pattern it is, its slot. */
  #slotOf = new Int32Array(0);
  #slots = 0;
  // By slot: the id, and the words from its first to its last match in the pattern; the others are zero and not kept.
  #ids = new Int32Array(0);
  #firstWords = new Int32Array(0);
  #lastWords = new Int32Array(0);
  /** Where its words begin in `#matches`. */
  #offsets = new Int32Array(0);
  /** Bit i of a word: the slot's id is at that position of the pattern. */
  #matches = new Int32Array(0);
  /** Zeros mark the positions of the pattern that end a longer common subsequence than those before them. */
  #ends = new Int32Array(0);
  #words = 0;

  /** @param start first position of the pattern in `ids` @param end the position behind its last */
  setPattern(ids: Int32Array, start = 0, end = ids.length): void {
    this.#forget();
    this.#makeRoom(ids, start, end);
    this.#words = this.#findSlots(ids, start, end);
    let kept = 0;
    for (let slot = 0; slot < this.#slots; slot += 1) {
      this.#offsets[slot] = kept;
      kept += this.#lastWords[slot]! - this.#firstWords[slot]! + 1;
    }
    if (this.#matches.length < kept) this.#matches = new Int32Array(2 * kept);
    else this.#matches.fill(0, 0, kept);
    if (this.#ends.length < this.#words) this.#ends = new Int32Array(2 * this.#words);
    this.#setMatches(ids, start, end);
  }

  /** The length of the longest common subsequence of the pattern and `ids[start…end)`. */
  lengthWith(ids: Int32Array, start = 0, end = ids.length): number {
    // Locals, because this is where the time goes.
    const [slotOf, matches, ends, words] = [this.#slotOf, this.#matches, this.#ends, this.#words];
    const [firstWords, lastWords, offsets] = [this.#firstWords, this.#lastWords, this.#offsets];
    ends.fill(ALL_ONES, 0, words);
    for (let i = start; i < end; i += 1) {
      const id = ids[i]!;
      const slot = id >= 0 && id < slotOf.length ? slotOf[id]! : NOT_IN_PATTERN;
      if (slot === NOT_IN_PATTERN) continue;
      let word = firstWords[slot]!;
      const last = lastWords[slot]!;
      const offset = offsets[slot]! - word;
      let carry = 0;
      for (; word <= last; word += 1) {
        const before = ends[word]!;
        const match = matches[offset + word]!;
        const sum = (before + (before & match) + carry) | 0;
        carry = sum >>> POSITIONS_PER_WORD;
        ends[word] = (sum & ALL_ONES) | (before & ~match);
      }
      for (; carry !== 0 && word < words; word += 1) {
        const before = ends[word]!;
        const sum = (before + 1) | 0;
        carry = sum >>> POSITIONS_PER_WORD;
        ends[word] = (sum & ALL_ONES) | before;
      }
    }
    let length = 0;
    for (let word = 0; word < words; word += 1) length += countOnes(~ends[word]! & ALL_ONES);
    return length;
  }

  #forget(): void {
    for (let slot = 0; slot < this.#slots; slot += 1) this.#slotOf[this.#ids[slot]!] = NOT_IN_PATTERN;
    this.#slots = 0;
  }

  #makeRoom(ids: Int32Array, start: number, end: number): void {
    let largest = -1;
    for (let i = start; i < end; i += 1) if (ids[i]! > largest) largest = ids[i]!;
    if (this.#slotOf.length <= largest) this.#slotOf = new Int32Array(2 * (largest + 1)).fill(NOT_IN_PATTERN);
    if (this.#ids.length >= end - start) return;
    const size = 2 * (end - start);
    this.#ids = new Int32Array(size);
    this.#firstWords = new Int32Array(size);
    this.#lastWords = new Int32Array(size);
    this.#offsets = new Int32Array(size);
  }

  /** @returns how many words the positions take; those of negative ids are left out, which changes no length */
  #findSlots(ids: Int32Array, start: number, end: number): number {
    let position = 0;
    for (let i = start; i < end; i += 1) {
      const id = ids[i]!;
      if (id < 0) continue;
      const word = Math.floor(position / POSITIONS_PER_WORD);
      if (this.#slotOf[id] === NOT_IN_PATTERN) {
        this.#slotOf[id] = this.#slots;
        this.#ids[this.#slots] = id;
        this.#firstWords[this.#slots] = word;
        this.#slots += 1;
      }
      this.#lastWords[this.#slotOf[id]!] = word;
      position += 1;
    }
    return Math.ceil(position / POSITIONS_PER_WORD);
  }

  #setMatches(ids: Int32Array, start: number, end: number): void {
    let position = 0;
    for (let i = start; i < end; i += 1) {
      const id = ids[i]!;
      if (id < 0) continue;
      const slot = this.#slotOf[id]!;
      const word = Math.floor(position / POSITIONS_PER_WORD);
      this.#matches[this.#offsets[slot]! + word - this.#firstWords[slot]!]! |= 1 << (position % POSITIONS_PER_WORD);
      position += 1;
    }
  }
}

/** The number of ones among 32 bits. */
function countOnes(bits: number): number {
  const pairs = bits - ((bits >>> 1) & 0x5555_5555);
  const fours = (pairs & 0x3333_3333) + ((pairs >>> 2) & 0x3333_3333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}
