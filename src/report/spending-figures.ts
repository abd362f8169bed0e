import type { CampaignConfig } from '../campaign/config/campaign-config.ts';
import type { SpendingFigures } from './report-data.ts';
import { type EntryFacts, labeledPicks, type ReportFacts } from './report-facts.ts';

const ACCOUNTS = ['llm', 'labels', 'training', 'total'] as const;

type SpendingRow = SpendingFigures['byKindAndRound'][number];

/** What was spent, and on what. The rows add up exactly to the accounts. */
export function spendingFigures(facts: ReportFacts, { budget }: Pick<CampaignConfig, 'budget'>): SpendingFigures {
  const { status, entries } = facts;
  const caps = {
    llm: budget.llmUsd,
    labels: budget.labelUsd,
    training: budget.trainingUsd,
    total: budget.totalUsd,
  };
  const byKindAndRound = sumRows(entries, roundFinder(facts));
  return {
    accounts: ACCOUNTS.map((account) => {
      const { settledMicroUsd, reservedMicroUsd } = status.spending[account];
      return { account, settledMicroUsd, reservedMicroUsd, capMicroUsd: caps[account] ?? null };
    }),
    byKindAndRound,
    perUsefulLabel: perUsefulLabel(facts, byKindAndRound),
  };
}

/** By round and kind. Released reservations cost nothing and are left out. */
function sumRows(entries: readonly EntryFacts[], roundOf: (entry: EntryFacts) => number): SpendingRow[] {
  const rows = new Map<string, { -readonly [Key in keyof SpendingRow]: SpendingRow[Key] }>();
  for (const entry of entries) {
    if (entry.state === 'released') continue;
    const { kind, account, state, costMicroUsd, inputTokens, outputTokens } = entry;
    const round = roundOf(entry);
    const key = `${round} ${kind}`;
    const nothing = { settledMicroUsd: 0, reservedMicroUsd: 0, calls: 0, inputTokens: 0, outputTokens: 0 };
    const row = rows.get(key) ?? { kind, round, ...nothing };
    rows.set(key, row);
    if (state === 'settled') row.settledMicroUsd += costMicroUsd;
    // Lost calls may have been billed, so their cost stays set aside.
    else row.reservedMicroUsd += costMicroUsd;
    row.calls += account === 'llm' ? 1 : 0;
    row.inputTokens += inputTokens;
    row.outputTokens += outputTokens;
  }
  return [...rows.values()].sort((a, b) => a.round - b.round || (a.kind < b.kind ? -1 : 1));
}

/** Finds the round of an entry: an expense names its round; a call belongs to the last round planned before it started. */
function roundFinder({ plannedAtMs, picks }: ReportFacts): (entry: EntryFacts) => number {
  const planned = [...plannedAtMs].sort(([a], [b]) => b - a);
  const roundOfItem = new Map(picks.map(({ position, round }) => [position, round]));
  return ({ round, position, startedAtMs }) => {
    if (round !== null) return round;
    const ofItem = position === null ? undefined : roundOfItem.get(position);
    return ofItem ?? planned.find(([, atMs]) => atMs <= startedAtMs)?.[0] ?? 0;
  };
}

function perUsefulLabel(facts: ReportFacts, rows: readonly SpendingRow[]): SpendingFigures['perUsefulLabel'] {
  const useful = labeledPicks(facts);
  return facts.plans.map(({ number }) => {
    const spentMicroUsd = rows
      .filter(({ round }) => round <= number)
      .reduce((sum, row) => sum + row.settledMicroUsd, 0);
    const usefulLabels = useful.filter(({ round }) => round <= number).length;
    const microUsdPerLabel = usefulLabels === 0 ? null : Math.round(spentMicroUsd / usefulLabels);
    return { round: number, spentMicroUsd, usefulLabels, microUsdPerLabel };
  });
}
