import { minutesRoom } from './annotation-minutes.ts';
import type { CampaignContext } from './campaign-context.ts';
import { choosablePositions, newcomers, roundOutcomes } from './choosable-positions.ts';
import { eligiblePositions, unratedPositions } from './eligible-positions.ts';
import { failuresOf } from './failures.ts';
import { worstCaseLabelMicroUsd } from './label-price.ts';
import { type CampaignProgress, firstOpen, needsModel, openStep, STEPS } from './next-step.ts';
import { pendingPoolFiles } from './pool-files.ts';
import { evaluateDetails, type FindFailuresDetails } from './step-details.ts';
import { type StopEvidence, stopReason } from './stopping-rules.ts';
import { hasTrainingLabel } from './training-split.ts';

/**
 * How far a campaign is, by its state, its configuration and its pool files. Costs nothing.
 * @param options.retryFailed judge again what got no usable judgment of quality
 */
export async function campaignProgress(
  context: CampaignContext,
  { retryFailed = false }: { readonly retryFailed?: boolean | undefined } = {},
): Promise<CampaignProgress> {
  const { state } = context;
  const plan = state.rounds.plans().at(-1);
  const finished = new Set(plan && state.rounds.stepsDone(plan.number));
  const done = new Set(STEPS.filter((step) => finished.has(step)));
  const round = plan && { plan, done };
  // Looked up only if it decides, because it reads the pool.
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

async function stopEvidence(context: CampaignContext): Promise<StopEvidence> {
  const { state, config, labelPrice } = context;
  const outcomes = roundOutcomes(context);
  const rounds = state.rounds.plans().length;
  const last = outcomes.at(-1);
  return {
    rounds,
    mostRounds: config.rounds.most,
    room: state.ledger.room(),
    labelBudget: labelBudget(context),
    time: config.budget.minutes === undefined ? undefined : minutesRoom(context, await eligiblePositions(context)),
    needs: await context.roundNeeds(),
    worstCaseLabelMicroUsd: worstCaseLabelMicroUsd(labelPrice),
    remaining: await remainingCount(context),
    outcomes: last ? [...outcomes.slice(0, -1), await lastOutcome(context, last)] : outcomes,
    rules: config.stop,
  };
}

function labelBudget({ state, config }: CampaignContext): StopEvidence['labelBudget'] {
  const { labels: cap } = config.budget;
  if (cap === undefined) return undefined;
  const { settledLabels, reservedLabels } = state.ledger.spending().labels;
  return { used: settledLabels + reservedLabels, cap };
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
