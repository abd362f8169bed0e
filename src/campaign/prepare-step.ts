import type { CampaignContext } from './campaign-context.ts';
import type { StepName } from './next-step.ts';
import { choosablePositions } from './position.ts';
import type { PreparedStep } from './step-outcome.ts';
import type { NextOptions, StepDetails } from './step-result.ts';

/** Everything of a step that costs nothing: what it will do and can cost. Each step is loaded when it is due. */
export async function prepareStep(
  context: CampaignContext,
  step: StepName,
  round: number,
  options: NextOptions,
): Promise<PreparedStep<StepDetails[StepName]>> {
  switch (step) {
    case 'add-pool':
      return (await import('./steps/add-pool.ts')).prepareAddPool(context, round);
    case 'judge-quality':
      return (await import('./steps/judge-quality.ts')).prepareJudgeQuality(context, round, options);
    case 'plan-round':
      return (await import('./steps/plan-round.ts')).preparePlanRound(
        context,
        round,
        await choosablePositions(context, round),
      );
    case 'select':
      return (await import('./steps/select-instructions.ts')).prepareSelect(
        context,
        context.state.rounds.plans()[round - 1]!,
        options,
      );
    case 'export':
      return (await import('./steps/export-tasks.ts')).prepareExport(context, round);
    case 'wait-for-labels':
      return (await import('./steps/wait-for-labels.ts')).prepareWaitForLabels(context, round, options);
    case 'train':
      return (await import('./steps/train-model.ts')).prepareTrain(context, round);
    case 'evaluate':
      return (await import('./steps/evaluate-model.ts')).prepareEvaluate(context, round);
    case 'find-failures':
      return (await import('./steps/find-failures.ts')).prepareFindFailures(context, round, options);
  }
}
