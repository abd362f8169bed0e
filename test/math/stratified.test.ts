import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pairedBootstrap } from '../../src/math/paired-bootstrap.ts';
import { type Random, seededRandom } from '../../src/math/random.ts';
import { mean, meanInterval } from '../../src/math/statistics.ts';
import {
  proportionalCounts,
  resampledWeights,
  type Stratum,
  stratifiedMean,
  stratifiedShare,
  usableStrata,
} from '../../src/math/stratified.ts';

const DRAWS = 2_000;

/** A pool of three unlike parts: easy, mixed and hard items, with scores from 1 to 10. */
function unevenPool(random: Random): { readonly size: number; readonly scores: readonly number[] }[] {
  const part = (size: number, low: number, high: number) => ({
    size,
    scores: Array.from({ length: size }, () => low + (high - low) * random.float()),
  });
  return [part(1_200, 6, 10), part(500, 2, 10), part(300, 1, 4)];
}

/** Draws from each part as many as the counts say. */
function draw(pool: ReturnType<typeof unevenPool>, counts: readonly number[], random: Random): Stratum[] {
  return pool.map(({ size, scores }, index) => ({ size, values: random.shuffle(scores).slice(0, counts[index]) }));
}

describe('estimates from a stratified draw', () => {
  const pool = unevenPool(seededRandom(1, 'pool'));
  const everything = pool.flatMap(({ scores }) => scores);
  const trueMean = mean(everything);
  const fails = (score: number) => (score < 6 ? 1 : 0);
  const trueShare = mean(everything.map(fails));

  it.each([
    ['in proportion to the parts', [36, 15, 9]],
    ['with more from the small parts, weighted back', [20, 20, 20]],
    ['with few of each', [10, 5, 4]],
  ])('are unbiased, and their intervals cover 93–97 %%: %s', (_, counts) => {
    const random = seededRandom(2, 'draws', counts.join());
    const means: number[] = [];
    const shares: number[] = [];
    let meanCovered = 0;
    let shareCovered = 0;
    for (let number = 0; number < DRAWS; number += 1) {
      const strata = draw(pool, counts, random);
      const scores = stratifiedMean(strata);
      means.push(scores.mean);
      if (scores.interval!.low <= trueMean && trueMean <= scores.interval!.high) meanCovered += 1;
      const failures = stratifiedShare(strata.map(({ size, values }) => ({ size, values: values.map(fails) })));
      shares.push(failures.share);
      if (failures.interval.low <= trueShare && trueShare <= failures.interval.high) shareCovered += 1;
    }
    // Points of 100: of the scale from 1 to 10, and of a rate.
    expect(Math.abs(mean(means) - trueMean) * 10).toBeLessThan(0.5);
    expect(Math.abs(mean(shares) - trueShare) * 100).toBeLessThan(0.5);
    for (const covered of [meanCovered, shareCovered]) {
      expect(covered / DRAWS).toBeGreaterThanOrEqual(0.93);
      expect(covered / DRAWS).toBeLessThanOrEqual(0.97);
    }
    // The plain mean of the second draw, without weights, would be far off.
    const plain = mean(draw(pool, counts, seededRandom(3)).flatMap(({ values }) => values));
    if (counts[0] === 20) expect(Math.abs(plain - trueMean)).toBeGreaterThan(0.5);
  });

  it('of a difference of two models on the same items cover 93–97 % by the paired bootstrap', () => {
    const random = seededRandom(4, 'pairs');
    const second = pool.map(({ size, scores }) => ({
      size,
      scores: scores.map((score) => score - 0.4 + random.float()),
    }));
    const truth = mean(second.flatMap(({ scores }) => scores)) - trueMean;
    const tries = 1_000;
    let covered = 0;
    for (let number = 0; number < tries; number += 1) {
      const strata = pool.map(({ size, scores }, index) => {
        const rows = random.shuffle([...scores.keys()]).slice(0, [24, 10, 6][index]);
        return { size, values: rows.map((row) => second[index]!.scores[row]! - scores[row]!) };
      });
      const { interval } = pairedBootstrap(strata, { random: seededRandom(5, number), replicates: 400 });
      if (interval!.low <= truth && truth <= interval!.high) covered += 1;
    }
    expect(covered / tries).toBeGreaterThanOrEqual(0.93);
    expect(covered / tries).toBeLessThanOrEqual(0.97);
  });
});

