import type { CampaignContext } from './campaign-context.ts';
import { failuresOf } from './failures.ts';
import { worstCaseLabelMicroUsd } from './label-price.ts';
import type { CampaignPosition } from './next-step.ts';
import { STEPS } from './next-step.ts';
import { eligiblePositions } from './standing.ts';
import { pendingPoolFiles } from './steps/add-pool.ts';
import type { FindFailuresDetails } from './steps/find-failures.ts';
import { unratedPositions } from './steps/judge-quality.ts';
import { type StopEvidence, stopReason } from './stopping-rules.ts';

/**
 * Where a campaign stands now, by its state, its configuration and its pool files. Costs nothing.
 * @param options.retryFailed what got no usable judgment of quality is to be judged anew
 */
export async function campaignPosition(
  context: CampaignContext,
  { retryFailed = false }: { readonly retryFailed?: boolean | undefined } = {},
): Promise<CampaignPosition> {
  const { state } = context;
  const plan = state.rounds.plans().at(-1);
  const done = new Set(plan ? STEPS.filter((step) => state.rounds.step(plan.number, step) !== undefined) : []);
  const round = plan && { plan, done };
  // Within a round nothing else decides, and looking would cost time.
  if (round && !done.has('find-failures')) return { round, poolPending: false, qualityPending: 0, stop: undefined };
  const poolPending = (await pendingPoolFiles(context)).length > 0 || (await context.unboughtVectors());
  const qualityPending = poolPending ? 0 : (await unratedPositions(context, retryFailed)).length;
  const settled = !poolPending && qualityPending === 0;
  return { round, poolPending, qualityPending, stop: settled ? stopReason(await stopEvidence(context)) : undefined };
}

/** What a round that is not planned yet could choose from. */
export async function choosableCount(context: CampaignContext, round: number): Promise<number> {
  const eligible = await eligiblePositions(context);
  if (round === 1 || context.config.rounds.necessity.select === 'random') return eligible.length;
  const failures = new Set(failuresOf(context, round - 1).map(({ position }) => position));
  return eligible.filter((position) => failures.has(position)).length;
}

/** What each round came to, as it was found then; the number of failures as the threshold is now. */
export function roundOutcomes(context: CampaignContext): FindFailuresDetails[] {
  const { state } = context;
  return state.rounds.plans().flatMap(({ number }) => {
    const details = state.rounds.step(number, 'find-failures');
    return details === undefined ? [] : [details as unknown as FindFailuresDetails];
  });
}

async function stopEvidence(context: CampaignContext): Promise<StopEvidence> {
  const { state, config, labelPrice } = context;
  const outcomes = roundOutcomes(context);
  const rounds = state.rounds.plans().length;
  const last = outcomes.at(-1);
  return {
    rounds,
    mostRounds: config.rounds.most,
    room: state.ledger.room(),
    worstCaseLabelMicroUsd: worstCaseLabelMicroUsd(labelPrice),
    remaining: (await eligiblePositions(context)).length,
    outcomes: last
      ? [...outcomes.slice(0, -1), { ...last, failures: await choosableCount(context, rounds + 1) }]
      : outcomes,
    rules: config.stop,
  };
}
