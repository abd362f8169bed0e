import { UsageError } from '../domain/errors.ts';
import { formatUsd, type Range } from '../domain/money.ts';
import { print } from './print.ts';
import type { Terminal } from './terminal.ts';

/** Something that costs money, as shown when asking for confirmation. */
export interface Spending {
  /** "This run", "This step". */
  readonly what: string;
  readonly costMicroUsd: Range;
  /** Shown before the question; ends with a newline. */
  readonly details: string;
  /** What to do without a terminal. */
  readonly advice: string;
}

/**
 * Shows a cost and asks for confirmation.
 * @param options.stdinIsTaken whether standard input holds something other than a person's answers
 * @throws UsageError without a terminal to ask on
 */
export async function confirmSpending(
  { what, costMicroUsd, details, advice }: Spending,
  terminal: Terminal,
  { stdinIsTaken = false } = {},
): Promise<boolean> {
  const cost = `${formatUsd(costMicroUsd.expected)} expected, ${formatUsd(costMicroUsd.worstCase)} at worst`;
  if (stdinIsTaken || !isInteractive(terminal)) {
    throw new UsageError(`${what} costs money (${cost}), and there is no terminal to ask for confirmation.`, advice);
  }
  print(terminal, terminal.stderr, `${details}\n`);
  const { confirm, isCancel } = await import('@clack/prompts');
  const answer = await confirm({
    message: `Accept this cost? (${cost})`,
    initialValue: false,
    input: terminal.stdin,
    output: terminal.stderr,
  });
  return !isCancel(answer) && answer;
}

/** Whether a person can be asked. */
export function isInteractive({ stdin, stderr }: Terminal): boolean {
  return stdin.isTTY === true && stderr.isTTY === true;
}
