import { describe, expect, it } from 'vitest';
import { meanInterval } from '../../src/math/statistics.ts';

describe('a mean with its interval', () => {
  it('is the hand-worked one', () => {
    // Variance 2.5, so a standard error of √(2.5 / 5); t with 4 degrees of freedom is 2.776445.
    const { count, mean, standardError, interval } = meanInterval([1, 2, 3, 4, 5]);
    expect([count, mean]).toEqual([5, 3]);
    expect(standardError).toBeCloseTo(Math.sqrt(0.5), 12);
    expect(interval!.low).toBeCloseTo(3 - 2.776445105 * Math.sqrt(0.5), 8);
    expect(interval!.high).toBeCloseTo(3 + 2.776445105 * Math.sqrt(0.5), 8);
  });

  it('has no interval for one value, and one of no width for equal values', () => {
    expect(meanInterval([0.3])).toEqual({ count: 1, mean: 0.3 });
    expect(meanInterval([0.1, 0.1, 0.1])).toEqual({
      count: 3,
      mean: 0.1,
      standardError: 0,
      interval: { low: 0.1, high: 0.1 },
    });
  });

  it('keeps the spread of values that are large beside it', () => {
    const { standardError } = meanInterval([1e9 + 1, 1e9 + 2, 1e9 + 3]);
    expect(standardError).toBeCloseTo(Math.sqrt(1 / 3), 12);
  });

  it('refuses no values, and values that are none', () => {
    expect(() => meanInterval([])).toThrow(RangeError);
    expect(() => meanInterval([1, Number.NaN])).toThrow('Value 1 is NaN');
    expect(() => meanInterval([Number.POSITIVE_INFINITY])).toThrow(RangeError);
  });
});
