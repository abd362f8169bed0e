import type { Conversation } from '../../domain/conversation.ts';
import type { Instruction } from '../../domain/instruction.ts';
import type { MicroUsd, Range } from '../../domain/money.ts';
import type { Registry } from '../../domain/registry.ts';
import type { Stopped } from '../../domain/stop-reason.ts';
import type { CallCost } from '../../domain/usage.ts';
import type { Asker } from '../../models/asker.ts';
import type { PromptDeclaration } from '../judges/criteria.ts';
import type { JudgeKind, JudgeSources } from '../judges/judge.ts';

/** The name of a `MeasureKind`: `accuracy`, `likelihood`, `field`. */
export type MeasureName = string;

/** The providers of the LLM that chooses and writes, and of the LLM that judges. */
export interface Providers {
  readonly writing: string;
  readonly judging: string;
}

/** The models and prompts that measures use. Each is opened when it is first needed. */
export interface MeasureSources extends JudgeSources {
  readonly providers: Providers;
  /** The LLM that writes. */
  writer(): Promise<Asker>;
  /** The model made of the labels so far; absent, or undefined, where there is none. */
  seedModel?(): Promise<ConfidentModel | undefined>;
  /** The available kinds of judges; by default those of winnow. */
  readonly judges?: Registry<JudgeKind>;
}

/** A model that was trained on the labels so far, as measures see it. */
export interface ConfidentModel {
  readonly name: string;
  readonly concurrency: number;
  answer(
    item: Conversation,
    options: { readonly subject: string; readonly signal?: AbortSignal },
  ): Promise<{ readonly confidence?: number; readonly model: string; readonly costMicroUsd: MicroUsd }>;
  estimate(item: Conversation): Range;
  /** The LLM behind it, if there is one. */
  readonly asker?: Asker;
}

/** A kind of number that an instruction can be given. Stateless. */
export interface MeasureKind {
  /** Its name in results and messages. */
  readonly name: string;
  /** One line for the docs. */
  readonly summary: string;
  /** What it measures: an instruction alone, an instruction with its response, or the whole record. */
  readonly of: 'instruction' | 'response' | 'record';
  /** `judge`: any kind of judge; `writer`: an LLM that answers; `likelihoods`: an LLM that returns the log-probabilities of a text; `confidence`: a seed model, or an LLM that returns those of its answers. */
  readonly needs: 'judge' | 'writer' | 'likelihoods' | 'confidence' | 'none';
  /** For messages: what a writer does for it ("tag instructions"), or what needs likelihoods ("IFD"). */
  readonly task?: string;
  /** The prompts it uses. @param options of the strategy @param provider of the LLM that judges */
  prompts(
    options: Readonly<Record<string, unknown>>,
    provider: string,
    judges?: Registry<JudgeKind>,
  ): readonly PromptDeclaration[];
  /**
   * @param options of the strategy
   * @throws UsageError | PoolError when these instructions cannot be measured
   */
  open(
    options: Readonly<Record<string, unknown>>,
    instructions: readonly Instruction[],
    sources: MeasureSources,
  ): Promise<Measure>;
}

/** Gives each instruction a number. Paid results are never paid for again. */
export interface Measure {
  /** Who measures, and how. Values under another name do not compare. Part of a run's identity. */
  readonly name: string;
  /** The name for people: without address, prompt, version and limits. */
  readonly shortName: string;
  /** Lowest and highest possible value; ±∞ without a bound. */
  readonly scale: { readonly min: number; readonly max: number };
  /** Whether a higher value is better. If so, the best of each group of near-duplicates is picked. */
  readonly isScore: boolean;
  /**
   * The cost of measuring these with the same generation; values that exist already cost nothing. Long lists are
   * processed in parts, so that other work can run in between.
   * @throws the signal's reason
   */
  estimate(
    positions: readonly number[],
    options: {
      readonly generation: number;
      readonly signal?: AbortSignal | undefined;
      readonly onEstimated?: ((done: number) => void) | undefined;
    },
  ): Promise<CallCost>;
  /**
   * Never throws for an expected stop (a cap, an interrupt, a provider that cannot be used): the values measured so far
   * are returned.
   * @param options.generation raised by one to retry items without a usable value; usable values stay unchanged
   */
  measure(
    positions: readonly number[],
    options: {
      readonly generation: number;
      readonly signal?: AbortSignal | undefined;
      readonly onMeasured?: ((done: number) => void) | undefined;
    },
  ): Promise<Measured>;
}

/** An item without a usable value. */
export interface FailedItem {
  readonly position: number;
  readonly failure: string;
  /** A content filter refused it: it is not asked again. */
  readonly isRefused?: true;
}

/** Arrays are parallel to the measured positions. */
export interface Measured {
  /** NaN for items without a usable value. */
  readonly values: Float64Array;
  /** The judge's reason, or what the number means; undefined without a reason or value. */
  readonly reasons: readonly (string | undefined)[];
  /** The real cost of each item, failures included. */
  readonly costMicroUsd: readonly MicroUsd[];
  /** Responses drafted for items that had none; absent without drafts. */
  readonly drafts?: readonly (string | undefined)[];
  /** The tags of each item; absent where none are given. */
  readonly tags?: readonly (readonly string[] | undefined)[];
  /** The snapshot of the measuring model; null when no model was used. */
  readonly model: string | null;
  /** Items without a usable value, with the cause. They never get a default value. */
  readonly failed: readonly FailedItem[];
  /** Number of items not measured because of `stopped`. */
  readonly unmeasured: number;
  readonly stopped?: Stopped;
}
