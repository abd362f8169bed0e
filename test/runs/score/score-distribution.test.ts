import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scoreDistribution } from '../../../src/runs/score/score-distribution.ts';

const RATING = { min: 0, max: 5 };
const UNBOUNDED = { min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY };

function filled(scores: readonly number[], scale = RATING) {
  return scoreDistribution(scores, scale).bins.filter(({ count }) => count > 0);
}

describe('scoreDistribution', () => {
  it('counts whole scores by themselves, over the whole scale', () => {
    const { bins } = scoreDistribution([1, 6, 6, 3], { min: 1, max: 6 });
    expect(bins.map(({ from, to, count }) => [from, to, count])).toEqual([
      ...[
        [1, 1, 1],
        [2, 2, 0],
        [3, 3, 1],
      ],
      ...[
        [4, 4, 0],
        [5, 5, 0],
        [6, 6, 2],
      ],
    ]);
  });

  it('counts half scores by themselves too', () => {
    expect(scoreDistribution([4.5, 5], RATING).bins).toHaveLength(11);
    expect(filled([4.5, 5, 4.5])).toEqual([
      { from: 4.5, to: 4.5, count: 2 },
      { from: 5, to: 5, count: 1 },
    ]);
  });

  it('puts others into ten intervals, the highest score of the scale into the last', () => {
    expect(scoreDistribution([0.1], RATING).bins).toHaveLength(10);
    expect(filled([4.49, 4.5, 5, 0.3, 0])).toEqual([
      { from: 0, to: 0.5, count: 2 },
      { from: 4, to: 4.5, count: 1 },
      { from: 4.5, to: 5, count: 2 },
    ]);
  });

  it('chooses steps that people count in where a scale has no ends', () => {
    expect(scoreDistribution([-12.3, 3.1, 41.7], UNBOUNDED).bins.map(({ from }) => from)).toEqual([
      -20, -10, 0, 10, 20, 30, 40,
    ]);
    expect(scoreDistribution([0.1, 0.2, 0.35], UNBOUNDED).bins[0]).toEqual({ from: 0.1, to: 0.125, count: 1 });
    expect(scoreDistribution([7.25, 7.25], UNBOUNDED).bins).toEqual([{ from: 7.25, to: 7.25, count: 2 }]);
  });

  it('says mean, quartiles between scores, and what AlpaGasus would keep', () => {
    expect(scoreDistribution([4, 1, 3, 2], RATING)).toMatchObject({
      count: 4,
      mean: 2.5,
      lowest: 1,
      quartiles: [1.75, 2.5, 3.25],
      highest: 4,
      atLeast: { score: 4.5, share: 0 },
    });
    expect(scoreDistribution([4.5, 5, 4.4, 0], RATING).atLeast).toEqual({ score: 4.5, share: 0.5 });
    expect(scoreDistribution([6], { min: 1, max: 6 }).atLeast).toBeNull();
  });

  it('counts every score once, in its own bin, for any scores', () => {
    const scale = fc.constantFrom(RATING, { min: 1, max: 6 }, { min: 1, max: 10 }, UNBOUNDED);
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(scale, fc.array(share, { minLength: 1, maxLength: 60 }), fc.nat(12), (within, shares, power) => {
        const [min, max] = within === UNBOUNDED ? [-(10 ** (power - 6)), 10 ** (power - 6)] : [within.min, within.max];
        const scores = shares.map((one) => min + one * (max - min));
        const { bins, quartiles, lowest, highest } = scoreDistribution(scores, within);
        expect(bins.length).toBeLessThanOrEqual(20);
        expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(scores.length);
        const slack = 1e-9 * (max - min);
        expect(bins[0]!.from).toBeLessThanOrEqual(lowest + slack);
        expect(bins.at(-1)!.to).toBeGreaterThanOrEqual(highest - slack);
        const ordered = [lowest, ...quartiles, highest];
        for (const [index, value] of ordered.slice(1).entries()) {
          expect(value).toBeGreaterThanOrEqual(ordered[index]! - slack);
        }
      }),
    );
  });
});
