import { holm, pairedDifference } from '../../math/paired-difference.ts';
import { type Interval, meanInterval } from '../../math/statistics.ts';
import { METRIC_RANGES } from './metric-words.ts';
import { type Arm, LESS_IS_BETTER, METRICS, type Metric, type SimulationResult } from './simulation-result.ts';

/** From which adjusted p-value on a difference may be chance. */
const SIGNIFICANCE = 0.05;

/** What one arm comes to over the seeds that have a value. */
export interface ArmMean {
  readonly arm: string;
  readonly seeds: number;
  readonly mean: number;
  /** 95 %, by Student's t over seeds; null for one seed. */
  readonly interval: Interval | null;
}

/** One arm beside another, over the seeds both have. */
export interface ArmPair {
  readonly arm: string;
  readonly other: string;
  readonly seeds: number;
  /** Mean of the arm's value less the other's. */
  readonly difference: number;
  /** 95 %, of the paired difference; null for one seed. */
  readonly interval: Interval | null;
  /** Two-sided, of the paired t-test; null for one seed. */
  readonly pValue: number | null;
  /** The same after Holm's correction for all pairs compared here. */
  readonly adjustedPValue: number | null;
  /** Whether the adjusted p-value is below 5 %. */
  readonly significant: boolean;
}

/** All arms by one metric at one budget. */
export interface ArmComparison {
  /** null: the mean over all budgets, of seeds that have them all: the learning curve as one number. */
  readonly budget: number | null;
  /** Arms that have a value, in the order of the arms. */
  readonly means: readonly ArmMean[];
  /** The arm with the best mean among those with the most seeds, of equal ones the first; null where no arm has a value. */
  readonly best: string | null;
  /** Every two arms that share a seed, in the order of the arms. */
  readonly pairs: readonly ArmPair[];
}

export interface MetricComparison {
  readonly metric: Metric;
  readonly lessIsBetter: boolean;
  /** One a budget, in the order of the budgets. */
  readonly budgets: readonly ArmComparison[];
  /** Over all budgets. */
  readonly curve: ArmComparison;
}

export interface SimulationComparison {
  /** The arm that the others are compared with: the first arm of the strategy `random`, else the first arm. */
  readonly baseline: string;
  /** Of every metric that some cell has a value of. */
  readonly metrics: readonly MetricComparison[];
}

type Compared = Pick<SimulationResult, 'arms' | 'budgets' | 'seeds' | 'cells'>;

/** Value of a seed at a budget; a seed without one is absent. */
type ValuesBySeed = ReadonlyMap<number, number>;

/**
 * Which arms are better than which, and how sure that is: means over seeds with 95 % intervals, and paired
 * differences over the seeds both arms have. The p-values of all pairs of one metric at one budget are adjusted
 * together (Holm 1979); other metrics and budgets are not counted. With one seed there are means, but no
 * intervals and no claims. O(metrics × budgets × arms² × seeds).
 * @throws RangeError when there is no arm
 */
export function compareArms(result: Compared): SimulationComparison {
  const present = METRICS.filter((metric) => result.cells.some(({ metrics }) => metrics[metric] !== null));
  return {
    baseline: baselineOf(result.arms).name,
    metrics: present.map((metric) => {
      const values = valuesOf(result, metric);
      const compare = (budget: number | null, ofArm: (arm: string) => ValuesBySeed) =>
        compareValues(
          budget,
          result.arms.map(({ name }) => ({ arm: name, values: ofArm(name) })),
          metric,
        );
      return {
        metric,
        lessIsBetter: LESS_IS_BETTER.has(metric),
        budgets: result.budgets.map((budget) => compare(budget, (arm) => values(arm, budget))),
        curve: compare(null, (arm) => meanOverBudgets(result, (budget) => values(arm, budget))),
      };
    }),
  };
}

/** Whether the first arm of a pair is better by its mean. */
export function isBetter({ difference }: Pick<ArmPair, 'difference'>, lessIsBetter: boolean): boolean {
  return lessIsBetter ? difference < 0 : difference > 0;
}

/**
 * A comparison seen from one arm: of every other arm the pair with that arm first.
 * @returns in the order of the arms, without arms it shares no seed with
 */
export function pairsOf({ pairs }: ArmComparison, arm: string): ArmPair[] {
  return pairs.flatMap((pair) => (pair.arm === arm ? [pair] : pair.other === arm ? [turnedAround(pair)] : []));
}

function baselineOf(arms: readonly Arm[]): Arm {
  const baseline = arms.find(({ strategy }) => strategy === 'random') ?? arms[0];
  if (!baseline) throw new RangeError('There is no arm to compare.');
  return baseline;
}

