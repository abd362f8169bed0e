import type { Account, CampaignSpending, LedgerEntry } from '../../domain/expense.ts';
import type { MicroUsd } from '../../domain/money.ts';
import { colors } from './colors.ts';
import { formatCount, formatExactUsd, plural } from './format.ts';
import { RECOUNTED } from './render-run.ts';
import { type Column, renderTable } from './table.ts';

/** What the entries of one account, or of all, come to. */
export interface LedgerSum {
  readonly account: Account | 'total';
  readonly entries: number;
  readonly settledMicroUsd: MicroUsd;
  /** Under way, awaited, or perhaps billed. */
  readonly reservedMicroUsd: MicroUsd;
}

const ACCOUNTS = ['llm', 'labels', 'training'] as const;

/** Adds the entries up: by account, then all of them. */
export function sumLedger(entries: readonly LedgerEntry[]): LedgerSum[] {
  const sum = (account: LedgerSum['account']): LedgerSum => {
    const those = entries.filter((entry) => account === 'total' || entry.account === account);
    const cost = (states: readonly LedgerEntry['state'][]) =>
      those.reduce((total, { state, costMicroUsd }) => total + (states.includes(state) ? costMicroUsd : 0), 0);
    return {
      account,
      entries: those.length,
      settledMicroUsd: cost(['settled']),
      // What is released costs nothing.
      reservedMicroUsd: cost(['reserved', 'lost']),
    };
  };
  return [...ACCOUNTS, 'total' as const].map(sum);
}

/** Whether the sums match the accounts. They differ if another process spent money between the two reads. */
export function sumsAgree(sums: readonly LedgerSum[], spending: CampaignSpending): boolean {
  return sums.every(
    ({ account, settledMicroUsd, reservedMicroUsd }) =>
      spending[account].settledMicroUsd === settledMicroUsd && spending[account].reservedMicroUsd === reservedMicroUsd,
  );
}

/** Every entry, a line each, and what they add up to. */
export function renderLedger(
  entries: readonly LedgerEntry[],
  sums: readonly LedgerSum[],
  { width, agrees }: { readonly width: number; readonly agrees: boolean },
): string {
  const verdict = agrees
    ? 'The sums match the accounts above, to the micro-dollar.'
    : colors.yellow('Another process spent money while this was read. Run the command again for matching sums.');
  return [
    `${colors.bold('Ledger')}, ${plural(entries.length, 'entry', 'entries')}; oldest first, times in UTC`,
    ...(entries.length > 0 ? [renderTable(ENTRY_COLUMNS, entries, width)] : []),
    ...(entries.some(({ reported }) => reported !== null) ? [`  * ${RECOUNTED}`] : []),
    '',
    colors.bold('Sums'),
    renderTable(SUM_COLUMNS, sums, width),
    `  ${verdict}`,
  ]
    .join('\n')
    .concat('\n');
}

/** A star where the server gave another number. */
function marked(tokens: number, reported: LedgerEntry['reported']): string {
  return `${reported === null ? '' : '*'}${formatCount(tokens)}`;
}

const ENTRY_COLUMNS: readonly Column<LedgerEntry>[] = [
  { title: 'started', value: ({ startedAtMs }) => new Date(startedAtMs).toISOString().slice(5, 16).replace('T', ' ') },
  {
    title: 'for',
    value: ({ account, kind, subject }) => (account === 'llm' ? `${kind}, ${subject}` : subject),
    // The id of an item is at its end.
    shrinksTo: 28,
  },
  { title: 'model', value: ({ model }) => model ?? '–', shrinksTo: 8, hiddenIfAll: '–', drops: 'last' },
  {
    title: 'in',
    value: ({ inputTokens, reported }) => marked(inputTokens, reported),
    align: 'right',
    hiddenIfAll: '0',
  },
  { title: 'out', value: ({ outputTokens }) => formatCount(outputTokens), align: 'right', hiddenIfAll: '0' },
  { title: 'labels', value: ({ labels }) => formatCount(labels), align: 'right', hiddenIfAll: '0', drops: 'first' },
  { title: 'state', value: ({ state }) => state },
  { title: 'cost', value: ({ costMicroUsd }) => formatExactUsd(costMicroUsd), align: 'right' },
];

const SUM_COLUMNS: readonly Column<LedgerSum>[] = [
  { title: 'account', value: ({ account }) => (account === 'llm' ? 'LLM calls' : account) },
  { title: 'entries', value: ({ entries }) => formatCount(entries), align: 'right' },
  { title: 'spent', value: ({ settledMicroUsd }) => formatExactUsd(settledMicroUsd), align: 'right' },
  { title: 'set aside', value: ({ reservedMicroUsd }) => formatExactUsd(reservedMicroUsd), align: 'right' },
  {
    title: 'both',
    value: ({ settledMicroUsd, reservedMicroUsd }) => formatExactUsd(settledMicroUsd + reservedMicroUsd),
    align: 'right',
  },
];
