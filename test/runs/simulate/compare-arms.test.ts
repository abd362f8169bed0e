import { describe, expect, it } from 'vitest';
import { compareArms, pairsOf } from '../../../src/runs/simulate/compare-arms.ts';
import { formatSpread } from '../../../src/runs/simulate/metric-words.ts';
import { stateVerdict } from '../../../src/runs/simulate/state-verdict.ts';
import { handMadeResult } from './hand-made-result.ts';

/** Values of one metric by arm, a seed after the other, at every budget. */
function resultOf(values: Readonly<Record<string, readonly (number | undefined)[]>>, budgets = [10]) {
  const arms = Object.keys(values);
  const seeds = values[arms[0]!]!.map((_, seed) => seed);
  return handMadeResult({ arms, budgets, seeds, value: (arm, _, seed) => values[arm]![seed] });
}

const metricOf = (result: Parameters<typeof compareArms>[0], metric = 'rougeL') =>
  compareArms(result).metrics.find((one) => one.metric === metric)!;

describe('comparing arms', () => {
  it('gives no interval that reaches beyond the scale, where no mean can be', () => {
    const two = { random: [0.1, 0.2], 'k-means': [0.9, 0.2], length: [0.15, 0.16] };
    const [at] = metricOf(resultOf(two, [10, 20])).budgets;
    expect(at!.means[0]!.interval).toEqual({ low: 0, high: expect.closeTo(0.15 + 12.7062 * 0.05, 4) });
    expect(at!.means[1]!.interval).toEqual({ low: 0, high: 1 });
    expect(at!.means[2]!.interval!.low).toBeCloseTo(0.155 - 12.7062 * 0.005, 4);
    for (const { interval } of at!.pairs) {
      expect(interval!.low).toBeGreaterThanOrEqual(-1);
      expect(interval!.high).toBeLessThanOrEqual(1);
    }
    const { curve } = metricOf(resultOf(two, [10, 20]));
    expect(curve.means[1]!.interval).toEqual({ low: 0, high: 1 });
    expect(metricOf(resultOf({ random: [0.9, 0.2] }), 'rougeL').budgets[0]!.means[0]).toMatchObject({
      interval: { low: 0, high: 1 },
    });
  });

  it('shows an interval as half its width, or as its ends where one is the end of the scale', () => {
    expect(formatSpread(0.2, { low: 0.15, high: 0.25 })).toBe('±.050');
    expect(formatSpread(0.2, { low: 0, high: 0.785 })).toBe('.000–.785');
    expect(formatSpread(0.4, { low: -1, high: 1 })).toBe('−1.000–1.000');
  });

  it('gives the mean and its t interval over seeds', () => {
    const [at] = metricOf(resultOf({ random: [0.19, 0.2, 0.21], 'k-means': [0.5, 0.5, 0.5] })).budgets;
    // t(0.975; 2) = 4.302652729749; standard error 0.01/√3.
    const half = 4.302652729749 * (0.01 / Math.sqrt(3));
    expect(at!.means[0]).toMatchObject({ arm: 'random', seeds: 3, mean: expect.closeTo(0.2, 12) });
    expect(at!.means[0]!.interval!.low).toBeCloseTo(0.2 - half, 9);
    expect(at!.means[0]!.interval!.high).toBeCloseTo(0.2 + half, 9);
    expect(at!.means[1]).toMatchObject({ mean: 0.5, interval: { low: 0.5, high: 0.5 } });
  });

  it('compares pairs seed by seed, so that luck both had is no noise', () => {
    const luck = [0.0, 0.3, 0.1, 0.2, 0.4];
    const result = resultOf({
      random: luck.map((value, seed) => value + [0.001, 0, 0, 0.001, 0][seed]!),
      'k-means': luck.map((value) => value + 0.01),
    });
    const [pair] = metricOf(result).budgets[0]!.pairs;
    expect(pair).toMatchObject({ arm: 'random', other: 'k-means', seeds: 5, significant: true });
    expect(pair!.difference).toBeCloseTo(-0.0096, 12);
    expect(pair!.interval!.high).toBeLessThan(0);
  });

  it('adjusts p-values by Holm over all pairs of a metric at a budget', () => {
    const result = resultOf({
      random: [0.1, 0.12, 0.11, 0.13],
      'k-means': [0.13, 0.14, 0.15, 0.15],
      'k-center': [0.11, 0.14, 0.11, 0.15],
    });
    const { pairs } = metricOf(result).budgets[0]!;
    expect(pairs.map(({ arm, other }) => `${arm} ${other}`)).toEqual([
      'random k-means',
      'random k-center',
      'k-means k-center',
    ]);
    const sorted = [...pairs].sort((a, b) => a.pValue! - b.pValue!);
    expect(sorted[0]!.adjustedPValue).toBeCloseTo(3 * sorted[0]!.pValue!, 12);
    expect(sorted[0]!.pValue).toBeLessThan(0.05);
    // Significant alone, but not among three.
    expect(sorted[0]).toMatchObject({ arm: 'random', other: 'k-means' });
    for (const { adjustedPValue, significant } of pairs) expect(significant).toBe(adjustedPValue! < 0.05);
  });

  it('calls no arm best over fewer seeds than others have: its splits may have been lucky ones', () => {
    const [at] = metricOf(resultOf({ random: [0.1, 0.2, 0.3], 'k-means': [undefined, undefined, 0.31] })).budgets;
    expect(at!.best).toBe('random');
    expect(at!.means.map(({ seeds }) => seeds)).toEqual([3, 1]);
  });

  it('compares over the seeds both have, and no further', () => {
    const result = resultOf({
      random: [0.1, 0.2, 0.4],
      'k-means': [0.2, undefined, 0.5],
      car: [undefined, 0.9, undefined],
    });
    const { pairs, means } = metricOf(result).budgets[0]!;
    expect(means.map(({ seeds }) => seeds)).toEqual([3, 2, 1]);
    expect(pairs.map(({ arm, other, seeds }) => [arm, other, seeds])).toEqual([
      ['random', 'k-means', 2],
      ['random', 'car', 1],
    ]);
    expect(pairs[1]).toMatchObject({ pValue: null, adjustedPValue: null, interval: null, significant: false });
  });

  it('makes no claims and no intervals of one seed', () => {
    const comparison = metricOf(resultOf({ random: [0.1], 'k-means': [0.9] }));
    expect(comparison.budgets[0]!.means.every(({ interval }) => interval === null)).toBe(true);
    expect(comparison.budgets[0]!.pairs[0]).toMatchObject({ pValue: null, significant: false });
    expect(stateVerdict(comparison, 'random')).toEqual([
      'At 10 labels k-means is best by ROUGE-L (0.900), in one seed.',
      'One seed cannot show chance: run more seeds before you trust a difference.',
    ]);
  });

  it('does not take equal differences for certainty, as they come in counted metrics', () => {
    const at = (seeds: number) =>
      metricOf(resultOf({ random: Array(seeds).fill(0.5), 'k-means': Array(seeds).fill(0.625) })).budgets[0]!.pairs[0]!;
    expect(at(2)).toMatchObject({ pValue: 0.5, significant: false });
    expect(at(5)).toMatchObject({ pValue: 0.0625, significant: false });
    expect(at(6)).toMatchObject({ pValue: 0.03125, significant: true });
  });

  it('sums a curve up as its mean over budgets, of seeds that have all of them', () => {
    const result = handMadeResult({
      arms: ['random', 'k-means'],
      budgets: [10, 20],
      seeds: [0, 1],
      value: (arm, budget, seed) =>
        arm === 'k-means' && budget === 20 && seed === 1 ? undefined : budget / 100 + seed,
    });
    const { curve } = metricOf(result);
    expect(curve.budget).toBeNull();
    expect(curve.means[0]).toMatchObject({ arm: 'random', seeds: 2, mean: expect.closeTo(0.65, 12) });
    expect(curve.means[1]).toMatchObject({ arm: 'k-means', seeds: 1, mean: expect.closeTo(0.15, 12) });
  });

  it('calls the lowest best where less is better, and of equal ones the first', () => {
    const result = resultOf({ random: [0.3, 0.3], 'k-means': [0.2, 0.2], 'k-center': [0.2, 0.2] });
    expect(metricOf(result, 'radius').budgets[0]!.best).toBe('k-means');
    expect(metricOf(result, 'rougeL').budgets[0]!.best).toBe('random');
  });

  it('leaves out metrics that do not apply and arms without a value', () => {
    const result = handMadeResult({
      value: (arm, _, __, metric) => (metric === 'exactMatch' ? null : arm === 'k-means' ? undefined : 0.5),
    });
    const { metrics, baseline } = compareArms(result);
    expect(baseline).toBe('random');
    expect(metrics.map(({ metric }) => metric)).not.toContain('exactMatch');
    expect(metrics[0]!.budgets[0]!.means.map(({ arm }) => arm)).toEqual(['random', 'k-center']);
  });

  it('compares arms with the first one if random is not among them, under any name', () => {
    expect(compareArms(resultOf({ 'k-means': [1, 2], 'k-center': [1, 2] })).baseline).toBe('k-means');
    expect(compareArms(resultOf({ 'k-means': [1, 2], 'random:x=1': [1, 2] })).baseline).toBe('random:x=1');
  });

  it('turns pairs around to see them from either arm', () => {
    const at = metricOf(resultOf({ random: [0.1, 0.2, 0.2], 'k-means': [0.3, 0.3, 0.4] })).budgets[0]!;
    const [forth] = pairsOf(at, 'random');
    const [back] = pairsOf(at, 'k-means');
    expect(back).toEqual({
      ...forth,
      arm: 'k-means',
      other: 'random',
      difference: -forth!.difference,
      interval: { low: -forth!.interval!.high, high: -forth!.interval!.low },
    });
  });
});

