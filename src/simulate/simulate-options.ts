import type { Readable } from 'node:stream';
import type { Clock } from '../domain/clock.ts';
import type { MicroUsd } from '../domain/money.ts';
import type { OnProgress } from '../domain/progress.ts';
import type { EmbedderName, ProviderName } from '../domain/providers.ts';
import type { ModelPrice } from '../domain/usage.ts';
import type { TrainingTextFormat } from '../labels/training/training-formats.ts';
import type { FieldOverrides } from '../pool/detect-fields.ts';
import type { SimulationPlan } from './simulation-plan.ts';

/** A training of the user's own, once for every cell. */
export interface CommandTrainerChoice {
  readonly kind: 'command';
  /** A shell command; what it gets and must print is what a campaign's trainer does. Its held-out file is empty. */
  readonly command: string;
  /** Of the training file. Default `alpaca`. */
  readonly format?: TrainingTextFormat;
  /** How long one training may take. Default 1,440. */
  readonly timeLimitMinutes?: number;
  /** What one training costs at most. Default 0. */
  readonly worstCaseMicroUsd?: MicroUsd;
  /** Where the model is served, if the command does not say. */
  readonly baseUrl?: string;
  /** Of asking the model. Default: nothing. */
  readonly price?: ModelPrice;
  /** Tokens the model holds. Default 4,096. */
  readonly contextTokens?: number;
  /** Most tokens of one answer. Default 512. */
  readonly maxOutputTokens?: number;
  /** Default 0. */
  readonly temperature?: number;
  /** What the server of the model wants as a key. */
  readonly apiKey?: string;
}

/** Who is trained on what a strategy chose, and answers the held-out instructions. */
export type TrainerChoice = { readonly kind: 'nearest-neighbour' } | CommandTrainerChoice;

/** Everything `simulate` can be told. Only `labeled` is required. */
export interface SimulateOptions {
  /** Files with instructions and responses (JSONL, JSON, CSV, TSV, Parquet, each also gzipped), `-` for JSONL on `stdin`. */
  readonly labeled: string | readonly string[];
  /** Names of record fields, where detection would not find them. */
  readonly fields?: FieldOverrides;
  /** Leave unreadable records out, counted and reported, instead of failing. */
  readonly skipBadLines?: boolean;
  /**
   * The arms: names of strategies, each with options of its own after colons, as in `car:perCluster=2:judge=expert`.
   * Default: random, k-means, k-center, facility-location, selectllm.
   */
  readonly strategies?: readonly string[];
  /** How many labels, ascending in the result. Default 50, 100, 200, 400. */
  readonly budgets?: readonly number[];
  /** Whole numbers; every seed has a split of its own, the same for all arms. Default 0 to 4. */
  readonly seeds?: readonly number[];
  /** Instructions held out to answer, at most a fifth of all. Default 500. */
  readonly heldOut?: number;
  /** Most instructions of the pool that is chosen from, drawn anew for each seed; 0 = all that are not held out. Default 5,000. */
  readonly sample?: number;
  /** The record field that names the category. Default: category, template, task, task_name, topic, domain or skill. */
  readonly categoryField?: string;
  /** Cosine similarity from which two instructions count as one, (0, 1]; 0 = off. Default 0.98. */
  readonly dedupeThreshold?: number;
  /** Default: the nearest labeled instruction answers. */
  readonly trainer?: TrainerChoice;

  /** Who chooses and judges for strategies that ask an LLM. Default `offline`: the built-in stand-in. */
  readonly provider?: ProviderName;
  readonly model?: string;
  readonly baseUrl?: string;
  readonly apiKey?: string;
  /** What the user calls the key, for messages, e.g. the name of an environment variable. */
  readonly keySource?: string;
  /** For models the price table does not know, as are the next two. */
  readonly price?: ModelPrice;
  readonly contextTokens?: number;
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

  /** Caps on what this simulation may spend in all, over every time it is taken up again. */
  readonly maxMicroUsd?: MicroUsd;
  readonly maxCalls?: number;
  readonly maxTokens?: number;
  /** Most requests under way at once. Default 8. */
  readonly concurrency?: number;
  /** How long one request may take, in milliseconds. Default 120,000. */
  readonly timeoutMs?: number;

  /** The simulation's SQLite file. Default: one under `.winnow/`, named after data and settings but not after arms, budgets and seeds. */
  readonly state?: string;
  /** Ask anew what got no usable reply in an earlier run. */
  readonly retryFailed?: boolean;
  /** Where vectors are kept between runs. Default: `winnow` in the user's cache folder. */
  readonly cacheFolder?: string;

  /** Asked once before the first call that costs anything; false ends the run. Without it, nothing is asked. */
  readonly confirm?: (plan: SimulationPlan) => Promise<boolean>;
  /** Abort to start nothing new: what is under way ends, is paid for and kept. */
  readonly signal?: AbortSignal;
  /** Abort to end requests under way too; they may be billed all the same and stay counted. */
  readonly abandon?: AbortSignal;
  readonly onProgress?: OnProgress;
  /** A line now and then from trainings: "attempt 1 of the training: running, 3 min". */
  readonly onNote?: (note: string) => void;

  /** What the training command gets. Default: nothing. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly stdin?: Readable;
  readonly fetch?: typeof fetch;
  readonly clock?: Clock;
}
