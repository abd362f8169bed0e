import { NotEnoughError } from '../../domain/errors.ts';
import type { PlannedExpense } from '../../domain/expense.ts';
import type { DrawnItem, RoundPlan } from '../../domain/round.ts';
import type { Pick } from '../../domain/selection.ts';
import { type CallCost, sumCallCosts } from '../../domain/usage.ts';
import type { Wording } from '../../domain/wording.ts';
import { englishCuesNote } from '../../models/offline/english-cues.ts';
import { MEASURES } from '../../selection/measures/registry.ts';
import { missingVectors } from '../../selection/missing-vectors.ts';
import { STRATEGIES } from '../../selection/strategies/registry.ts';
import type { Selection } from '../../selection/strategies/strategy.ts';
import type { SeedModel } from '../../trainers/seed-model.ts';
import { minutesOf } from '../annotation-minutes.ts';
import { type RoundNeeds, roomForLabels } from '../budget-room.ts';
import type { CampaignContext } from '../campaign-context.ts';
import { candidatesFor, embedTexts } from '../candidates.ts';
import { eligiblePositions } from '../eligible-positions.ts';
import { labelExpenseKey, labelSubject } from '../expense-names.ts';
import { roundWeights } from '../failure-weights.ts';
import { failuresBefore } from '../failures.ts';
import { affordableLabels, worstCaseOfRank } from '../label-price.ts';
import { labelingState } from '../labeling-state.ts';
import { drawItems, withDrawn, withoutDrawn } from '../round-draws.ts';
import { roundLimits } from '../round-limits.ts';
import { stoppedShort, tooFewChosen } from '../short-selection.ts';
import { FREE_STEP, type PreparedStep, pauseAfter, type StepCalls, type StepOutcome } from '../step-outcome.ts';
import { trainedExamples } from '../training-split.ts';
import { planAgain } from './plan-round.ts';

export interface SelectDetails {
  /** By the strategy. */
  readonly picked: number;
  /** Drawn at random beside them. */
  readonly control: number;
  readonly test: number;
  readonly strategy: string;
  /** How many could have been chosen. */
  readonly candidates: number;
  /** Expected for one answer to each; null until people have recorded enough time. */
  readonly minutes: number | null;
  /** Queries that were asked, for strategies that ask. */
  readonly queries: number | null;
}

export interface SelectChoices {
  /** Ask again what failed earlier. */
  readonly retryFailed?: boolean | undefined;
  /** Continue with fewer than planned. */
  readonly goOn?: boolean | undefined;
}

/**
 * Chooses the round's instructions: from the whole pool, or from the failures of the model before.
 * Everything assigned so far counts as covered. The choice and the worst-case costs of its labels are stored together.
 */
export async function prepareSelect(
  context: CampaignContext,
  planned: RoundPlan,
  { retryFailed, goOn }: SelectChoices,
): Promise<PreparedStep<SelectDetails>> {
  const plan = planAgain(context, planned);
  const { state, tools, signal, onProgress } = context;
  const journal = state.journal(plan.number);
  if (retryFailed) journal.reopenFailed();
  const strategy = STRATEGIES.find(plan.strategy);
  const instructions = context.instructions();
  const open = await openPositions(context, plan);
  const found = await candidatesFor(context, strategy, open);
  const drawn = await drawItems(context, plan, found.positions);
  const candidates = withoutDrawn(found, drawn);
  const { positions, embeddings, labeled, withoutVector = [] } = candidates;
  const missing = withoutVector.length > 0 ? missingVectors(withoutVector, instructions) : undefined;
  if (positions.length === 0 && missing !== undefined) {
    throw new NotEnoughError(
      `Round ${plan.number} has nothing to choose from. ${missing}.`,
      'Check the embedder: its vectors are zeros or not finite. Then run again.',
    );
  }
  if (positions.length === 0) {
    throw new NotEnoughError(
      `Round ${plan.number} has nothing to choose from: all remaining instructions are near-duplicates of labeled ones.`,
      'Raise pool.dedupeThreshold, or set it to 0.',
    );
  }
  const count = Math.min(plan.count - (plan.control ?? 0), positions.length);
  const weights = roundWeights(context, plan, positions);
  const { seed } = plan;
  const explains = context.config.llm.reasons === true && 'reasons' in strategy.options.shape;
  const options = explains ? { reasons: true, ...plan.options } : plan.options;
  const minutes = context.config.rounds.perMinute && strategy.usesMinutes ? minutesOf(context, positions) : undefined;
  const measures = await tools.measures(strategy, options, instructions, () => latestModel(context, plan.number));
  const prepared = await tools.prepareStrategy(strategy, {
    limits: roundLimits(context, count, drawn, new Set(open)),
    ...{ instructions, candidates, count, embeddings, labeled, weights, options, seed, measures, journal },
    embed: (texts) => embedTexts(context, texts),
    folder: context.folder,
    ...(minutes ? { minutes } : {}),
    ...{ signal, onProgress },
  });
  const { asking, measuring = [] } = prepared.plan;
  return {
    ...FREE_STEP,
    step: 'select',
    round: plan.number,
    llmMicroUsd: sumCallCosts([...(asking ? [asking] : []), ...measuring]).costMicroUsd,
    calls: [
      ...(asking ? [callsOf('writing', asking)] : []),
      ...measuring.flatMap((one) => callsOf(ASKED_FOR[MEASURES.find(one.measure).needs], one)),
    ],
    run: async () => {
      let selection: Selection;
      try {
        selection = await prepared.select();
      } catch (error) {
        return pauseAfter(error, signal);
      }
      const open = stillOpen(context, selection);
      return finish(context, plan, open, {
        count,
        candidates: positions.length,
        drawn,
        goOn,
        needs: await context.roundNeeds(),
        notes: [
          ...(missing === undefined ? [] : [`${missing}. They are left out of this round.`]),
          ...(strategy.needs.llm && context.config.llm.provider === 'offline'
            ? await englishCuesNote('offline ranker', instructions)
            : []),
          ...prepared.plan.notes,
          ...labeledMeanwhile(selection.picks.length - open.picks.length),
        ],
      });
    },
  };
}

