import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scoreQuantiles, shareBelow } from '../../../../src/selection/judges/expert/calibration.ts';

const scores = fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 1, maxLength: 300 });

describe('the calibration', () => {
  it('rises with the score, within 0 and 1, for any training scores', () => {
    fc.assert(
      fc.property(
        scores,
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.double({ min: 1e-3, max: 100, noNaN: true }),
        (all, at, more) => {
          const quantiles = scoreQuantiles(all);
          const [low, high] = [shareBelow(at, quantiles), shareBelow(at + more, quantiles)];
          expect(low).toBeGreaterThan(0);
          expect(high).toBeLessThan(1);
          expect(high).toBeGreaterThanOrEqual(low);
        },
      ),
    );
  });

  it('is 0.9 for a score above 90 % of the training scores', () => {
    const quantiles = scoreQuantiles(Array.from({ length: 2001 }, (_, i) => i / 100));
    expect(shareBelow(18, quantiles)).toBeCloseTo(0.9, 2);
    expect(shareBelow(10, quantiles)).toBeCloseTo(0.5, 2);
  });

  it('still ranks responses better than all training responses', () => {
    const quantiles = scoreQuantiles([0, 1, 2]);
    expect(shareBelow(11, quantiles)).toBeGreaterThan(shareBelow(10, quantiles));
  });

  it('rises strictly when many training scores are equal', () => {
    const quantiles = scoreQuantiles(Array.from({ length: 50 }, () => 1));
    expect(quantiles.every((value, i) => i === 0 || value > quantiles[i - 1]!)).toBe(true);
  });
});
