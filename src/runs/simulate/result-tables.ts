import type { JsonObject } from '../../domain/instruction.ts';
import { type ArmPair, compareArms, pairsOf, type SimulationComparison } from './compare-arms.ts';
import { METRICS, type SimulationResult } from './simulation-result.ts';
import { stateVerdict } from './state-verdict.ts';

/** Everything a simulation gave, what it comes to, and that in words. */
export interface SimulationDocument extends SimulationResult {
  readonly comparison: SimulationComparison;
  /** Of every metric, in the order of the metrics. */
  readonly verdicts: readonly { readonly metric: string; readonly sentences: readonly string[] }[];
}

/** The whole result as one document. */
export function simulationDocument(result: SimulationResult): SimulationDocument {
  const comparison = compareArms(result);
  const verdicts = comparison.metrics.map((one) => ({
    metric: one.metric,
    sentences: stateVerdict(one, comparison.baseline),
  }));
  return { ...result, comparison, verdicts };
}

/** One row per arm, budget and seed; null where a metric does not apply. What could not be made says why. */
export function cellRows({ arms, cells, missing }: Pick<SimulationResult, 'arms' | 'cells' | 'missing'>): JsonObject[] {
  const armOf = new Map(arms.map((arm) => [arm.name, arm]));
  const keys = (cell: { arm: string; budget: number; seed: number }) => ({
    arm: cell.arm,
    strategy: armOf.get(cell.arm)?.strategy ?? null,
    sawResponses: armOf.get(cell.arm)?.sawResponses ?? null,
    budget: cell.budget,
    seed: cell.seed,
  });
  const made = cells.map((cell) => ({
    ...keys(cell),
    ...Object.fromEntries(METRICS.map((metric) => [metric, cell.metrics[metric]])),
    missingBecause: null,
  }));
  const notMade = missing.map((cell) => ({
    ...keys(cell),
    ...Object.fromEntries(METRICS.map((metric) => [metric, null])),
    missingBecause: cell.because,
  }));
  return [...made, ...notMade];
}

/**
 * One row per metric, arm and budget, and one with budget `all` for the mean over all budgets: mean, 95 %
 * interval, and the paired difference from the baseline; null where one seed does not tell, and for the baseline.
 */
export function summaryRows({ baseline, metrics }: SimulationComparison): JsonObject[] {
  return metrics.flatMap(({ metric, lessIsBetter, budgets, curve }) =>
    [...budgets, curve].flatMap((comparison) => {
      const fromBaseline = new Map(pairsOf(comparison, baseline).map((pair) => [pair.other, pair]));
      return comparison.means.map(({ arm, seeds, mean, interval }) => ({
        metric,
        better: lessIsBetter ? 'lower' : 'higher',
        arm,
        budget: comparison.budget ?? 'all',
        seeds,
        mean,
        low: interval?.low ?? null,
        high: interval?.high ?? null,
        best: comparison.best === arm,
        baseline,
        ...baselineColumns(fromBaseline.get(arm)),
      }));
    }),
  );
}

/** @param pair the baseline beside the arm: the columns say how far the arm is above it */
function baselineColumns(pair: ArmPair | undefined): JsonObject {
  return {
    difference: pair ? 0 - pair.difference : null,
    differenceLow: pair?.interval ? 0 - pair.interval.high : null,
    differenceHigh: pair?.interval ? 0 - pair.interval.low : null,
    sharedSeeds: pair?.seeds ?? null,
    pValue: pair?.pValue ?? null,
    adjustedPValue: pair?.adjustedPValue ?? null,
    significant: pair ? pair.significant : null,
  };
}