describe('a verdict', () => {
  const luck = [0.01, 0.03, 0.02, 0.05, 0.04];
  const noise = [0.0001, -0.0001, 0, 0.0002, -0.0002];
  const values = {
    random: luck.map((value) => 0.1 + value),
    'k-center': luck.map((value, seed) => 0.105 + value + noise[seed]!),
    'k-means': luck.map((value, seed) => 0.1199 + value + (seed % 2 ? 0.004 : -0.004)),
    'facility-location': luck.map((value, seed) => 0.12 + value + noise[(seed + 2) % 5]!),
  };

  it('says who is best, whom it beats and from whom it cannot be told', () => {
    expect(stateVerdict(metricOf(resultOf(values)), 'random')).toEqual([
      'At 10 labels facility-location is best by ROUGE-L (0.150, 95 % 0.130 to 0.170, 5 seeds); it beats random (+0.020, 95 % +0.020 to +0.020) and k-center; these 5 seeds cannot tell it from k-means.',
    ]);
  });

  it('says how many seeds do not tell arms apart, where they share as many', () => {
    const missing = (arm: string, seed: number) => arm === 'k-means' && seed === 2;
    const judged = (arms: readonly string[]) => {
      const value = (arm: string, _: number, seed: number) => (missing(arm, seed) ? undefined : (seed * 7) % 5);
      return stateVerdict(metricOf(handMadeResult({ arms, budgets: [10], seeds: [0, 1, 2], value })), 'random')[0];
    };
    expect(judged(['random', 'k-center'])).toContain('; these 3 seeds cannot tell it from k-center.');
    expect(judged(['random', 'k-center', 'k-means'])).toMatch(
      /; the seeds they share cannot tell it from \S+ and \S+\.$/,
    );
  });

  it('says where less is better', () => {
    expect(stateVerdict(metricOf(resultOf(values), 'radius'), 'random')[0]).toMatch(
      /^At 10 labels random is best by radius \(0\.130, the lowest, 95 % 0\.110 to 0\.150, 5 seeds\); it beats k-center \(−0\.005, 95 % −0\.005 to −0\.005\), k-means and facility-location\.$/,
    );
  });

  it('tells of the whole curve beside the largest budget that most arms reached', () => {
    const result = handMadeResult({
      arms: ['random', 'k-means', 'car'],
      budgets: [10, 20, 40],
      seeds: [0, 1, 2],
      value: (arm, budget, seed) =>
        arm === 'car' && budget === 40 ? undefined : budget / 100 + seed / 10 + (arm === 'car' ? 0.2 + seed / 99 : 0),
    });
    const [at, over] = stateVerdict(metricOf(result), 'random');
    expect(at).toMatch(/^At 20 labels car is best/);
    expect(over).toBe(
      'Over the 3 budgets random is best by mean ROUGE-L (0.333, 95 % 0.085 to 0.582, 3 seeds); these 3 seeds cannot tell it from k-means.',
    );
  });

  it('has nothing to say of nothing', () => {
    const none = {
      metric: 'rougeL',
      lessIsBetter: false,
      budgets: [],
      curve: { budget: null, means: [], best: null, pairs: [] },
    } as const;
    expect(stateVerdict(none, 'random')).toEqual([]);
    expect(stateVerdict(metricOf(resultOf({ random: [0.5, 0.5] })), 'random')).toEqual([
      'At 10 labels random has a ROUGE-L of 0.500 (95 % 0.500 to 0.500, 2 seeds); there is no other arm to compare.',
    ]);
  });
});
