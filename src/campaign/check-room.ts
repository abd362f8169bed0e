import { BudgetExceededError } from '../domain/errors.ts';
import type { CampaignRoom } from '../domain/expense.ts';
import { formatUsdExactly, type MicroUsd } from '../domain/money.ts';
import { command, sentence } from '../domain/wording.ts';
import type { StepPlan } from './step-result.ts';

/**
 * No step is begun that could pass a cap.
 * @throws BudgetExceededError naming the cap to raise
 */
export function checkRoom({ step, llmMicroUsd, trainingMicroUsd }: StepPlan, room: CampaignRoom): void {
  check(step, 'LLMs', llmMicroUsd.worstCase, room.llmMicroUsd, 'budget.llmUsd or budget.totalUsd');
  check(step, 'training', trainingMicroUsd, room.trainingMicroUsd, 'budget.trainingUsd or budget.totalUsd');
}

function check(step: string, what: string, worstCase: MicroUsd, left: MicroUsd | undefined, cap: string): void {
  if (left === undefined || worstCase <= left) return;
  throw new BudgetExceededError(
    `The step "${step}" could cost ${formatUsdExactly(worstCase)} and ${formatUsdExactly(left)} is left for ${what}. Nothing of it was begun.`,
    { cap: 'usd', callsUnderWay: 0, hint: sentence`Raise ${cap} in winnow.yaml, then run ${command('next')}.` },
  );
}
