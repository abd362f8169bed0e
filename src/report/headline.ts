import type { Headline } from './report-data.ts';
import { countWithdrawn, labeledPicks, type ReportFacts } from './report-facts.ts';

/** The most important figures. */
export function headlineOf(facts: ReportFacts): Headline {
  const { status, picks } = facts;
  const { pool, rounds, labels, spending, command, stop } = status;
  const useful = labeledPicks(facts).length;
  const outcomes = rounds.flatMap(({ outcome }) => (outcome === null ? [] : [outcome]));
  const last = outcomes.findLast(({ heldOutScore, testScore }) => heldOutScore !== null || testScore !== null);
  return {
    instructions: pool.instructions,
    poolFiles: pool.files.length,
    rounds: rounds.length,
    picked: picks.length,
    labeled: labels.labeled,
    rejected: labels.rejected,
    skipped: labels.skipped,
    awaited: labels.awaited,
    withdrawn: countWithdrawn(picks),
    spentMicroUsd: spending.total.settledMicroUsd,
    reservedMicroUsd: spending.total.reservedMicroUsd,
    microUsdPerUsefulLabel: useful === 0 ? null : Math.round(spending.total.settledMicroUsd / useful),
    failureRate: firstAndLast(outcomes.map(({ failureRate }) => failureRate)),
    heldOutScore: last?.heldOutScore ?? null,
    testScore: last?.testScore ?? null,
    gain: last?.improvement ?? null,
    gainOn: last?.comparedOn ?? null,
    stop: stop?.message ?? null,
    next: { line: String(command.line), because: command.because },
  };
}

function firstAndLast(values: readonly (number | null)[]): { first: number; last: number } | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : { first: known[0]!, last: known.at(-1)! };
}
