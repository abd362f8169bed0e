import type { RoundPlan } from '../domain/round.ts';
import type { CampaignContext } from './campaign-context.ts';
import { failuresOf } from './failures.ts';
import { worstCaseLabelMicroUsd } from './label-price.ts';
import { type CampaignPosition, firstOpen, needsModel, openStep, STEPS } from './next-step.ts';
import { eligiblePositions } from './standing.ts';
import { pendingPoolFiles } from './steps/add-pool.ts';
import { evaluateDetails } from './steps/evaluate-model.ts';
import { type FindFailuresDetails, findFailuresDetails } from './steps/find-failures.ts';
import { unratedPositions } from './steps/judge-quality.ts';
import { type StopEvidence, stopReason } from './stopping-rules.ts';
import { hasTrainingLabel } from './training-split.ts';

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
  const finished = new Set(plan && state.rounds.stepsDone(plan.number));
  const done = new Set(STEPS.filter((step) => finished.has(step)));
  const round = plan && { plan, done };
  // Asked only where it decides, since it reads the pool.
  const isTrainable = !needsModel(firstOpen(round)) || (await hasTrainingLabel(context));
  // Within a round nothing else decides, and looking would cost time.
  if (openStep({ round, isTrainable })) {
    return { round, isTrainable, poolPending: false, qualityPending: 0, stop: undefined };
  }
  const poolPending = (await pendingPoolFiles(context)).length > 0 || (await context.unboughtVectors());
  const qualityPending = poolPending ? 0 : (await unratedPositions(context, retryFailed)).length;
  const settled = !poolPending && qualityPending === 0;
  const stop = settled ? stopReason(await stopEvidence(context)) : undefined;
  return { round, isTrainable, poolPending, qualityPending, stop };
}

/** What a round that is not planned yet could choose from, ascending. Near-duplicates are not looked for. */
export interface Choosable {
  readonly from: RoundPlan['from'];
  readonly positions: readonly number[];
}

/**
 * Before there is a model rounds choose from the pool, as do all where they draw at random; later ones from the
 * failures. Where there are none but the pool has grown since the evaluation, its model knows nothing of what came in:
 * from the pool again.
 */
export async function choosablePositions(context: CampaignContext, round: number): Promise<Choosable> {
  const eligible = await eligiblePositions(context);
  const { state, config } = context;
  const isSeed = state.models.models().length === 0;
  if (isSeed || config.rounds.necessity.select === 'random') return { from: 'pool', positions: eligible };
  const failures = new Set(failuresOf(context, round - 1).map(({ position }) => position));
  const positions = eligible.filter((position) => failures.has(position));
  if (positions.length === 0 && newcomers(context, eligible) > 0) return { from: 'pool', positions: eligible };
  return { from: 'failures', positions };
}

/** How many came in since the last round's model was evaluated: from new files, or by another judgment of quality. */
function newcomers(context: CampaignContext, eligible: readonly number[]): number {
  const last = roundOutcomes(context).at(-1);
  const leftOut = new Set(last && context.state.rounds.evaluationPlan(last.round)?.leftOut);
  return eligible.filter((position) => position >= (last?.instructions ?? 0) || leftOut.has(position)).length;
}

/** What each round came to, as it was found then, by the threshold of then. */
export function roundOutcomes(context: CampaignContext): FindFailuresDetails[] {
  const { state } = context;
  return state.rounds.plans().flatMap(({ number }) => {
    const details = state.rounds.step(number, 'find-failures', findFailuresDetails);
    return details === undefined ? [] : [details];
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
    needs: await context.roundNeeds(),
    worstCaseLabelMicroUsd: worstCaseLabelMicroUsd(labelPrice),
    remaining: await remainingCount(context),
    outcomes: last ? [...outcomes.slice(0, -1), await lastOutcome(context, last)] : outcomes,
    rules: config.stop,
  };
}

/** The last round's as the threshold is now, and with as many failures as the next can choose from. */
async function lastOutcome(context: CampaignContext, last: FindFailuresDetails): Promise<FindFailuresDetails> {
  const { positions } = await choosablePositions(context, last.round + 1);
  const rate = last.failureRate === null ? null : failuresOf(context, last.round).length / last.evaluated;
  return { ...last, failureRate: rate, failures: positions.length };
}

/** Once a model was evaluated, it is known how much of what is left repeats what is labeled. */
async function remainingCount(context: CampaignContext): Promise<number> {
  const { rounds } = context.state;
  const eligible = await eligiblePositions(context);
  const evaluated = rounds.step(rounds.plans().length, 'evaluate', evaluateDetails);
  return evaluated === undefined
    ? eligible.length
    : Math.min(eligible.length, evaluated.remaining + newcomers(context, eligible));
}
