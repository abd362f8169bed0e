import {
  LESS_IS_BETTER,
  METRICS,
  type Metric,
  type SimulationResult,
} from '../../../src/runs/simulate/simulation-result.ts';

export interface HandMade {
  readonly arms?: readonly string[];
  readonly budgets?: readonly number[];
  readonly seeds?: readonly number[];
  /** null: the metric does not apply; undefined: the cell is missing. */
  readonly value?: (arm: string, budget: number, seed: number, metric: Metric) => number | null | undefined;
}

/** A simulation as it might have come out. An arm's strategy is what its name begins with. */
export function handMadeResult(made: HandMade = {}): SimulationResult {
  const {
    arms = ['random', 'k-means', 'k-center'],
    budgets = [50, 100, 200],
    seeds = [0, 1, 2],
    value = anyValue,
  } = made;
  const keys = arms.flatMap((arm) => budgets.flatMap((budget) => seeds.map((seed) => ({ arm, budget, seed }))));
  const cells = keys.map(({ arm, budget, seed }) => ({
    arm,
    budget,
    seed,
    picked: Array.from({ length: budget }, (_, index) => `id-${index}`),
    metrics: METRICS.map((metric) => [metric, value(arm, budget, seed, metric)] as const),
  }));
  const isMissing = ({ metrics }: (typeof cells)[number]) => metrics.some(([, one]) => one === undefined);
  return {
    data: {
      files: ['labeled.jsonl'],
      records: 3010,
      labeled: 3000,
      pool: 2500,
      heldOut: 500,
      categoryField: 'category',
      categories: 8,
      shortResponses: 61.4,
    },
    arms: arms.map((name) => ({
      name,
      strategy: name.split(':')[0]!,
      options: {},
      sawResponses: name.startsWith('alpagasus'),
      asksLlm: name.startsWith('selectllm'),
    })),
    budgets,
    seeds,
    trainer: 'nearest-neighbour',
    embeddings: 'minilm',
    cells: cells
      .filter((cell) => !isMissing(cell))
      .map((cell) => ({ ...cell, metrics: Object.fromEntries(cell.metrics) as Record<Metric, number | null> })),
    missing: cells.filter(isMissing).map(({ arm, budget, seed }) => ({
      arm,
      budget,
      seed,
      because: `Asked for ${budget} instructions but only 40 pass the filter.`,
    })),
    end: 'complete',
    setAsideMicroUsd: 0,
    maxMicroUsd: null,
    spentMicroUsd: 0,
    elapsedMs: 61_000,
    notes: [],
  };
}

/** Later arms are a little better, more labels help, and seeds differ in the same way for all arms. */
function anyValue(arm: string, budget: number, seed: number, metric: Metric): number {
  const better = (arm.length % 7) * 0.0015 + Math.log2(budget) * 0.008;
  const luck = Math.sin(seed * 12.9 + budget) * 0.002 + Math.sin(seed * 78.2 + arm.length * 3 + budget) * 0.0006;
  return LESS_IS_BETTER.has(metric) ? 0.9 - 6 * better + luck : 0.02 + better + luck;
}
