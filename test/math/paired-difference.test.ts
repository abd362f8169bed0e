import { describe, expect, it } from 'vitest';
import { pairedDifference } from '../../src/math/paired-difference.ts';

describe('a paired difference', () => {
  it('is the hand-worked one', () => {
    // Differences 1, 1, 2, 2, 4: mean 2, variance 1.5, t = 2 / √0.3 = 3.651 with 4 degrees of freedom.
    const { count, mean, interval, pValue } = pairedDifference([5, 6, 7, 8, 9], [4, 5, 5, 6, 5]);
    expect([count, mean]).toEqual([5, 2]);
    expect(interval!.low).toBeCloseTo(2 - 2.776445105 * Math.sqrt(0.3), 8);
    expect(interval!.high).toBeCloseTo(2 + 2.776445105 * Math.sqrt(0.3), 8);
    // With 4 degrees of freedom P(|T| > t) = 1 − s (3 − s²) / 2 for s = t / √(4 + t²).
    const t = 2 / Math.sqrt(0.3);
    const s = t / Math.sqrt(4 + t * t);
    expect(pValue).toBeCloseTo(1 - (s * (3 - s * s)) / 2, 12);
  });

  it('changes its sign with the sides, and keeps its p-value', () => {
    const [a, b] = [
      [0.31, 0.35, 0.3],
      [0.29, 0.36, 0.27],
    ];
    const [forth, back] = [pairedDifference(a!, b!), pairedDifference(b!, a!)];
    expect(back.mean).toBeCloseTo(-forth.mean, 15);
    expect(back.pValue).toBeCloseTo(forth.pValue!, 12);
  });

  it('is certain where all differences are equal: p is 1 for none and 0 for some', () => {
    expect(pairedDifference([1, 2, 3], [1, 2, 3])).toMatchObject({ mean: 0, pValue: 1, interval: { low: 0, high: 0 } });
    expect(pairedDifference([2, 3, 4], [1, 2, 3])).toMatchObject({ mean: 1, pValue: 0, interval: { low: 1, high: 1 } });
    expect(pairedDifference([1, 0], [0, 1])).toMatchObject({ mean: 0, pValue: 1 });
  });

  it('takes no rounding for a difference', () => {
    const summed = 0.1 + 0.2;
    expect(summed).not.toBe(0.3);
    expect(pairedDifference([summed, summed], [0.3, 0.3])).toMatchObject({ mean: 0, pValue: 1 });
  });

  it('has a mean only for one pair', () => {
    expect(pairedDifference([3], [1])).toEqual({ count: 1, mean: 2 });
  });

  it('refuses sides of different lengths, no pairs, and values that are none', () => {
    expect(() => pairedDifference([1, 2], [1])).toThrow('not 2 and 1');
    expect(() => pairedDifference([], [])).toThrow(RangeError);
    expect(() => pairedDifference([1, 2], [1, Number.NaN])).toThrow('Value 1 is NaN');
  });
});
