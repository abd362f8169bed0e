import { isDeepStrictEqual } from 'node:util';
import { NotEnoughError } from '../../domain/errors.ts';
import type { CampaignRoom } from '../../domain/expense.ts';
import type { LabelTerms, PlannedOverlap, RoundPlan } from '../../domain/round.ts';
import { seededRandom } from '../../math/random.ts';
import { parseConstraints, unknownIdsNotes } from '../../selection/constraints/constraints.ts';
import { STRATEGIES } from '../../selection/strategies/registry.ts';
import { normalizeOptions } from '../../selection/strategies/strategy-options.ts';
import { itemsInTime, minutesOf, minutesRoom } from '../annotation-minutes.ts';
import { roomForLabels } from '../budget-room.ts';
import type { CampaignContext } from '../campaign-context.ts';
import { candidatesOf } from '../candidates.ts';
import type { Choosable } from '../choosable-positions.ts';
import type { CampaignConfig } from '../config/campaign-config.ts';
import { wantedTest } from '../config/test-plan.ts';
import { eligiblePositions } from '../eligible-positions.ts';
import { failureThreshold } from '../failure-threshold.ts';
import { adaptedBefore, adaptStrategy } from '../gain/adaptation.ts';
import { affordableLabels, labelTerms, plannedOverlap, worstCaseLabelMicroUsd } from '../label-price.ts';
import { plannedDraws } from '../planned-draws.ts';
import { FREE_STEP, type PreparedStep } from '../step-outcome.ts';
import { testItems } from '../test-set.ts';

export interface PlanRoundDetails {
  readonly plan: RoundPlan;
  /** How many the configuration asks for; the plan may have fewer. */
  readonly configured: number;
  /** Whether quotas apply to what the round selects. They do not apply to what it draws at random. */
  readonly hasQuotas: boolean;
}

/**
 * Decides what the round will do: as configured now, within what the caps allow.
 * @throws NotEnoughError when everything left is a near-duplicate of something labeled
 */
export async function preparePlanRound(
  context: CampaignContext,
  round: number,
  given: Choosable,
): Promise<PreparedStep<PlanRoundDetails>> {
  const { config, state, labelPrice } = context;
  const adapted = await adaptStrategy(context);
  const from = adapted === undefined ? given : { from: 'pool' as const, positions: await eligiblePositions(context) };
  const candidates = await candidateCount(context, round, from);
  const time = minutesRoom(context, from.positions);
  const kind = state.models.models().length === 0 ? 'seed' : 'necessity';
  const plan = planRound(config, {
    round,
    kind,
    from: from.from,
    strategy: adapted?.strategy,
    adapted: adapted?.adapted,
    choosable: candidates,
    room: roomForLabels(state.ledger.room(), await context.roundNeeds()),
    worstCaseLabelMicroUsd: worstCaseLabelMicroUsd(labelPrice),
    overlap: plannedOverlap(labelPrice),
    inTime: itemsInTime(time),
    testLabels: kind === 'seed' ? testItems(state).size : undefined,
    labelTerms: labelTerms(labelPrice),
    threshold: failureThreshold(context),
  });
  const configured = config.rounds[kind].count;
  const { quotas, excludeIds } = parseConstraints(config.pool);
  const notes = [
    ...unknownIdsNotes('excludeIds', excludeIds, (id) => state.items.find(id)),
    ...(plan.count < configured ? [shortOf(plan, configured, candidates)] : []),
    ...testNote(config, plan, testItems(state).size),
    ...(adapted?.notes ?? []),
    ...timeNotes(context, plan, from.positions),
  ];
  return {
    ...FREE_STEP,
    step: 'plan-round',
    round,
    run: async () => {
      state.rounds.savePlan(plan);
      return { done: true, details: { plan, configured, hasQuotas: quotas.length > 0 }, notes };
    },
  };
}

/** Failures are never near-duplicates of labeled items, because those are not evaluated. In the first round nothing is labeled. */
async function candidateCount(context: CampaignContext, round: number, { from, positions }: Choosable) {
  if (from === 'failures' || round === 1) return positions.length;
  const candidates = await candidatesOf(context, positions);
  if (candidates.positions.length > 0) return candidates.positions.length;
  throw new NotEnoughError(
    `Round ${round} has nothing to choose from: all ${positions.length} remaining instructions are near-duplicates of labeled ones.`,
    'Add files to pool.files, or raise pool.dedupeThreshold.',
  );
}

/** How long the round takes people, and what rounds.perMinute lacks. */
function timeNotes(context: CampaignContext, plan: RoundPlan, positions: readonly number[]): string[] {
  const { perMinute } = context.config.rounds;
  const each = minutesOf(context, positions);
  const notes: string[] = [];
  if (each !== undefined && each.length > 0) {
    const perItem = each.reduce((sum, one) => sum + one, 0) / each.length;
    const items = plan.count + (plan.test ?? 0);
    notes.push(
      `About ${Math.round(items * perItem)} minutes of work: ${items} items at ${perItem.toFixed(1)} minutes each, from recorded time.`,
    );
  }
  if (!perMinute) return notes;
  if (STRATEGIES.find(plan.strategy).usesMinutes !== true) {
    notes.push(`rounds.perMinute does nothing for ${plan.strategy}: it works with facility-location.`);
  } else if (each === undefined) {
    notes.push('rounds.perMinute does nothing yet: people have recorded too little time.');
  }
  return notes;
}

