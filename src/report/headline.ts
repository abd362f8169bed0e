import type { FailureRate, Headline } from './report-data.ts';
import { countWithdrawn, labeledPicks, type ReportFacts } from './report-facts.ts';
import { poolInterval } from './round-figures.ts';

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
    failureRate: failureRateOf(outcomes),
    poolFailureRate: failureRateOf(outcomes, 'pool'),
    heldOutScore: last?.heldOutScore ?? null,
    testScore: last?.testScore ?? null,
    score: last?.figures?.test?.score ?? null,
    gain: last?.improvement ?? null,
    gainOn: last?.comparedOn ?? null,
    gainFigure: last?.gain ?? null,
    selection: status.selection?.sentence ?? null,
    hardness: status.selection?.hardness ?? null,
    stop: stop?.message ?? null,
    next: { line: String(command.line), because: command.because },
  };
}

type Outcome = NonNullable<ReportFacts['status']['rounds'][number]['outcome']>;

/**
 * The failure rate of the last model on the test set, beside that of the first model on the same items; without a test
 * set, on the instructions of the pool that both answered.
 */
function failureRateOf(outcomes: readonly Outcome[], wanted: FailureRate['on'] = 'test'): FailureRate | null {
  const last = outcomes.findLast(({ failureRate, figures }) => failureRate !== null || figures?.test != null);
  if (last === undefined) return null;
  const first = outcomes[0]!;
  const test = last.figures?.test;
  const on = wanted === 'test' && test != null && test.from !== 'held-out-labels' ? 'test' : 'pool';
  const change = last.figures?.changes.find((one) => one.on === on && one.since === first.round);
  const known =
    on === 'test' && test != null
      ? { count: test.failureRate.count, last: test.failureRate.mean, interval: test.failureRate.interval! }
      : poolRate(last, change?.count, change?.after);
  return known === null ? null : { on, ...known, first: change?.before ?? null, change: change?.failureRate ?? null };
}

/** On the items that the first model answered too, or on all. */
function poolRate(outcome: Outcome, count = outcome.evaluated, rate = outcome.failureRate) {
  const interval = poolInterval({ failureRate: rate, evaluated: count });
  return rate === null || interval === null ? null : { count, last: rate, interval };
}
