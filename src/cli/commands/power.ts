import type { Command } from 'commander';
import { UsageError } from '../../domain/errors.ts';
import { CHANGED_SHARE, detectableDifference, testLabelsFor } from '../../math/test-power.ts';
import { renderPower } from '../output/render-power.ts';
import { print, printJson } from '../print.ts';
import type { Terminal } from '../terminal.ts';
import { decimal } from './option-values.ts';

/** Option values as commander hands them over. */
export interface PowerFlags {
  readonly power?: number | true;
  readonly failureRate: number;
  readonly changed: number;
  readonly json?: boolean;
}

const FAILURE_RATE = 60;
const POINTS = [3, 5, 10, 15, 20, 30];
const LABELS = [20, 30, 50, 100, 200, 500];

/** Adds `--power` to `plan`, which then needs neither a pool nor a count. */
export function addPowerOptions(command: Command): Command {
  command.registeredArguments[0]?.argOptional();
  command.options.find((option) => option.attributeName() === 'count')?.makeOptionMandatory(false);
  return command
    .optionsGroup('Test labels:')
    .option('--power [points]', 'show how many test labels tell a difference of that many points', decimal)
    .option('--failure-rate <percent>', 'with --power: the failure rate you expect', decimal, FAILURE_RATE)
    .option(
      '--changed <percent>',
      'with --power: the items on which two models differ, one passing and one failing',
      decimal,
      100 * CHANGED_SHARE,
    );
}

/**
 * `winnow plan --power`.
 * @throws UsageError for a pool, which it does not read, and for percentages out of range
 */
export function showPower(pool: readonly string[], flags: PowerFlags, terminal: Terminal): void {
  const { power, failureRate, changed, json } = flags;
  if (pool.length > 0) throw new UsageError('--power reads no pool.', 'Leave the file out: winnow plan --power');
  for (const [name, value] of [
    ['--failure-rate', failureRate],
    ['--changed', changed],
    ...(typeof power === 'number' ? ([['--power', power]] as const) : []),
  ] as const) {
    if (value > 0 && value < 100) continue;
    throw new UsageError(`${name} is ${value}.`, 'Give a percentage above 0 and below 100.');
  }
  const deviation = Math.sqrt(changed / 100);
  const points = typeof power === 'number' ? [power] : POINTS;
  const labels = typeof power === 'number' ? [testLabelsFor(power / 100, deviation)] : LABELS;
  const result = {
    failureRate: failureRate / 100,
    changed: changed / 100,
    differences: points.map((one) => ({ points: one, testLabels: testLabelsFor(one / 100, deviation) })),
    testLabels: labels.map((count) => ({ count, points: 100 * detectableDifference(count, deviation) })),
  };
  if (json) printJson(terminal, result);
  else print(terminal, terminal.stdout, renderPower(result, terminal.width));
}
