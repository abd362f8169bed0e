import { UsageError } from '../../domain/errors.ts';
import { EMBEDDERS, type EmbedderName } from '../../domain/providers.ts';
import type { ModelPrice } from '../../domain/usage.ts';
import { asksLlm } from '../../selection/strategies/llm-use.ts';
import { findStrategy } from '../../selection/strategies/registry.ts';
import type { Strategy, StrategyOptions } from '../../selection/strategies/strategy.ts';
import { checkAddress, checkKey, checkOneOf, checkProvider, checkWhole } from '../option-checks.ts';
import { list, normalizeRunOptions, type RunOptions, type RunSettings } from '../run-options.ts';
import type { PickPlan } from './pick-plan.ts';

/** Everything `pick` can be told. Only `pool` and `count` are required. */
export interface PickOptions extends RunOptions {
  /** How many instructions to pick, ≥ 1. */
  readonly count: number;
  /** Files with items already labeled: never picked, and centres for coverage. */
  readonly existing?: string | readonly string[];

  /** Default `selectllm`. */
  readonly strategy?: string;
  /** The strategy's own options, e.g. `{ partition: 'similar', votes: 3 }`. */
  readonly strategyOptions?: StrategyOptions;
  /** Any whole number; the same seed gives the same selection. Default 0. */
  readonly seed?: number;
  /** Cosine similarity from which two instructions count as one, (0, 1]; 0 = off. Default 0.98. */
  readonly dedupeThreshold?: number;

  /** Default `minilm`, which runs here. */
  readonly embedder?: EmbedderName;
  readonly embeddingModel?: string;
  readonly embeddingBaseUrl?: string;
  readonly embeddingApiKey?: string;
  readonly embeddingKeySource?: string;
  readonly embeddingPrice?: ModelPrice;
  /** A .npy file with one row per record read, instead of an embedder. */
  readonly embeddings?: string;
  /** Where to write the embeddings, one row per record read. */
  readonly saveEmbeddings?: string;

  /** Asked once before the first call that costs anything; false ends the run. Without it, nothing is asked. */
  readonly confirm?: (plan: PickPlan) => Promise<boolean>;
}

export type PickSettings = Omit<PickOptions, 'pool' | 'existing' | 'strategy'> &
  RunSettings & {
    readonly existing: readonly string[];
    readonly strategy: Strategy;
    readonly strategyOptions: StrategyOptions;
    /** Whether an LLM is asked at all, be it the offline stand-in. */
    readonly asksLlm: boolean;
    readonly seed: number;
    readonly dedupeThreshold: number;
    readonly embedder: EmbedderName;
  };

/**
 * Fills in defaults and refuses what cannot be meant.
 * @throws UsageError
 */
export function normalizePickOptions(options: PickOptions): PickSettings {
  const strategy = findStrategy(options.strategy ?? 'selectllm');
  const strategyOptions = strategy.normalizeOptions(options.strategyOptions ?? {});
  const run = normalizeRunOptions(options);
  const settings: PickSettings = {
    ...run,
    existing: list(options.existing ?? []),
    strategy,
    strategyOptions,
    asksLlm: asksLlm(strategy, strategyOptions, { writing: run.provider, judging: run.provider }),
    seed: options.seed ?? 0,
    dedupeThreshold: options.dedupeThreshold ?? 0.98,
    embedder: options.embedder ?? 'minilm',
  };
  checkWhole('--count', settings.count, 1);
  checkWhole('--seed', settings.seed, Number.MIN_SAFE_INTEGER);
  checkAddress('--embedding-base-url', settings.embeddingBaseUrl);
  checkKey(settings.embeddingKeySource ?? 'embeddingApiKey', settings.embeddingApiKey);
  if (!(settings.dedupeThreshold >= 0 && settings.dedupeThreshold <= 1)) {
    throw new UsageError(`--dedupe-threshold is a cosine from 0 (off) to 1, not ${settings.dedupeThreshold}.`);
  }
  checkOneOf('--embedder', settings.embedder, EMBEDDERS);
  if (settings.asksLlm) checkProvider(settings);
  if (
    settings.embedder !== 'openai' &&
    (settings.embeddingModel ?? settings.embeddingBaseUrl ?? settings.embeddingPrice)
  ) {
    throw new UsageError('--embedding-model, --embedding-base-url and --embedding-price need --embedder openai.');
  }
  if (settings.embeddings !== undefined && options.embedder !== undefined) {
    throw new UsageError('--embedder and --embeddings exclude each other.', 'Leave one of them out.');
  }
  return settings;
}
