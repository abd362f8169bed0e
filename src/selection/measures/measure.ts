import type { Instruction } from '../../domain/instruction.ts';
import type { MicroUsd } from '../../domain/money.ts';
import type { Registry } from '../../domain/registry.ts';
import type { Stopped } from '../../domain/stop-reason.ts';
import type { CallCost } from '../../domain/usage.ts';
import type { Asker } from '../../models/asker.ts';
import type { PromptDeclaration } from '../judges/criteria.ts';
import type { JudgeKind, JudgeSources } from '../judges/judge.ts';

/** The name of a `MeasureKind`: `accuracy`, `likelihood`, `field`. */
export type MeasureName = string;

/** Who serves the LLM that chooses and writes, and the one that judges. */
export interface Providers {
  readonly writing: string;
  readonly judging: string;
}

/** What measures are opened with, each part opened when it is first needed. */
export interface MeasureSources extends JudgeSources {
  readonly providers: Providers;
  /** The LLM that writes. */
  writer(): Promise<Asker>;
  /** The kinds of judges there are; by default those of winnow. */
  readonly judges?: Registry<JudgeKind>;
}

/** One thing that can be known of an instruction as a number. Stateless. */
export interface MeasureKind {
  /** As results and messages name it. */
  readonly name: string;
  /** One line for the docs. */
  readonly summary: string;
  /** What is looked at: an instruction alone, with its response, or the whole record it came as. */
  readonly of: 'instruction' | 'response' | 'record';
  /** `judge`: any kind of judge; `writer`: an LLM that answers; `likelihoods`: an LLM that tells how likely a text is. */
  readonly needs: 'judge' | 'writer' | 'likelihoods' | 'none';
  /** The prompts that are used. @param options of the strategy @param provider who serves the LLM that judges */
  prompts(
    options: Readonly<Record<string, unknown>>,
    provider: string,
    judges?: Registry<JudgeKind>,
  ): readonly PromptDeclaration[];
  /**
   * @param options of the strategy
   * @throws UsageError | PoolError where these instructions cannot be measured
   */
  open(
    options: Readonly<Record<string, unknown>>,
    instructions: readonly Instruction[],
    sources: MeasureSources,
  ): Promise<Measure>;
}

/** Gives instructions a number each. What was paid for is not paid for again. */
export interface Measure {
  /** Who measures and how; values of another name do not compare. Part of a run's identity. */
  readonly name: string;
  /** Who measures, for people: without address, prompt, version and limits. */
  readonly shortName: string;
  /** Lowest and highest value there can be; ±∞ where there is no bound. */
  readonly scale: { readonly min: number; readonly max: number };
  /** Whether a higher value is better, so that of near-duplicates the one with the highest is picked. */
  readonly isScore: boolean;
  /**
   * What measuring these with the same generation will take; what is measured already takes nothing. Long lists are
   * gone through piece by piece, so that others have their turn.
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
   * Never throws for what ends a run in good order: a cap, an interrupt or a provider that cannot be used stops it, and
   * what has been measured is returned.
   * @param options.generation raised by one to try again what got no usable value; all that had one stays as it is
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

/** Arrays are parallel to the positions asked about. */
export interface Measured {
  /** NaN where no usable value came. */
  readonly values: Float64Array;
  /** What the judge said, or what the number is; absent where there is nothing to say or no value. */
  readonly reasons: readonly (string | undefined)[];
  /** What each took in fact, failures included. */
  readonly costMicroUsd: readonly MicroUsd[];
  /** Responses that were written to be judged, where there were none; absent where nothing was. */
  readonly drafts?: readonly (string | undefined)[];
  /** The model snapshot that measured; null where none did. */
  readonly model: string | null;
  /** What got no usable value, and why: those are never given one. */
  readonly failed: readonly { readonly position: number; readonly failure: string }[];
  /** Not measured, because of `stopped`. */
  readonly unmeasured: number;
  readonly stopped?: Stopped;
}
