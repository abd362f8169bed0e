import { UsageError } from '../../domain/errors.ts';
import { option, sentence } from '../../domain/wording.ts';
import { type PoolInput, type PoolSource, poolSources } from '../../records/pool-source.ts';
import { type ConstraintOptions, type Constraints, parseConstraints } from '../../selection/constraints/constraints.ts';
import { asksLlm } from '../../selection/strategies/llm-use.ts';
import { defaultStrategy, STRATEGIES } from '../../selection/strategies/registry.ts';
import type { Strategy, StrategyOptions } from '../../selection/strategies/strategy.ts';
import { normalizeOptions } from '../../selection/strategies/strategy-options.ts';
import { EMBEDDER_OPTIONS, type EmbedderOptions, normalizeEmbedderOptions } from '../embedder-options.ts';
import { checkNames, checkProvider, checkWhole } from '../option-checks.ts';
import { normalizeRunOptions, RUN_OPTIONS, type RunOptions, type RunSettings } from '../run-options.ts';
import type { PickPlan } from './pick-plan.ts';

/** Options of `pick`. Only `pool` and `count` are required. */
export interface PickOptions extends RunOptions, EmbedderOptions, ConstraintOptions {
  /** How many instructions to pick, ≥ 1. */
  readonly count: number;
  /** Items already labeled, given as `pool` is: never picked, and centres for coverage. */
  readonly existing?: PoolInput;

  /**
   * Test items, given as `pool` is: never picked, nor anything that repeats one, contains one or is part of one. They do
   * not count for coverage.
   */
  readonly exclude?: PoolInput;

  /** A strategy by name, or one of your own. Default: `selectllm` with an LLM, `facility-location` without one. */
  readonly strategy?: string | Strategy;
  /** The strategy's own options, e.g. `{ partition: 'similar', votes: 3 }`. */
  readonly strategyOptions?: StrategyOptions;
  /** Any whole number; the same seed gives the same selection. Default 0. */
  readonly seed?: number;
  /** Cosine similarity from which two instructions count as one, (0, 1]; 0 = off. Default 0.98. */
  readonly dedupeThreshold?: number;
  /** Pick several turns of one conversation too, where each turn is an item. Default false. */
  readonly severalPerConversation?: boolean;

  /** A .npy file with one row per record read, instead of an embedder. */
  readonly embeddings?: string;
  /** Where to write the embeddings, one row per record read. */
  readonly saveEmbeddings?: string;

  /** Called once, before the first call that costs money; false ends the run. If absent, no consent is asked for. */
  readonly confirm?: (plan: PickPlan) => Promise<boolean>;
}

export interface PickSettings
  extends RunSettings,
    Pick<PickOptions, 'count' | 'embeddings' | 'saveEmbeddings' | 'confirm'> {
  readonly existing: readonly PoolSource[];
  readonly exclude: readonly PoolSource[];
  readonly constraints: Constraints;
  /** As they were given. */
  readonly constraintTexts: ConstraintOptions;
  readonly strategy: Strategy;
  readonly strategyOptions: StrategyOptions;
  /** Whether no strategy was named. */
  readonly isDefaultStrategy: boolean;
  /** Whether an LLM is asked at all, the offline one included. */
  readonly asksLlm: boolean;
  readonly dedupeThreshold: number;
  readonly severalPerConversation: boolean;
}

const PICK_OPTIONS: Readonly<Record<keyof PickOptions, true>> = {
  ...RUN_OPTIONS,
  ...EMBEDDER_OPTIONS,
  ...{
    count: true,
    existing: true,
    exclude: true,
    where: true,
    quota: true,
    atLeast: true,
    atMost: true,
    mustInclude: true,
    excludeIds: true,
    strategy: true,
    strategyOptions: true,
    seed: true,
    dedupeThreshold: true,
  },
  ...{ severalPerConversation: true, embeddings: true, saveEmbeddings: true, confirm: true },
};

/**
 * Fills in defaults and checks values.
 * @throws UsageError
 */
export function normalizePickOptions(options: PickOptions): PickSettings {
  checkNames(options, PICK_OPTIONS);
  // First, so that the options may name what plugins bring.
  const run = normalizeRunOptions(options);
  const { provider } = run.llm;
  const strategy = STRATEGIES.find(STRATEGIES.nameOf(options.strategy ?? defaultStrategy(provider !== 'offline')));
  const strategyOptions = normalizeOptions(strategy, options.strategyOptions ?? {});
  const { count, embeddings, saveEmbeddings, confirm } = options;
  const { where, quota, atLeast, atMost, mustInclude, excludeIds } = options;
  const settings: PickSettings = {
    ...run,
    ...{ count, embeddings, saveEmbeddings, confirm },
    existing: poolSources(options.existing ?? []),
    exclude: poolSources(options.exclude ?? []),
    constraints: parseConstraints(options),
    constraintTexts: { where, quota, atLeast, atMost, mustInclude, excludeIds },
    strategy,
    strategyOptions,
    isDefaultStrategy: options.strategy === undefined,
    asksLlm: asksLlm(strategy, strategyOptions, { writing: provider, judging: provider }),
    seed: options.seed ?? 0,
    dedupeThreshold: options.dedupeThreshold ?? 0.98,
    severalPerConversation: options.severalPerConversation ?? false,
    embedder: normalizeEmbedderOptions(options),
  };
  checkWhole('count', settings.count, 1);
  checkWhole('seed', settings.seed, Number.MIN_SAFE_INTEGER);
  if (!(settings.dedupeThreshold >= 0 && settings.dedupeThreshold <= 1)) {
    throw new UsageError(
      sentence`${option('dedupeThreshold')} is a cosine from 0 (off) to 1, not ${settings.dedupeThreshold}.`,
    );
  }
  if (settings.asksLlm) checkProvider(settings.llm);
  if (settings.embeddings !== undefined && options.embedder !== undefined) {
    throw new UsageError(
      sentence`${option('embedder')} and ${option('embeddings')} cannot be used together.`,
      'Leave one of them out.',
    );
  }
  return settings;
}
