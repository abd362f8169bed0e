import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/math/random.ts';
import { unpairedDifference } from '../../src/math/unpaired-difference.ts';

describe('a difference of two means', () => {
  it('is the hand-worked one', () => {
    // Means 4 and 2; variances 3.2 of six values and 1 of three.
    const { count, mean, standardError, interval } = unpairedDifference([2, 4, 4, 6, 2, 6], [1, 2, 3]);
    const variance = 3.2 / 6 + 1 / 3;
    const freedom = Math.floor(variance ** 2 / ((3.2 / 6) ** 2 / 5 + (1 / 3) ** 2 / 2));
    expect(freedom).toBe(6);
    expect([count, mean]).toEqual([9, 2]);
    expect(standardError).toBeCloseTo(Math.sqrt(variance), 12);
    // t(0.975; 6) = 2.446911851.
    expect(interval.low).toBeCloseTo(2 - 2.446911851 * Math.sqrt(variance), 8);
    expect(interval.high).toBeCloseTo(2 + 2.446911851 * Math.sqrt(variance), 8);
  });

  it('has an interval that covers the true difference in 95 % of draws, of few and unequal values too', () => {
    const random = seededRandom(7, 'welch');
    const normal = () => Math.sqrt(-2 * Math.log(1 - random.float())) * Math.cos(2 * Math.PI * random.float());
    const draws = 2_000;
    let covered = 0;
    for (let draw = 0; draw < draws; draw += 1) {
      const a = Array.from({ length: 5 }, () => 1 + 3 * normal());
      const b = Array.from({ length: 20 }, normal);
      const { low, high } = unpairedDifference(a, b).interval;
      if (low <= 1 && 1 <= high) covered += 1;
    }
    expect(covered / draws).toBeGreaterThan(0.93);
    expect(covered / draws).toBeLessThan(0.97);
  });

  it('of equal values has no width', () => {
    expect(unpairedDifference([3, 3], [1, 1])).toMatchObject({ mean: 2, interval: { low: 2, high: 2 } });
  });

  it('refuses a side of one value', () => {
    expect(() => unpairedDifference([1], [1, 2])).toThrow(RangeError);
  });
});
