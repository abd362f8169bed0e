import type { MicroUsd } from '../../domain/money.ts';
import type { StopReason } from '../../domain/stop-reason.ts';
import type { Wording } from '../../domain/wording.ts';
import type { StrategyOptions } from '../../selection/strategies/strategy.ts';

/**
 * What is measured of a selection once its responses are revealed.
 * - `rougeL`: mean ROUGE-L F1, 0–1, of the seed model's answers to held-out instructions with their true responses;
 * - `cosine`: mean cosine similarity, −1–1, of the embeddings of the two (SelectLLM §4);
 * - `exactMatch`: share, 0–1, of answers that say the same word for word, where the true response is short;
 * - `categories`: share, 0–1, of the pool's categories with at least one label;
 * - `radius`: distance, 0–2, of the instruction farthest from a label to the nearest one, over the pool;
 * - `redundancy`: mean cosine of a label to the other label most like it.
 */
export const METRICS = ['rougeL', 'cosine', 'exactMatch', 'categories', 'radius', 'redundancy'] as const;
export type Metric = (typeof METRICS)[number];

/** For which metrics less is better. */
export const LESS_IS_BETTER: ReadonlySet<Metric> = new Set(['radius', 'redundancy']);

/** One contender: a strategy with its options. */
export interface Arm {
  /** As the user gave it: `k-means`, `car:perCluster=2`. */
  readonly name: string;
  readonly strategy: string;
  /** Normalized. */
  readonly options: StrategyOptions;
  /** Whether it judged the hidden responses, which a pool that is unlabeled does not have. */
  readonly sawResponses: boolean;
  readonly asksLlm: boolean;
}

/** One arm at one budget with one seed. */
export interface SimulationCell {
  /** Name of the arm. */
  readonly arm: string;
  /** Labels it could have. */
  readonly budget: number;
  readonly seed: number;
  /** Ids of the picks, rank 1 first. */
  readonly picked: readonly string[];
  /** null where a metric does not apply: no short responses, no categories, a single label. */
  readonly metrics: Readonly<Record<Metric, number | null>>;
}

/** What a cell could not be made of: too few pass a filter, no usable replies, a cap. */
export interface MissingCell {
  readonly arm: string;
  readonly budget: number;
  readonly seed: number;
  readonly because: string;
}

export interface SimulationResult {
  readonly data: {
    readonly files: readonly string[];
    /** Records read, and of these the distinct ones with a response. */
    readonly records: number;
    readonly labeled: number;
    /** Of every seed: how many are the pool and how many are held out. */
    readonly pool: number;
    readonly heldOut: number;
    /** The record field that names the category; null where there is none. */
    readonly categoryField: string | null;
    /** Distinct categories in the data. */
    readonly categories: number | null;
    /** Held-out responses short enough for an exact match, mean over seeds. */
    readonly shortResponses: number;
  };
  readonly arms: readonly Arm[];
  readonly budgets: readonly number[];
  readonly seeds: readonly number[];
  /** Who answers: `retrieval`, `nearest-neighbour`, or what the user trains. */
  readonly trainer: string;
  readonly embeddings: string;
  readonly cells: readonly SimulationCell[];
  readonly missing: readonly MissingCell[];
  /** `complete` though cells are missing that cannot be made. */
  readonly end: 'complete' | StopReason;
  /** What is set aside is part of it. */
  readonly spentMicroUsd: MicroUsd;
  /** For calls and trainings that may have been billed without a result. */
  readonly setAsideMicroUsd: MicroUsd;
  /** What it may spend in all; null: no cap. */
  readonly maxMicroUsd: MicroUsd | null;
  readonly elapsedMs: number;
  readonly notes: readonly Wording[];
}
