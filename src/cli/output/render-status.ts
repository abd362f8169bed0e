import type { CampaignStatus } from '../../campaign/status.ts';
import { formatUsdBriefly } from '../../domain/money.ts';
import type { NextCommands, TypedCommand } from '../next-command.ts';
import { colors } from './colors.ts';
import { foldLines } from './fold-lines.ts';
import { formatCount, formatPairs, plural } from './format.ts';
import { describeCalibration } from './render-calibration.ts';
import { describeAgreement } from './render-import.ts';
import { renderCaps, renderMoney } from './render-money.ts';
import { renderPeople } from './render-people.ts';
import { failurePairs, renderModels, renderRounds } from './render-rounds.ts';
import { noteLines } from './render-run.ts';
import { safeLine } from './safe-text.ts';

const LONGEST_TEXT = 400;
const LONGEST_PATH = 60;
const SHOWN_FILES = 3;

/** A status with its commands as they are typed. */
export type ShownStatus = Omit<CampaignStatus, keyof NextCommands> & NextCommands;

/**
 * A campaign at one moment, for people: its state, its history, and the next command.
 * @param options.exact money to the micro-dollar
 */
export function renderStatus(status: ShownStatus, options: { width: number; exact: boolean }): string {
  const { rounds } = status;
  const { width, exact } = options;
  const sections = [
    [
      foldLines(colors.bold(headline(status)), width),
      // The user's own, and to be copied: never broken.
      colors.dim(safeLine(status.folder, LONGEST_TEXT)),
      foldLines(formatPairs(overview(status)), width),
    ].join('\n'),
    ...(rounds.length > 0 ? [renderRounds(rounds, width)] : []),
    renderModels(rounds, width),
    renderPeople(status.labels.people, width),
    ...(hasSpent(status) || exact ? [renderMoney(status, width, exact)] : []),
    renderCaps(status, width),
    ...(status.notes.length > 0 ? [foldLines(noteLines(status.notes).join('\n'), width)] : []),
    foldLines(ending(status), width),
  ];
  return `${sections.filter((section) => section !== undefined).join('\n\n')}\n`;
}

/** Before anything is spent, the caps alone show what is left. */
function hasSpent({ spending: { total } }: ShownStatus): boolean {
  return total.settledMicroUsd + total.reservedMicroUsd > 0;
}

function headline(status: ShownStatus): string {
  const { rounds, labels, spending } = status;
  const { settledMicroUsd, reservedMicroUsd } = spending.total;
  return [
    whereItStands(status),
    ...(rounds.length > 0 && labels.awaited === 0 ? [`${plural(labels.labeled, 'label')} in`] : []),
    ...(settledMicroUsd > 0 ? [`${formatUsdBriefly(settledMicroUsd)} spent`] : []),
    ...(reservedMicroUsd > 0 ? [`${formatUsdBriefly(reservedMicroUsd)} set aside`] : []),
  ].join(', ');
}

function whereItStands({ rounds, stop }: ShownStatus): string {
  const last = rounds.at(-1);
  if (last === undefined) return 'Not started';
  if (stop !== null) return `Ended after ${plural(rounds.length, 'round')}`;
  const waits =
    last.awaited === 0 ? '' : ` waits for ${formatCount(last.awaited)} of ${plural(last.selected, 'label')}`;
  return `Round ${last.number}${waits}`;
}

function overview({ pool, labels, room, rounds, judges, selection }: ShownStatus): [string, string][] {
  const names = pool.files.slice(0, SHOWN_FILES).map(({ path }) => safeLine(path, LONGEST_PATH));
  if (pool.files.length > names.length) names.push(`${pool.files.length - names.length} more`);
  const counts = [
    [labels.rejected, 'rejected'],
    [labels.skipped, 'skipped'],
    [labels.awaited, 'awaited'],
  ] as const;
  const others = counts.filter(([count]) => count > 0).map(([count, what]) => `, ${formatCount(count)} ${what}`);
  const left = room.labels === undefined ? '' : `; ${formatCount(room.labels)} more allowed`;
  return [
    [
      'pool',
      names.length === 0 ? 'not read yet' : `${plural(pool.instructions, 'instruction')} from ${names.join(', ')}`,
    ],
    ['labels', `${formatCount(labels.labeled)} labeled${others.join('')}${left}`],
    ...(labels.agreement === null ? [] : [['agreement', describeAgreement(labels.agreement)] as [string, string]]),
    ...judges.flatMap(describeCalibration),
    ...failurePairs(rounds),
    ...(selection === null ? [] : [['selecting', selection.sentence] as [string, string]]),
    ...(selection === null || selection.hardness === null ? [] : [['', selection.hardness] as [string, string]]),
  ];
}

/** Why it ended, if it has, and what can be typed now: labels in a column of their own. */
function ending({ stop, command, alternatives }: ShownStatus): string {
  const [next, ...others] = stop === null ? [command, ...alternatives] : alternatives;
  const told: [string, ...string[]][] = [
    ...(stop === null ? [] : [['Ended', safeLine(stop.message, LONGEST_TEXT)] as [string, string]]),
    ...(next ? [commandLines('Next', next, colors.green)] : []),
    ...others.map((other) => commandLines('or', other, (line) => line)),
  ];
  const labelWidth = Math.max(...told.map(([label]) => label.length));
  const indent = ' '.repeat(labelWidth + 2);
  return told
    .map(([label, ...lines]) => `${colors.bold(label.padEnd(labelWidth))}  ${lines.join(`\n${indent}`)}`)
    .join('\n');
}

function commandLines(
  label: string,
  { line, because }: TypedCommand,
  paint: (text: string) => string,
): [string, string, string] {
  return [label, colors.bold(paint(safeLine(line, LONGEST_TEXT))), safeLine(because, LONGEST_TEXT)];
}
