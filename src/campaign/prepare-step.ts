import type { CampaignContext } from './campaign-context.ts';
import type { StepName } from './next-step.ts';
import { choosablePositions } from './position.ts';
import type { PreparedStep } from './step-outcome.ts';
import type { NextOptions, StepDetails } from './step-result.ts';
import { prepareAddPool } from './steps/add-pool.ts';
import { prepareEvaluate } from './steps/evaluate-model.ts';
import { prepareExport } from './steps/export-tasks.ts';
import { prepareFindFailures } from './steps/find-failures.ts';
import { prepareJudgeQuality } from './steps/judge-quality.ts';
import { preparePlanRound } from './steps/plan-round.ts';
import { prepareSelect } from './steps/select-instructions.ts';
import { prepareTrain } from './steps/train-model.ts';
import { prepareWaitForLabels } from './steps/wait-for-labels.ts';

/** Everything of a step that costs nothing: what it will do and can cost. */
export async function prepareStep(
  context: CampaignContext,
  step: StepName,
  round: number,
  options: NextOptions,
): Promise<PreparedStep<StepDetails[StepName]>> {
  switch (step) {
    case 'add-pool':
      return prepareAddPool(context, round);
    case 'judge-quality':
      return prepareJudgeQuality(context, round, options);
    case 'plan-round':
      return preparePlanRound(context, round, await choosablePositions(context, round));
    case 'select':
      return prepareSelect(context, context.state.rounds.plans()[round - 1]!, options);
    case 'export':
      return prepareExport(context, round);
    case 'wait-for-labels':
      return prepareWaitForLabels(context, round, options);
    case 'train':
      return prepareTrain(context, round);
    case 'evaluate':
      return prepareEvaluate(context, round);
    case 'find-failures':
      return prepareFindFailures(context, round, options);
  }
}
