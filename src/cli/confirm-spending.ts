import { confirm, isCancel } from '@clack/prompts';
import { UsageError } from '../domain/errors.ts';
import { formatUsd, type Range } from '../domain/money.ts';
import { print } from './print.ts';
import type { Terminal } from './terminal.ts';

/** Something that costs money, as whoever pays is asked about it. */
export interface Spending {
  /** "This run", "This step". */
  readonly what: string;
  readonly costMicroUsd: Range;
  /** Shown before the question; ends with a newline. */
  readonly details: string;
  /** What to do where nobody can be asked. */
  readonly advice: string;
}

/**
 * Shows what something costs and asks whether it may be paid for.
 * @param options.stdinIsTaken whether standard input holds something other than a person's answers
 * @throws UsageError where nobody can answer
 */
export async function confirmSpending(
  { what, costMicroUsd, details, advice }: Spending,
  terminal: Terminal,
  { stdinIsTaken = false } = {},
): Promise<boolean> {
  const cost = `${formatUsd(costMicroUsd.expected)} expected, ${formatUsd(costMicroUsd.worstCase)} at worst`;
  if (stdinIsTaken || !isInteractive(terminal)) {
    throw new UsageError(`${what} costs money (${cost}) and nobody can be asked here.`, advice);
  }
  print(terminal, terminal.stderr, `${details}\n`);
  const answer = await confirm({
    message: `Spend it? (${cost})`,
    initialValue: false,
    input: terminal.stdin,
    output: terminal.stderr,
  });
  return !isCancel(answer) && answer;
}

/** Whether somebody is there to be asked. */
export function isInteractive({ stdin, stderr }: Terminal): boolean {
  return stdin.isTTY === true && stderr.isTTY === true;
}
