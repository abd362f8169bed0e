import { confirm, isCancel } from '@clack/prompts';
import { formatUsd } from '../domain/money.ts';
import { UsageError } from '../errors/usage-error.ts';
import type { PickPlan } from '../pick/pick-plan.ts';
import { renderPlan } from './output/render-plan.ts';
import type { Terminal } from './terminal.ts';

/**
 * Shows the plan and asks whether it may be paid for.
 * @throws UsageError where nobody can answer
 */
export async function confirmSpending(plan: PickPlan, terminal: Terminal, stdinIsPool: boolean): Promise<boolean> {
  const { expected, worstCase } = plan.total.costMicroUsd;
  const cost = `${formatUsd(expected)} expected, ${formatUsd(worstCase)} at worst`;
  if (stdinIsPool || !terminal.stdin.isTTY || !terminal.stderr.isTTY) {
    throw new UsageError(
      `This run costs money (${cost}) and nobody can be asked here.`,
      'Add --yes to agree, with --max-usd to cap it; --plan shows the details.',
    );
  }
  terminal.stderr.write(`${renderPlan(plan, { prompt: false })}\n`);
  const answer = await confirm({
    message: `Spend it? (${cost})`,
    initialValue: false,
    input: terminal.stdin,
    output: terminal.stderr,
  });
  return !isCancel(answer) && answer;
}