function valuesOf({ cells }: Compared, metric: Metric): (arm: string, budget: number) => ValuesBySeed {
  const byArm = new Map<string, Map<number, Map<number, number>>>();
  for (const { arm, budget, seed, metrics } of cells) {
    const value = metrics[metric];
    if (value === null) continue;
    const byBudget = byArm.get(arm) ?? new Map<number, Map<number, number>>();
    byArm.set(arm, byBudget);
    byBudget.set(budget, (byBudget.get(budget) ?? new Map<number, number>()).set(seed, value));
  }
  return (arm, budget) => byArm.get(arm)?.get(budget) ?? new Map();
}

/** Seeds without a value at some budget are left out: their mean would be of another curve. */
function meanOverBudgets({ budgets, seeds }: Compared, values: (budget: number) => ValuesBySeed): ValuesBySeed {
  const columns = budgets.map(values);
  return new Map(
    seeds.flatMap((seed) => {
      const curve = columns.flatMap((column) => column.get(seed) ?? []);
      return curve.length < budgets.length ? [] : [[seed, meanInterval(curve).mean] as const];
    }),
  );
}

function compareValues(
  budget: number | null,
  arms: readonly { readonly arm: string; readonly values: ValuesBySeed }[],
  metric: Metric,
): ArmComparison {
  const lessIsBetter = LESS_IS_BETTER.has(metric);
  const [least, most] = METRIC_RANGES[metric];
  const present = arms.filter(({ values }) => values.size > 0);
  const means = present.map(({ arm, values }): ArmMean => {
    const { mean, interval = null } = meanInterval([...values.values()]);
    return { arm, seeds: values.size, mean, interval: interval && within(interval, least, most) };
  });
  // A mean over fewer seeds is of other splits: it may be better by luck.
  const mostSeeds = means.reduce((most, { seeds }) => Math.max(most, seeds), 0);
  const comparable = means.filter(({ seeds }) => seeds === mostSeeds);
  const best = comparable.reduce<ArmMean | undefined>((leader, one) => {
    return leader && !isBetter({ difference: one.mean - leader.mean }, lessIsBetter) ? leader : one;
  }, undefined);
  const pairs = present.flatMap((first, index) =>
    present.slice(index + 1).flatMap((second) => {
      const shared = [...first.values.keys()].filter((seed) => second.values.has(seed));
      if (shared.length === 0) return [];
      return [{ arm: first.arm, other: second.arm, ...difference(shared, first.values, second.values, most - least) }];
    }),
  );
  return { budget, means, best: best?.arm ?? null, pairs: adjusted(pairs) };
}

function difference(seeds: readonly number[], first: ValuesBySeed, second: ValuesBySeed, most: number) {
  const paired = pairedDifference(
    seeds.map((seed) => first.get(seed)!),
    seeds.map((seed) => second.get(seed)!),
  );
  const { count, mean, interval = null, standardError } = paired;
  // Equal differences have no spread for a t-test to go by, which would be certain of them, however few they
  // are; what they are worth is that all have one sign. Metrics that count, as categories do, come to this.
  const noSpread = standardError === 0 && mean !== 0;
  return {
    seeds: count,
    difference: mean,
    interval: interval && within(interval, -most, most),
    pValue: noSpread ? 2 ** (1 - count) : (paired.pValue ?? null),
  };
}

function adjusted(pairs: readonly Omit<ArmPair, 'adjustedPValue' | 'significant'>[]): ArmPair[] {
  const tested = pairs.flatMap(({ pValue }) => pValue ?? []);
  const adjustedPValues = holm(tested).values();
  return pairs.map((pair) => {
    const adjustedPValue = pair.pValue === null ? null : adjustedPValues.next().value!;
    return { ...pair, adjustedPValue, significant: adjustedPValue !== null && adjustedPValue < SIGNIFICANCE };
  });
}

/** With few seeds an interval may reach beyond the scale, where no mean can be. */
function within({ low, high }: Interval, least: number, most: number): Interval {
  return { low: Math.max(least, low), high: Math.min(most, high) };
}

function turnedAround({ arm, other, difference, interval, ...pair }: ArmPair): ArmPair {
  // Not −0, which JSON would show as 0 and tests would not.
  const turned = difference === 0 ? 0 : -difference;
  return { ...pair, arm: other, other: arm, difference: turned, interval: interval && negative(interval) };
}

function negative({ low, high }: Interval): Interval {
  return { low: 0 - high, high: 0 - low };
}
