import type { MicroUsd, Range } from '../domain/money.ts';
import { type StopReason, stoppedBy } from '../domain/stop-reason.ts';
import { WinnowError } from '../domain/winnow-error.ts';
import { command, sentence, type Wording } from '../domain/wording.ts';
import type { RatingsCollapse } from '../math/ratings-collapse.ts';
import type { StepName } from './next-step.ts';

/** What a step can cost, told before it starts. */
export interface StepPlan {
  readonly step: StepName;
  readonly round: number;
  /** Calls of models. */
  readonly llmMicroUsd: Range;
  /** The most a training can cost. */
  readonly trainingMicroUsd: MicroUsd;
  /** What of the calls may be sent as batches where the provider has them. */
  readonly calls: readonly StepCalls[];
}

/** Calls of one model. */
export interface StepCalls {
  /** The model that chooses and writes, the one that judges, or a trained one. */
  readonly by: 'writing' | 'judging' | 'trained';
  /** Expected. */
  readonly count: number;
  readonly costMicroUsd: Range;
}

/** A step that is ready to run. */
export interface PreparedStep<D> extends StepPlan {
  run(): Promise<StepOutcome<D>>;
}

/** How a step ended: done, or why not. What it achieved is kept either way. */
export type StepOutcome<D> = StepDone<D> | StepPaused;

export interface StepDone<D> {
  readonly done: true;
  readonly details: D;
  readonly notes: readonly Wording[];
}

export interface StepPaused {
  readonly done: false;
  /** `waiting`: for people. `short`: some of it failed; the hint says what to do. */
  readonly because: 'waiting' | 'short' | StopReason;
  readonly message: string;
  readonly hint: Wording;
}

export const FREE_STEP = { llmMicroUsd: { expected: 0, worstCase: 0 }, trainingMicroUsd: 0, calls: [] } as const;

export const GO_ON = sentence`Run ${command('next')} again to continue.`;

/**
 * How a step pauses after an error that is an expected stop: a cap, an interrupt, a provider.
 * @throws the error itself when it is not an expected stop
 */
export function pauseAfter(error: unknown, signal: AbortSignal | undefined): StepPaused {
  const stopped = stoppedBy(error, signal);
  const { message } = stopped.error;
  return {
    done: false,
    because: stopped.by,
    message,
    hint: (error instanceof WinnowError && error.wording.hint) || GO_ON,
  };
}

/** Warns people when nearly all ratings are the same. */
export function collapseNote(what: string, collapse: RatingsCollapse | undefined): string[] {
  if (!collapse) return [];
  const share = `${Math.round(collapse.share * 100)} % of ${collapse.ratings} ${what} ratings are ${collapse.score}`;
  return [`${share}: this judge hardly distinguishes items. Try another model or prompt before you rely on it.`];
}
