import type { Readable } from 'node:stream';
import envPaths from 'env-paths';
import type { Clock } from '../domain/clock.ts';
import type { MicroUsd } from '../domain/money.ts';
import type { OnProgress } from '../domain/progress.ts';
import { EMBEDDERS, type EmbedderName, PROVIDERS, type ProviderName } from '../domain/providers.ts';
import type { ModelPrice } from '../domain/usage.ts';
import { UsageError } from '../errors/usage-error.ts';
import type { FieldOverrides } from '../pool/detect-fields.ts';
import { asksLlm } from '../strategies/llm-use.ts';
import { findStrategy } from '../strategies/registry.ts';
import type { Strategy, StrategyOptions } from '../strategies/strategy.ts';
import type { PickPlan } from './pick-plan.ts';

/** Everything `pick` can be told. Only `pool` and `count` are required. */
export interface PickOptions {
  /** Files to read (JSONL, JSON, CSV, TSV, Parquet, each also gzipped), `-` for JSONL on `stdin`. */
  readonly pool: string | readonly string[];
  /** How many instructions to pick, ≥ 1. */
  readonly count: number;
  /** Names of record fields, where detection would not find them. */
  readonly fields?: FieldOverrides;
  /** Leave unreadable records out, counted and reported, instead of failing. */
  readonly skipBadLines?: boolean;
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

  /** Who chooses. Default `offline`: the built-in stand-in. */
  readonly provider?: ProviderName;
  readonly model?: string;
  readonly baseUrl?: string;
  readonly apiKey?: string;
  /** What the user calls the key, for messages, e.g. the name of an environment variable. */
  readonly keySource?: string;
  /** For models the price table does not know. */
  readonly price?: ModelPrice;
  /** Tokens the model can take, for models the price table does not know. */
  readonly contextTokens?: number;
  /** Output tokens to allow beside the answer, for models that think before they give it. Default: as the price table says, else 0. */
  readonly reasoningTokens?: number;
  /** A folder with prompts that replace those of the same file name. */
  readonly promptFolder?: string;

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

  /** Caps on what this run may spend in all, over every time it is taken up again. */
  readonly maxMicroUsd?: MicroUsd;
  readonly maxCalls?: number;
  readonly maxTokens?: number;
  /** Most requests under way at once. Default 8. */
  readonly concurrency?: number;
  /** How long one request may take, in milliseconds. Default 120,000. */
  readonly timeoutMs?: number;

  /** The run's SQLite file. Default: one named after the run's identity, under `.winnow/`. */
  readonly state?: string;
  /** Ask the queries anew that failed in an earlier run. */
  readonly retryFailed?: boolean;
  /** Where vectors are kept between runs. Default: `winnow` in the user's cache folder. */
  readonly cacheFolder?: string;

  /** Asked once before the first call that costs anything; false ends the run. Without it, nothing is asked. */
  readonly confirm?: (plan: PickPlan) => Promise<boolean>;
  /** Abort to start nothing new and let requests under way finish. */
  readonly signal?: AbortSignal;
  /** Abort to end requests under way too; they may be billed all the same and stay counted. */
  readonly abandon?: AbortSignal;
  readonly onProgress?: OnProgress;

  readonly stdin?: Readable;
  readonly fetch?: typeof fetch;
  readonly clock?: Clock;
}

/** Timers hold no more. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

export type PickSettings = Omit<PickOptions, 'pool' | 'existing' | 'strategy'> & {
  readonly pool: readonly string[];
  readonly existing: readonly string[];
  readonly strategy: Strategy;
  readonly strategyOptions: StrategyOptions;
  /** Whether an LLM is asked at all, be it the offline stand-in. */
  readonly asksLlm: boolean;
  readonly seed: number;
  readonly dedupeThreshold: number;
  readonly provider: ProviderName;
  readonly embedder: EmbedderName;
  readonly concurrency: number;
  readonly timeoutMs: number;
  readonly cacheFolder: string;
};

/**
 * Fills in defaults and refuses what cannot be meant.
 * @throws UsageError
 */