/** Whose calls measure. Likelihoods are never asked for in batches. */
const ASKED_FOR = {
  judge: 'judging',
  writer: 'writing',
  confidence: 'trained',
  likelihoods: null,
  none: null,
} as const;

function callsOf(by: StepCalls['by'], cost: CallCost): StepCalls;
function callsOf(by: StepCalls['by'] | null, cost: CallCost): StepCalls | [];
function callsOf(by: StepCalls['by'] | null, { calls, costMicroUsd }: CallCost): StepCalls | [] {
  return by === null ? [] : { by, count: calls.expected, costMicroUsd };
}

/** The model of the latest round before this one; undefined before the first. */
async function latestModel(context: CampaignContext, round: number): Promise<SeedModel | undefined> {
  const record = context.state.models.models().findLast((model) => model.round < round);
  return record && context.tools.seedModel(record, trainedExamples(context, record.round));
}

async function openPositions(context: CampaignContext, plan: RoundPlan): Promise<number[]> {
  const eligible = await eligiblePositions(context);
  if (plan.from === 'pool') return eligible;
  const failures = failuresBefore(context, plan);
  return eligible.filter((position) => failures.has(position));
}

/** Queries are stored as they are answered. Before the last one, labels may have come for earlier choices. */
function stillOpen({ state, config }: CampaignContext, { picks, ...selection }: Selection): Selection {
  const { taken } = labelingState(state, config.labels);
  const open = picks.filter(({ position }) => !taken.has(position));
  return { ...selection, picks: open.map((picked, index) => ({ ...picked, rank: index + 1 })) };
}

function labeledMeanwhile(count: number): string[] {
  return count === 0 ? [] : [`${count} of the chosen instructions were labeled meanwhile and are not assigned again.`];
}

function finish(
  context: CampaignContext,
  plan: RoundPlan,
  { picks, asked, measured = [] }: Selection,
  given: {
    readonly count: number;
    readonly candidates: number;
    readonly drawn: readonly DrawnItem[];
    readonly goOn: boolean | undefined;
    readonly needs: RoundNeeds;
    readonly notes: readonly Wording[];
  },
): StepOutcome<SelectDetails> {
  const { state, instructions } = context;
  const complete = picks.length === given.count;
  const stopped = asked?.stopped ?? measured.find((one) => one.stopped)?.stopped;
  if (stopped) return stoppedShort(stopped, picks.length, given.count);
  if (!complete && !(given.goOn && picks.length > 0))
    return tooFewChosen(picks.length, given.count, asked?.failed ?? [], measured);
  const items = instructions();
  // Choosing may have used money that was planned for labels, because the total is shared. If no label fits, reserving reports it.
  const payable = Math.max(1, affordableLabels(roomForLabels(state.ledger.room(), given.needs), plan));
  const all = withDrawn(picks, given.drawn, plan.seed);
  const notes = payable < all.length ? [unpaid(all.length, payable)] : [];
  const chosen = all.slice(0, payable).map((picked: Pick) => ({ ...picked, id: items[picked.position]!.id }));
  const handedOut = new Set(chosen.map(({ position }) => position));
  const drawn = given.drawn.filter(({ position }) => handedOut.has(position));
  const control = drawn.filter(({ purpose }) => purpose === 'control').length;
  const expected = minutesOf(
    context,
    chosen.map(({ position }) => position),
  );
  const details: SelectDetails = {
    picked: chosen.length - drawn.length,
    control,
    test: drawn.length - control,
    strategy: plan.strategy,
    candidates: given.candidates,
    minutes: expected === undefined ? null : expected.reduce((sum, one) => sum + one, 0),
    queries: asked?.queries ?? null,
  };
  state.rounds.finishStep(plan.number, 'select', { ...details }, () => {
    state.journal(plan.number).saveSelection(chosen, complete && notes.length === 0);
    state.draws.save(drawn);
    state.ledger.expenses.reserve(
      chosen.map(
        ({ id }, index): PlannedExpense => ({
          account: 'labels',
          key: labelExpenseKey(plan.number, id),
          subject: labelSubject(plan.number, id),
          worstCaseMicroUsd: worstCaseOfRank(plan, index + 1),
          labels: 1,
        }),
      ),
    );
  });
  return { done: true, details, notes: [...given.notes, ...notes] };
}

function unpaid(picked: number, payable: number): string {
  return `${picked} were chosen, but the remaining budget pays for ${payable} labels: the first ${payable} are assigned.`;
}