it('one stratum gives the plain mean and its interval by Student', () => {
  const values = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 2, maxLength: 30 });
  fc.assert(
    fc.property(values, (given) => {
      const plain = meanInterval(given);
      const { count, mean: middle, interval } = stratifiedMean([{ size: 7, values: given }]);
      expect(count).toBe(given.length);
      expect(middle).toBeCloseTo(plain.mean, 9);
      expect(interval!.low).toBeCloseTo(plain.interval!.low, 6);
      expect(interval!.high).toBeCloseTo(plain.interval!.high, 6);
    }),
  );
});

it('one stratum of zeros and ones gives Wilson’s interval', () => {
  const { share, interval } = stratifiedShare([{ size: 1, values: [...Array(12).fill(1), ...Array(8).fill(0)] }]);
  expect(share).toBeCloseTo(0.6, 12);
  expect(interval.low).toBeCloseTo(0.3866, 3);
  expect(interval.high).toBeCloseTo(0.7812, 3);
  const none = stratifiedShare([{ size: 1, values: Array(20).fill(0) }]);
  expect(none.interval.low).toBe(0);
  expect(none.interval.high).toBeGreaterThan(0.1);
});

it('strata without values are left out, and one with a single value joins the smallest other one', () => {
  const strata = [
    { size: 5, values: [1] },
    { size: 9, values: [] },
    { size: 20, values: [2, 3, 4] },
    { size: 10, values: [5, 6] },
  ];
  expect(usableStrata(strata)).toEqual([
    { size: 20, values: [2, 3, 4] },
    { size: 15, values: [1, 5, 6] },
  ]);
  expect(() => stratifiedMean([{ size: 2, values: [] }])).toThrow('no value');
  expect(stratifiedMean([{ size: 2, values: [3] }])).toEqual({ count: 1, mean: 3 });
});

it('a draw is divided in proportion, adds up and takes from no part more than it has', () => {
  const sizes = fc.array(fc.nat(50), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(sizes, fc.nat(100), (given, share) => {
      const all = given.reduce((sum, size) => sum + size, 0);
      const count = Math.floor((all * share) / 100);
      const counts = proportionalCounts(given, count);
      expect(counts.reduce((sum, one) => sum + one, 0)).toBe(count);
      for (const [index, size] of given.entries()) {
        expect(counts[index]!).toBeLessThanOrEqual(size);
        if (all > 0) expect(Math.abs(counts[index]! - (count * size) / all)).toBeLessThan(1);
      }
    }),
  );
});

it('weights of a replicate add up to one, each stratum keeping its share', () => {
  const strata = [
    { size: 3, items: [0, 1, 2] },
    { size: 1, items: [3, 4] },
  ];
  const weights = resampledWeights(strata, 5, seededRandom(6));
  expect(weights[0]! + weights[1]! + weights[2]!).toBeCloseTo(0.75, 12);
  expect(weights[3]! + weights[4]!).toBeCloseTo(0.25, 12);
});

it('the paired bootstrap counts ties half, and is certain of a difference that all items share', () => {
  const same = pairedBootstrap([{ size: 1, values: [0, 0, 0] }], { random: seededRandom(7) });
  expect(same).toMatchObject({ mean: 0, probabilityAbove: 0.5, interval: { low: 0, high: 0 } });
  const better = pairedBootstrap([{ size: 1, values: [1, 2, 1.5] }], { random: seededRandom(7) });
  expect(better.probabilityAbove).toBe(1);
  expect(better.interval!.low).toBeGreaterThan(0.9);
});
