import { BudgetExceededError } from '../domain/errors.ts';
import type { CampaignCaps, CampaignRoom } from '../domain/expense.ts';
import { formatUsdExactly, type MicroUsd } from '../domain/money.ts';
import { command, sentence } from '../domain/wording.ts';
import type { CampaignConfig } from './config/campaign-config.ts';
import type { StepPlan } from './step-outcome.ts';

/** What a round needs beside its labels. Without it people would be paid for labels that are not used. */
export interface RoundNeeds {
  /** The most that training on the labels so far can cost. */
  readonly trainingMicroUsd: MicroUsd;
  /** The most that judging the held-out items and one more answer can cost. */
  readonly llmMicroUsd: MicroUsd;
}

export const NO_NEEDS: RoundNeeds = { trainingMicroUsd: 0, llmMicroUsd: 0 };

/** The remaining budget, less what the round needs from a shared total beside its labels. */
export function roomForLabels(room: CampaignRoom, { trainingMicroUsd, llmMicroUsd }: RoundNeeds): CampaignRoom {
  const { labelMicroUsd, totalMicroUsd } = room;
  if (labelMicroUsd === undefined || totalMicroUsd === undefined) return room;
  return {
    ...room,
    labelMicroUsd: Math.max(0, Math.min(labelMicroUsd, totalMicroUsd - trainingMicroUsd - llmMicroUsd)),
  };
}

/** The caps of winnow.yaml. */
export function budgetCaps({ budget }: Pick<CampaignConfig, 'budget'>): CampaignCaps {
  return {
    llmMicroUsd: budget.llmUsd,
    labels: budget.labels,
    labelMicroUsd: budget.labelUsd,
    trainingMicroUsd: budget.trainingUsd,
    totalMicroUsd: budget.totalUsd,
  };
}

/**
 * Checks that a step cannot exceed a cap, before it starts.
 * @throws BudgetExceededError naming the cap to raise
 */
export function checkRoom({ step, llmMicroUsd, trainingMicroUsd }: StepPlan, room: CampaignRoom): void {
  check(step, 'LLMs', llmMicroUsd.worstCase, room.llmMicroUsd, 'budget.llmUsd or budget.totalUsd');
  check(step, 'training', trainingMicroUsd, room.trainingMicroUsd, 'budget.trainingUsd or budget.totalUsd');
}

function check(step: string, what: string, worstCase: MicroUsd, left: MicroUsd | undefined, cap: string): void {
  if (left === undefined || worstCase <= left) return;
  throw new BudgetExceededError(
    `The step "${step}" could cost ${formatUsdExactly(worstCase)}, but only ${formatUsdExactly(left)} is left for ${what}. It was not started.`,
    {
      cap: 'usd',
      limit: left,
      callsUnderWay: 0,
      hint: sentence`Raise ${cap} in winnow.yaml, then run ${command('next')}.`,
    },
  );
}
