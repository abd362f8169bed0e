import type { Evaluation } from '../domain/round.ts';
import { meanInterval } from '../math/statistics.ts';
import { NECESSITY } from '../selection/judges/criteria.ts';
import type { RoundFigures } from './report-data.ts';
import { countWithdrawn, type ReportFacts } from './report-facts.ts';

/** The plan and the outcome of each round, with the threshold of that round. */
export function roundFigures({ status, picks, plannedAtMs, evaluations }: ReportFacts): RoundFigures[] {
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
    heldOutInterval: outcome === null ? null : heldOutInterval(evaluations.get(number) ?? []),
  }));
}

function heldOutInterval(evaluations: readonly Evaluation[]): RoundFigures['heldOutInterval'] {
  const scores = evaluations.flatMap(({ subset, score }) => (subset === 'held-out' && score !== null ? [score] : []));
  const interval = scores.length === 0 ? undefined : meanInterval(scores).interval;
  // With few scores it may reach beyond the scale.
  const { min, max } = NECESSITY.scale;
  return interval === undefined ? null : { low: Math.max(min, interval.low), high: Math.min(max, interval.high) };
}
