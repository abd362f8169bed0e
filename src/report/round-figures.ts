import { shareInterval } from '../math/share-interval.ts';
import type { RoundFigures } from './report-data.ts';
import { countWithdrawn, type ReportFacts } from './report-facts.ts';

/** The plan and the outcome of each round, with the threshold of that round. */
export function roundFigures({ status, picks, plannedAtMs }: ReportFacts): RoundFigures[] {
  return status.rounds.map(({ number, kind, strategy, outcome, ...round }) => ({
    number,
    kind,
    strategy,
    plannedAtMs: plannedAtMs.get(number)!,
    picked: round.selected,
    labeled: round.labeled,
    rejected: round.rejected,
    skipped: round.skipped,
    awaited: round.awaited,
    withdrawn: countWithdrawn(picks.filter((pick) => pick.round === number)),
    model: round.model,
    evaluated: outcome?.evaluated ?? null,
    failures: outcome?.failures ?? null,
    failureRate: outcome?.failureRate ?? null,
    threshold: outcome?.threshold ?? null,
    poolScore: outcome?.poolScore ?? null,
    heldOutScore: outcome?.heldOutScore ?? null,
    testScore: outcome?.testScore ?? null,
    gain: outcome?.improvement ?? null,
    gainOn: outcome?.comparedOn ?? null,
    gainFigure: outcome?.gain ?? null,
    failureInterval: outcome === null ? null : poolInterval(outcome),
    test: testFigures(outcome),
    sinceFirst: sinceFirst(outcome),
  }));
}

/** Of the failure rate on the pool. */
export function poolInterval({ failureRate, evaluated }: Pick<Outcome, 'failureRate' | 'evaluated'>) {
  return failureRate === null || evaluated === 0 ? null : shareInterval(failureRate * evaluated, evaluated);
}

type Outcome = NonNullable<ReportFacts['status']['rounds'][number]['outcome']>;

function sinceFirst(outcome: Outcome | null): RoundFigures['sinceFirst'] {
  const changes = outcome?.figures?.changes ?? [];
  const earliest = Math.min(...changes.map(({ since }) => since));
  const change =
    changes.find(({ since, on }) => since === earliest && on === 'pool') ??
    changes.find(({ since }) => since === earliest);
  if (change === undefined) return null;
  const { since, on, count, before, after, score } = change;
  return { round: since, on, count, failureRate: { before, after }, score };
}

function testFigures(outcome: Outcome | null): RoundFigures['test'] {
  const test = outcome?.figures?.test ?? null;
  if (test === null) return null;
  const { from: _, ...figures } = test;
  return figures;
}
