import type { CampaignStatus, RoundStatus } from '../../campaign/status.ts';
import type { AccountTotals } from '../../domain/expense.ts';
import { formatUsdExactly, type MicroUsd } from '../../domain/money.ts';
import { colors } from './colors.ts';
import { formatCount, formatExactUsd, formatPairs, formatScore, plural } from './format.ts';
import { describeAgreement } from './render-import.ts';
import { safeLine } from './safe-text.ts';
import { type Column, renderTable } from './table.ts';

const LONGEST_TEXT = 400;
const LONGEST_PATH = 60;
const SHOWN_FILES = 3;

/**
 * A campaign at one moment, for people.
 * @param options.exact money to the micro-dollar
 */
export function renderStatus(status: CampaignStatus, options: { width: number; exact: boolean }): string {
  const { rounds, command } = status;
  const { width, exact } = options;
  const trained = rounds.filter(({ model }) => model !== null);
  const sections = [
    `${colors.bold(safeLine(status.folder, LONGEST_TEXT))}\n${formatPairs(overview(status))}`,
    ...(rounds.length > 0 ? [`${colors.bold('Rounds')}\n${renderTable(ROUND_COLUMNS, rounds, width)}`] : []),
    ...(trained.length > 0
      ? [`${colors.bold('Seed models')}, with mean scores from 1 to 10\n${renderTable(MODEL_COLUMNS, trained, width)}`]
      : []),
    `${colors.bold('Money')}\n${renderMoney(status, width, exact)}`,
    status.stop === null
      ? `${colors.bold('Next')}  ${colors.bold(colors.green(safeLine(command.line, LONGEST_TEXT)))}\n      ${safeLine(command.because, LONGEST_TEXT)}`
      : `${colors.bold('Ended')}  ${safeLine(status.stop.message, LONGEST_TEXT)}`,
  ];
  return `${sections.join('\n\n')}\n`;
}

function overview({ pool, labels, room }: CampaignStatus): [string, string][] {
  const names = pool.files.slice(0, SHOWN_FILES).map(({ path }) => safeLine(path, LONGEST_PATH));
  if (pool.files.length > names.length) names.push(`${pool.files.length - names.length} more`);
  const counts = [
    [labels.rejected, 'rejected'],
    [labels.skipped, 'skipped'],
    [labels.awaited, 'awaited'],
  ] as const;
  const others = counts.filter(([count]) => count > 0).map(([count, what]) => `, ${formatCount(count)} ${what}`);
  const left = room.labels === undefined ? '' : `; ${formatCount(room.labels)} more may be asked for`;
  return [
    [
      'pool',
      names.length === 0 ? 'not read yet' : `${plural(pool.instructions, 'instruction')} from ${names.join(', ')}`,
    ],
    ['labels', `${formatCount(labels.labeled)} labeled${others.join('')}${left}`],
    ...(labels.agreement === null ? [] : [['agreement', describeAgreement(labels.agreement)] as [string, string]]),
  ];
}

const ROUND_COLUMNS: readonly Column<RoundStatus>[] = [
  { title: 'round', value: ({ number }) => String(number), align: 'right' },
  { title: 'kind', value: ({ kind }) => kind },
  { title: 'strategy', value: ({ strategy }) => strategy, shrinksTo: 8 },
  {
    title: 'selected',
    value: ({ planned, selected }) =>
      selected === planned ? formatCount(selected) : `${formatCount(selected)} of ${formatCount(planned)}`,
    align: 'right',
  },
  { title: 'labeled', value: ({ labeled }) => formatCount(labeled), align: 'right' },
  { title: 'awaited', value: ({ awaited }) => formatCount(awaited), align: 'right' },
  { title: 'rejected', value: ({ rejected }) => formatCount(rejected), align: 'right', hiddenIfAll: '0' },
  { title: 'skipped', value: ({ skipped }) => formatCount(skipped), align: 'right', hiddenIfAll: '0' },
];

const MODEL_COLUMNS: readonly Column<RoundStatus>[] = [
  { title: 'round', value: ({ number }) => String(number), align: 'right' },
  { title: 'model', value: ({ model }) => model ?? '–', shrinksTo: 12 },
  { title: 'fails at', value: ({ outcome }) => describeFailures(outcome), align: 'right' },
  { title: 'pool', value: ({ outcome }) => formatScore(outcome?.poolScore ?? null), align: 'right' },
  {
    title: 'held-out',
    value: ({ outcome }) => formatScore(outcome?.heldOutScore ?? null),
    align: 'right',
    hiddenIfAll: '–',
  },
  { title: 'test', value: ({ outcome }) => formatScore(outcome?.testScore ?? null), align: 'right', hiddenIfAll: '–' },
  {
    title: 'gain',
    value: ({ outcome }) => describeGain(outcome?.improvement ?? null),
    align: 'right',
    hiddenIfAll: '–',
  },
  { title: 'radius', value: ({ outcome }) => formatScore(outcome?.coverageRadius ?? null, 3), align: 'right' },
];

/** On what both this model and the one before answered. */
function describeGain(improvement: number | null): string {
  return improvement === null ? '–' : `${improvement < 0 ? '−' : '+'}${Math.abs(improvement).toFixed(2)}`;
}

function describeFailures(outcome: RoundStatus['outcome']): string {
  if (outcome === null) return 'not evaluated';
  const { failureRate, evaluated } = outcome;
  return failureRate === null ? '–' : `${(100 * failureRate).toFixed(1)} % of ${formatCount(evaluated)}`;
}

interface MoneyRow extends AccountTotals {
  readonly account: string;
  readonly left: MicroUsd | undefined;
}

function renderMoney({ spending, room }: CampaignStatus, width: number, exact: boolean): string {
  const rows: MoneyRow[] = [
    { account: 'LLM calls', ...spending.llm, left: room.llmMicroUsd },
    { account: 'labels', ...spending.labels, left: room.labelMicroUsd },
    { account: 'training', ...spending.training, left: room.trainingMicroUsd },
    { account: 'total', ...spending.total, left: room.totalMicroUsd },
  ];
  // What is left must not be rounded up.
  const money = exact ? formatExactUsd : formatUsdExactly;
  const columns: readonly Column<MoneyRow>[] = [
    { title: 'account', value: ({ account }) => account },
    { title: 'spent', value: ({ settledMicroUsd }) => money(settledMicroUsd), align: 'right' },
    { title: 'set aside', value: ({ reservedMicroUsd }) => money(reservedMicroUsd), align: 'right' },
    { title: 'left', value: ({ left }) => (left === undefined ? 'no cap' : money(left)), align: 'right' },
  ];
  return renderTable(columns, rows, width);
}