/** Where the test set is smaller than wanted: the pool or the budget is small. */
function testNote(config: CampaignConfig, { test = 0, kind }: RoundPlan, before: number): string[] {
  const wanted = wantedTest(config).labels;
  if (kind !== 'seed' || wanted <= before + test) return [];
  return [
    `The test set gets ${test + before} labels, not ${wanted}: half of what the pool and the budget have room for is kept for training. Set labels.test to choose another number.`,
  ];
}

function shortOf({ number, count, from }: RoundPlan, configured: number, choosable: number): string {
  const because =
    count < choosable
      ? 'the budget has room for no more'
      : `there are no more ${from === 'failures' ? 'failures' : 'instructions'} to choose from`;
  return `Round ${number} plans ${count} instruction${count === 1 ? '' : 's'}, not the configured ${configured}: ${because}.`;
}

/**
 * Pure.
 * @param given.choosable how many instructions may be chosen, ≥ 1
 * @param given.room must have room for a label at least
 */
export function planRound(
  config: CampaignConfig,
  given: {
    readonly round: number;
    readonly kind: RoundPlan['kind'];
    readonly from: RoundPlan['from'];
    readonly choosable: number;
    readonly room: CampaignRoom;
    readonly worstCaseLabelMicroUsd: number;
    readonly overlap?: PlannedOverlap | undefined;
    /** The strategy instead of the configured one, and why where it is new. */
    readonly strategy?: string | undefined;
    readonly adapted?: RoundPlan['adapted'] | undefined;
    /** How many items fit under budget.minutes; absent without that cap. */
    readonly inTime?: number | undefined;
    /** How many test items there are; absent where no more are to be drawn. */
    readonly testLabels?: number | undefined;
    readonly labelTerms?: LabelTerms;
    /** Instead of the configured one. */
    readonly threshold?: number;
  },
): RoundPlan {
  const { rounds, seed } = config;
  const { round, kind, from, room: budgetRoom, worstCaseLabelMicroUsd, overlap } = given;
  const costs = { worstCaseLabelMicroUsd, ...(overlap === undefined ? {} : { overlap }) };
  const terms = given.labelTerms === undefined ? {} : { labelTerms: given.labelTerms };
  const configured = kind === 'seed' ? rounds.seed : laterStrategy(rounds, from);
  const { strategy, options } = given.strategy === undefined ? configured : { strategy: given.strategy, options: {} };
  const room = Math.min(given.choosable, affordableLabels(budgetRoom, costs), given.inTime ?? Number.POSITIVE_INFINITY);
  const draws = plannedDraws(config, { count: rounds[kind].count, room, testLabels: given.testLabels });
  const { select, failureWeight = 0, weighted = select !== 'mods' } = rounds.necessity;
  const isConfigured = kind === 'necessity' && given.strategy === undefined;
  const weighsPool = isConfigured && select === 'pool' && failureWeight > 0;
  return {
    number: round,
    kind,
    from,
    strategy,
    options: normalizeOptions(STRATEGIES.find(strategy), options),
    seed: seededRandom(seed, 'round', round).below(2 ** 31 - 1),
    weighted: from === 'failures' && weighted,
    ...(weighsPool ? { failureWeight } : {}),
    threshold: given.threshold ?? rounds.necessity.threshold,
    ...costs,
    ...draws,
    ...(given.adapted === undefined ? {} : { adapted: given.adapted }),
    ...terms,
  };
}

/**
 * Plans a round that has selected nothing yet again by the current configuration, so that a threshold that is too high or
 * a missing field can be corrected. Once queries were asked, the plan stays.
 * @returns the plan itself if nothing changed; the count can only be lowered
 */
export function planAgain({ config, state }: CampaignContext, plan: RoundPlan): RoundPlan {
  if (state.journal(plan.number).loadQueries() !== undefined) return plan;
  const adapted = plan.adapted?.strategy ?? adaptedBefore({ config, state });
  const configured = plan.kind === 'seed' ? config.rounds.seed : laterStrategy(config.rounds, plan.from);
  const { strategy, options: given } = adapted === undefined ? configured : { strategy: adapted, options: {} };
  const options = normalizeOptions(STRATEGIES.find(strategy), given);
  const count = Math.min(plan.count, config.rounds[plan.kind].count);
  const control = plan.control === undefined ? {} : { control: Math.min(plan.control, count - 1) };
  const now = { ...plan, strategy, options, count, ...control };
  if (isDeepStrictEqual(now, plan)) return plan;
  state.rounds.replacePlan(now);
  return now;
}

/** Where a way that chooses among failures has none to choose from, the strategy of the seed round is used. */
function laterStrategy({ seed, necessity }: CampaignConfig['rounds'], from: RoundPlan['from']) {
  const { select, cover = 'facility-location', options } = necessity;
  if (select === 'strategy') return { strategy: necessity.strategy!, options };
  if (select === 'random') return { strategy: 'random', options: {} };
  if (select === 'pool') return { strategy: cover, options: {} };
  if (from === 'pool') return seed;
  if (select === 'selectllm') return { strategy: 'selectllm', options };
  return { strategy: select === 'mods' ? 'k-center' : cover, options: {} };
}
