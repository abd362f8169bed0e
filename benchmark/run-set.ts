import type { JsonObject } from '../src/domain/instruction.ts';
import { type SimulateOptions, simulate, type TrainerChoice } from '../src/index.ts';
import type { SimulationResult } from '../src/runs/simulate/simulation-result.ts';
import { type BenchmarkRow, compareWithRandom } from './compare-with-random.ts';

export interface BenchmarkSettings extends Pick<SimulateOptions, 'cacheFolder' | 'signal' | 'onProgress' | 'onNote'> {
  readonly strategies: readonly string[];
  readonly budgets: readonly number[];
  readonly seeds: readonly number[];
  /** Where the states of the simulations are kept. */
  readonly folder: string;
  /** Of the training command. */
  readonly environment: SimulateOptions['environment'];
}

/** What came of one data set with one seed model. Nothing in it depends on when or how fast it ran. */
export interface SetResult {
  readonly set: string;
  readonly model: string;
  readonly labeled: number;
  readonly pool: number;
  readonly heldOut: number;
  readonly budgets: readonly number[];
  readonly seeds: readonly number[];
  /** Strategies that judged the true responses, which an unlabeled pool does not have. */
  readonly sawResponses: readonly string[];
  readonly rougeL: readonly BenchmarkRow[];
  readonly cosine: readonly BenchmarkRow[];
  /** What a strategy could not do, with the reason, once for each strategy and reason. */
  readonly missing: readonly {
    readonly strategy: string;
    readonly budgets: readonly number[];
    readonly because: string;
  }[];
}

/** Held out to be answered, or a fifth of all where that is less. */
const HELD_OUT = 500;

/** The most a budget may be: what is not held out. */
export function poolSize(records: number): number {
  return records - Math.min(HELD_OUT, Math.floor(records / 5));
}

/**
 * Compares strategies on one data set. Goes on where an earlier run stopped.
 * @param records labeled, distinct
 */
export function runSet(
  set: string,
  records: readonly JsonObject[],
  trainer: TrainerChoice,
  { folder, budgets, strategies, ...settings }: BenchmarkSettings,
): Promise<SimulationResult> {
  return simulate({
    ...settings,
    labeled: records,
    strategies,
    budgets: budgets.filter((budget) => budget <= poolSize(records.length)),
    heldOut: HELD_OUT,
    sample: 0,
    trainer,
    state: `${folder}/${set}.db`,
  });
}

export function setResult(set: string, model: string, result: SimulationResult): SetResult {
  const { data, budgets, seeds, arms } = result;
  return {
    ...{ set, model, labeled: data.labeled, pool: data.pool, heldOut: data.heldOut, budgets, seeds },
    sawResponses: arms.filter(({ sawResponses }) => sawResponses).map(({ name }) => name),
    rougeL: compareWithRandom(result, 'rougeL'),
    cosine: compareWithRandom(result, 'cosine'),
    missing: missingOf(result),
  };
}

function missingOf({ missing }: SimulationResult): SetResult['missing'] {
  const found = new Map<string, { strategy: string; budgets: Set<number>; because: string }>();
  for (const { arm, budget, because } of missing) {
    const key = JSON.stringify([arm, because]);
    const one = found.get(key) ?? { strategy: arm, budgets: new Set<number>(), because };
    one.budgets.add(budget);
    found.set(key, one);
  }
  return [...found.values()].map((one) => ({ ...one, budgets: [...one.budgets] }));
}
