import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CommonSubsequence } from '../../src/math/longest-common-subsequence.ts';
import { plainLcs } from './plain-lcs.ts';

/** Lists of few or many distinct ids, −1 among them, around the lengths at which a word of 31 positions is full. */
const ids = fc
  .record({
    length: fc.oneof(fc.nat(40), fc.constantFrom(0, 1, 30, 31, 32, 61, 62, 63, 93, 200)),
    distinct: fc.nat(60),
  })
  .chain(({ length, distinct }) =>
    fc.array(fc.integer({ min: -1, max: distinct }), { minLength: length, maxLength: length }),
  )
  .map((list) => Int32Array.from(list));

describe('the longest common subsequence', () => {
  it('is as long as the plain table says, after any earlier comparisons', () => {
    const subsequence = new CommonSubsequence();
    fc.assert(
      fc.property(ids, fc.array(ids, { maxLength: 4 }), (pattern, others) => {
        subsequence.setPattern(pattern);
        for (const other of others) expect(subsequence.lengthWith(other)).toBe(plainLcs(pattern, other));
        for (const other of others) expect(subsequence.lengthWith(other)).toBe(plainLcs(other, pattern));
      }),
      { numRuns: 1_000 },
    );
  });

  it('is the same for parts of longer lists', () => {
    const subsequence = new CommonSubsequence();
    const cut = fc.tuple(fc.nat(210), fc.nat(210)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
    fc.assert(
      fc.property(ids, cut, ids, cut, (a, [aStart, aEnd], b, [bStart, bEnd]) => {
        const [aLast, bLast] = [Math.min(aEnd, a.length), Math.min(bEnd, b.length)];
        subsequence.setPattern(a, Math.min(aStart, aLast), aLast);
        const length = subsequence.lengthWith(b, Math.min(bStart, bLast), bLast);
        expect(length).toBe(plainLcs(a.slice(aStart, aLast), b.slice(bStart, bLast)));
      }),
    );
  });

  it('carries through many full words', () => {
    const subsequence = new CommonSubsequence();
    const same = new Int32Array(1_000).fill(7);
    subsequence.setPattern(same);
    for (const length of [0, 1, 31, 32, 999, 1_000]) expect(subsequence.lengthWith(same.slice(0, length))).toBe(length);
    // The carry of the last match runs on over words that do not have it.
    subsequence.setPattern(Int32Array.from([...same, 8, ...same]));
    expect(subsequence.lengthWith(Int32Array.from([...same, 8]))).toBe(1_001);
    expect(subsequence.lengthWith(Int32Array.from([8, ...same, 8]))).toBe(1_001);
  });

  it('starts with a pattern of nothing', () => {
    expect(new CommonSubsequence().lengthWith(Int32Array.of(0, 1))).toBe(0);
  });
});
