import { holm } from '../src/math/paired-difference.ts';
import type { Interval } from '../src/math/statistics.ts';
import { type ArmComparison, compareArms, pairsOf } from '../src/runs/simulate/compare-arms.ts';
import type { Metric, SimulationResult } from '../src/runs/simulate/simulation-result.ts';

/** One strategy at one budget. Values are those of the metric. */
export interface BenchmarkRow {
  readonly strategy: string;
  /** null: the mean over all budgets. */
  readonly budget: number | null;
  readonly seeds: number;
  readonly mean: number;
  /** 95 %, by Student's t over seeds; null for one seed. */
  readonly interval: Interval | null;
  /** From random, paired by seed; null for random itself. */
  readonly difference: PairedWithRandom | null;
}

interface PairedWithRandom {
  readonly mean: number;
  readonly interval: Interval | null;
  readonly pValue: number | null;
  /** After Holm's correction for all strategies compared with random at this budget; null for one seed. */
  readonly adjustedPValue: number | null;
}

const BASELINE = 'random';

/** Every strategy beside random by one metric, at every budget and over all budgets, in the order of the arms. */
export function compareWithRandom(result: SimulationResult, metric: Metric): BenchmarkRow[] {
  const compared = compareArms(result).metrics.find((one) => one.metric === metric);
  if (!compared) return [];
  return [...compared.budgets, compared.curve].flatMap(rowsOf);
}

function rowsOf(comparison: ArmComparison): BenchmarkRow[] {
  const pairs = pairsOf(comparison, BASELINE);
  const tested = pairs.flatMap(({ other, pValue }) => (pValue === null ? [] : [{ other, pValue }]));
  const adjusted = holm(tested.map(({ pValue }) => pValue));
  const adjustedOf = new Map(tested.map(({ other }, index) => [other, adjusted[index]!]));
  return comparison.means.map(({ arm, seeds, mean, interval }) => {
    const pair = pairs.find(({ other }) => other === arm);
    return {
      strategy: arm,
      budget: comparison.budget,
      seeds,
      mean,
      interval,
      difference: pair
        ? {
            mean: 0 - pair.difference,
            interval: pair.interval && { low: 0 - pair.interval.high, high: 0 - pair.interval.low },
            pValue: pair.pValue,
            adjustedPValue: adjustedOf.get(arm) ?? null,
          }
        : null,
    };
  });
}