export function normalizePickOptions(options: PickOptions): PickSettings {
  const strategy = findStrategy(options.strategy ?? 'selectllm');
  const provider = options.provider ?? 'offline';
  const strategyOptions = strategy.normalizeOptions(options.strategyOptions ?? {});
  oneOf('--provider', provider, PROVIDERS);
  const settings: PickSettings = {
    ...options,
    pool: list(options.pool),
    existing: list(options.existing ?? []),
    strategy,
    strategyOptions,
    asksLlm: asksLlm(strategy, strategyOptions, { writing: provider, judging: provider }),
    seed: options.seed ?? 0,
    dedupeThreshold: options.dedupeThreshold ?? 0.98,
    provider,
    embedder: options.embedder ?? 'minilm',
    concurrency: options.concurrency ?? 8,
    timeoutMs: options.timeoutMs ?? 120_000,
    cacheFolder: options.cacheFolder ?? envPaths('winnow', { suffix: '' }).cache,
  };
  if (settings.pool.length === 0) throw new UsageError('No pool file is given.');
  whole('--count', settings.count, 1);
  whole('--seed', settings.seed, Number.MIN_SAFE_INTEGER);
  whole('--concurrency', settings.concurrency, 1);
  if (!(settings.timeoutMs >= 1 && settings.timeoutMs <= LONGEST_TIMEOUT_MS)) {
    throw new UsageError(`--timeout is from 1 second to ${Math.floor(LONGEST_TIMEOUT_MS / 1000)}.`);
  }
  address('--base-url', settings.baseUrl);
  address('--embedding-base-url', settings.embeddingBaseUrl);
  key(settings.keySource ?? 'apiKey', settings.apiKey);
  key(settings.embeddingKeySource ?? 'embeddingApiKey', settings.embeddingApiKey);
  for (const [flag, cap] of [
    ['--max-usd', settings.maxMicroUsd],
    ['--max-calls', settings.maxCalls],
    ['--max-tokens', settings.maxTokens],
  ] as const) {
    if (cap !== undefined) whole(flag, cap, 0);
  }
  if (!(settings.dedupeThreshold >= 0 && settings.dedupeThreshold <= 1)) {
    throw new UsageError(`--dedupe-threshold is a cosine from 0 (off) to 1, not ${settings.dedupeThreshold}.`);
  }
  oneOf('--embedder', settings.embedder, EMBEDDERS);
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

function checkProvider({ provider, model, baseUrl, price }: PickSettings): void {
  if (provider !== 'offline' && model === undefined) {
    throw new UsageError(`--provider ${provider} needs --model.`);
  }
  if (provider === 'offline' && model !== undefined) {
    throw new UsageError(`--model ${model} needs a --provider.`, `Use one of: ${PROVIDERS.slice(1).join(', ')}.`);
  }
  if (provider === 'offline' && (baseUrl !== undefined || price !== undefined)) {
    throw new UsageError('--base-url and --price need a --provider.', `Use one of: ${PROVIDERS.slice(1).join(', ')}.`);
  }
  if (provider === 'compatible' && baseUrl === undefined) {
    throw new UsageError('--provider compatible needs --base-url, e.g. http://localhost:8000/v1.');
  }
}

function address(flag: string, url: string | undefined): void {
  if (url === undefined) return;
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !['http:', 'https:'].includes(parsed.protocol)) {
    throw new UsageError(`${flag} is a web address such as http://localhost:8000/v1, not ${url}.`);
  }
  // It is part of the run's identity, which is stored and shown.
  if (parsed.username !== '' || parsed.password !== '' || parsed.search !== '') {
    throw new UsageError(
      `${flag} must hold no user name, password or query.`,
      'Give the key by its environment variable.',
    );
  }
}

function key(name: string, value: string | undefined): void {
  if (value !== undefined && !/^[\x21-\x7e]*$/.test(value)) {
    throw new UsageError(`${name} holds characters that no key has, such as spaces or curly quotes.`, 'Copy it again.');
  }
}

function list(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}

function whole(flag: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new UsageError(
      `${flag} is a whole number${least > Number.MIN_SAFE_INTEGER ? ` ≥ ${least}` : ''}, not ${value}.`,
    );
  }
}

function oneOf(flag: string, value: string, allowed: readonly string[]): void {
  if (!allowed.includes(value)) throw new UsageError(`${flag} is one of ${allowed.join(', ')}, not ${value}.`);
}
