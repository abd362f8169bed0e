import type { NextStep, StepName } from '../../campaign/next-step.ts';
import type { EvaluateDetails, ExportDetails, FindFailuresDetails } from '../../campaign/step-details.ts';
import type { StepDone, StepPaused, StepPlan } from '../../campaign/step-outcome.ts';
import type { AddPoolDetails } from '../../campaign/steps/add-pool.ts';
import type { JudgeQualityDetails } from '../../campaign/steps/judge-quality.ts';
import type { PlanRoundDetails } from '../../campaign/steps/plan-round.ts';
import type { SelectDetails } from '../../campaign/steps/select-instructions.ts';
import type { TrainDetails } from '../../campaign/steps/train-model.ts';
import type { WaitDetails } from '../../campaign/steps/wait-for-labels.ts';
import type { MicroUsd } from '../../domain/money.ts';
import type { Stop } from '../../domain/round.ts';
import type { PlannedWays } from '../planned-ways.ts';

/** What each step reports when it is done. */
export interface StepDetails {
  readonly 'add-pool': AddPoolDetails;
  readonly 'judge-quality': JudgeQualityDetails;
  readonly 'plan-round': PlanRoundDetails;
  readonly select: SelectDetails;
  readonly export: ExportDetails;
  readonly 'wait-for-labels': WaitDetails;
  readonly train: TrainDetails;
  readonly evaluate: EvaluateDetails;
  readonly 'find-failures': FindFailuresDetails;
}

export interface StepFacts {
  readonly round: number;
  /** Spent or reserved by this step, over all accounts; labels count when they are settled. */
  readonly costMicroUsd: MicroUsd;
  /** The step that comes after. */
  readonly next: NextStep;
}

/** How one step ended. */
export type StepResult =
  | { [Name in StepName]: { readonly step: Name } & StepDone<StepDetails[Name]> & StepFacts }[StepName]
  | ({ readonly step: StepName } & StepPaused & StepFacts)
  | ({ readonly step: 'stop'; readonly done: true; readonly stop: Stop } & StepFacts);

/** What a step will do, told before it starts. */
export interface PlannedStep extends StepPlan {
  /** A guess from the seconds per call and the calls at once. */
  readonly expectedSeconds: number;
  /** The price and time of batches beside those of calls one by one; null where no provider of the step has batches. */
  readonly ways: PlannedWays | null;
}

export interface NextOptions {
  /** Called before a step that can cost money; false ends it with a DeclinedError. If absent, no consent is asked for. */
  readonly confirm?: ((plan: PlannedStep) => Promise<boolean>) | undefined;
  /** Ask again where no usable reply came earlier. */
  readonly retryFailed?: boolean | undefined;
  /** Continue although instructions or labels are missing. */
  readonly goOn?: boolean | undefined;
}
