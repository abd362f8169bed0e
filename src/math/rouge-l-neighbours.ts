import type { RowRange } from '../engine/shards.ts';
import { CommonSubsequence } from './longest-common-subsequence.ts';
import { rougeLF1 } from './rouge-l.ts';
import type { TokenLists } from './token-lists.ts';

/** Steps in which bounds are sorted: finer ones save few comparisons. */
const BOUND_STEPS = 256;
const NONE = -1;

/**
 * The others that texts are compared with, indexed by the words they have, with the scratch memory of a search.
 *
 * A longest common subsequence is no longer than the words two texts share, each counted as often as both have it,
 * and that bounds F1. The index gives these counts for all others at once; those with the highest bounds are
 * compared first, and the rest, whose bounds are no higher than what was found, not at all. Exact.
 */
export class RougeLNeighbours {
  readonly #texts: TokenLists;
  readonly #others: Int32Array;
  readonly #indexOf: ReadonlyMap<number, number>;
  /** By id: where its postings begin in `#postings`, pairs of an other and how often it has the id. */
  readonly #postingStarts: Int32Array;
  readonly #postings: Int32Array;
  readonly #counts: Int32Array;
  readonly #shared: Int32Array;
  readonly #bounds: Float64Array;
  /** By step: the first other whose bound is in it; by other: the next one in the same step. */
  readonly #heads = new Int32Array(BOUND_STEPS + 1);
  readonly #next: Int32Array;
  readonly #subsequence = new CommonSubsequence();

  /** @param others positions of texts, distinct, at least two */
  constructor(texts: TokenLists, others: Int32Array) {
    this.#texts = texts;
    this.#others = others;
    this.#indexOf = new Map(Array.from(others, (position, index) => [position, index]));
    const { starts, postings } = postingsOf(texts, others);
    this.#postingStarts = starts;
    this.#postings = postings;
    this.#counts = new Int32Array(starts.length - 1);
    this.#shared = new Int32Array(others.length);
    this.#bounds = new Float64Array(others.length);
    this.#next = new Int32Array(others.length);
  }

  /** The largest F1 of each text in the range with the others; see `largestRougeL` for which. */
  largestOf({ start, rows }: RowRange): Float64Array {
    return Float64Array.from({ length: rows }, (_, row) => this.#largest(start + row));
  }

  #largest(position: number): number {
    const { ids, starts } = this.#texts;
    const [start, end] = [starts[position]!, starts[position + 1]!];
    const left = this.#indexOf.get(position) ?? this.#others.length - 1;
    this.#countShared(ids, start, end);
    const highest = this.#sortByBound(end - start, left);
    let largest = 0;
    let isPattern = false;
    for (let step = highest; step >= 0 && (step + 1) / BOUND_STEPS > largest; step -= 1) {
      for (let other = this.#heads[step]!; other !== NONE; other = this.#next[other]!) {
        if (this.#bounds[other]! <= largest) continue;
        if (!isPattern) this.#subsequence.setPattern(ids, start, end);
        isPattern = true;
        const [from, to] = [starts[this.#others[other]!]!, starts[this.#others[other]! + 1]!];
        const common = this.#subsequence.lengthWith(ids, from, to);
        largest = Math.max(largest, rougeLF1(common, end - start, to - from));
      }
    }
    return largest;
  }

  /** How many words each of the others shares with the text. */
  #countShared(ids: Int32Array, start: number, end: number): void {
    const [counts, shared, postings, postingStarts] = [this.#counts, this.#shared, this.#postings, this.#postingStarts];
    for (let i = start; i < end; i += 1) if (ids[i]! >= 0 && ids[i]! < counts.length) counts[ids[i]!]! += 1;
    shared.fill(0);
    for (let i = start; i < end; i += 1) {
      const id = ids[i]!;
      const count = id >= 0 && id < counts.length ? counts[id]! : 0;
      // Counted already.
      if (count === 0) continue;
      counts[id] = 0;
      const last = postingStarts[id + 1]!;
      for (let posting = postingStarts[id]!; posting < last; posting += 2) {
        const theirs = postings[posting + 1]!;
        shared[postings[posting]!]! += theirs < count ? theirs : count;
      }
    }
  }

  /** Sorts the others into steps of their bounds. @returns the highest step that has any */
  #sortByBound(length: number, left: number): number {
    const { starts } = this.#texts;
    this.#heads.fill(NONE);
    let highest = 0;
    for (let other = 0; other < this.#others.length; other += 1) {
      if (other === left) continue;
      const position = this.#others[other]!;
      const bound = rougeLF1(this.#shared[other]!, length, starts[position + 1]! - starts[position]!);
      const step = Math.floor(bound * BOUND_STEPS);
      this.#bounds[other] = bound;
      this.#next[other] = this.#heads[step]!;
      this.#heads[step] = other;
      if (step > highest) highest = step;
    }
    return highest;
  }
}

/** The inverted index of the others. */
function postingsOf({ ids, starts }: TokenLists, others: Int32Array): { starts: Int32Array; postings: Int32Array } {
  const byId: number[][] = [];
  for (const [other, position] of others.entries()) {
    const counts = new Map<number, number>();
    for (const id of ids.subarray(starts[position]!, starts[position + 1]!)) {
      if (id >= 0) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    for (const [id, count] of counts) {
      while (byId.length <= id) byId.push([]);
      byId[id]!.push(other, count);
    }
  }
  const postingStarts = new Int32Array(byId.length + 1);
  for (const [id, pairs] of byId.entries()) postingStarts[id + 1] = postingStarts[id]! + pairs.length;
  return { starts: postingStarts, postings: Int32Array.from(byId.flat()) };
}
