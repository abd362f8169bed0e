import type { Range } from '../domain/money.ts';
import type { StopReason } from '../domain/stop-reason.ts';
import type { Wording } from '../domain/wording.ts';
import type { StepName } from './next-step.ts';

/** A step that is ready to be done, with what it can cost. */
export interface PreparedStep<D> {
  readonly step: StepName;
  readonly round: number;
  /** Calls of models, in micro-dollars. */
  readonly llmMicroUsd: Range;
  /** The most a training can cost. */
  readonly trainingMicroUsd: number;
  run(): Promise<StepOutcome<D>>;
}

/** How a step ended: done, or not and why. What was achieved is kept either way. */
export type StepOutcome<D> = StepDone<D> | StepPaused;

export interface StepDone<D> {
  readonly done: true;
  readonly details: D;
  readonly notes: readonly Wording[];
}

export interface StepPaused {
  readonly done: false;
  /** `waiting`: for people. `short`: some of it failed; what to do is in the hint. */
  readonly because: 'waiting' | 'short' | StopReason;
  readonly message: string;
  readonly hint: Wording;
}

export const FREE_STEP = { llmMicroUsd: { expected: 0, worstCase: 0 }, trainingMicroUsd: 0 } as const;
