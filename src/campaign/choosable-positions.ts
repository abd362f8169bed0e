import type { RoundPlan } from '../domain/round.ts';
import type { CampaignContext } from './campaign-context.ts';
import { eligiblePositions } from './eligible-positions.ts';
import { failuresOf } from './failures.ts';
import { type FindFailuresDetails, findFailuresDetails } from './step-details.ts';

/** What a round that is not planned yet could choose from, ascending. Near-duplicates are not checked here. */
export interface Choosable {
  readonly from: RoundPlan['from'];
  readonly positions: readonly number[];
}

/** What `rounds.necessity.select` chooses from everything that is unlabeled, failure or not. */
const FROM_POOL: ReadonlySet<string> = new Set(['pool', 'random', 'strategy']);

/**
 * Before there is a model, and in rounds that cover the pool or draw from it, instructions are chosen from the pool;
 * otherwise from the failures. If there are no failures but the pool has grown since the evaluation, they are chosen
 * from the pool again.
 */
export async function choosablePositions(context: CampaignContext, round: number): Promise<Choosable> {
  const eligible = await eligiblePositions(context);
  const { state, config } = context;
  const isSeed = state.models.models().length === 0;
  if (isSeed || FROM_POOL.has(config.rounds.necessity.select)) return { from: 'pool', positions: eligible };
  const failures = new Set(failuresOf(context, round - 1).map(({ position }) => position));
  const positions = eligible.filter((position) => failures.has(position));
  if (positions.length === 0 && newcomers(context, eligible) > 0) return { from: 'pool', positions: eligible };
  return { from: 'failures', positions };
}

/** How many came in since the last round's model was evaluated: from new files, or by another judgment of quality. */
export function newcomers(context: CampaignContext, eligible: readonly number[]): number {
  const last = roundOutcomes(context).at(-1);
  const leftOut = new Set(last && context.state.rounds.evaluationPlan(last.round)?.leftOut);
  return eligible.filter((position) => position >= (last?.instructions ?? 0) || leftOut.has(position)).length;
}

/** The outcome of each round, by the threshold at that time. */
export function roundOutcomes(context: CampaignContext): FindFailuresDetails[] {
  const { state } = context;
  return state.rounds.plans().flatMap(({ number }) => {
    const details = state.rounds.step(number, 'find-failures', findFailuresDetails);
    return details === undefined ? [] : [details];
  });
}
