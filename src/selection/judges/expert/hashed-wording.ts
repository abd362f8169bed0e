import type { PairReading } from './read-pair.ts';

/** n-grams share this many buckets: words of one bucket count together. */
export const BUCKETS = 2 ** 13;
/** Of scorers of version 1. */
export const MANY_BUCKETS = 2 ** 16;

/** The words, signs and word pairs of a response. */
export interface HashedWording {
  /** Distinct, in order of appearance, each below the number of buckets. */
  readonly buckets: readonly number[];
  /** The value of each bucket: lower for longer responses, so that wording is measured in shares. */
  readonly value: number;
}

const FIRST_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;
/** Added to the length, so that single words of short responses do not count too much. */
const WORDS_ASSUMED = 20;
const START = hash('^');
const END = hash('$');

/** Tokens and pairs of neighbouring tokens, the ends marked. O(tokens). @param count of buckets: a power of two, at most 2^16 */
export function hashedWording({ tokens, words }: PairReading, count: number = BUCKETS): HashedWording {
  const buckets = new Set<number>();
  // FNV's low bits mix badly: fold the high ones in.
  const bucketOf = (value: number) => (value ^ (value >>> 16)) & (count - 1);
  let before = START;
  for (const token of tokens) {
    const one = hash(token);
    buckets.add(bucketOf(one));
    buckets.add(bucketOf(joined(before, one)));
    before = one;
  }
  buckets.add(bucketOf(joined(before, END)));
  return { buckets: [...buckets], value: 10 / (WORDS_ASSUMED + words.length) };
}

/** FNV-1a over UTF-16 code units, 32 bits. */
function hash(text: string): number {
  let value = FIRST_BASIS;
  for (let i = 0; i < text.length; i += 1) value = Math.imul(value ^ text.charCodeAt(i), PRIME);
  return value >>> 0;
}

function joined(first: number, second: number): number {
  return Math.imul(Math.imul(first ^ 0x9e3779b9, PRIME) ^ second, PRIME) >>> 0;
}
