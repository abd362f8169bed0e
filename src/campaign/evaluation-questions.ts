import { type Conversation, conversationOf } from '../domain/conversation.ts';
import { BudgetExceededError } from '../domain/errors.ts';
import { formatUsdExactly, type Range, sumRanges } from '../domain/money.ts';
import type { Evaluation } from '../domain/round.ts';
import { command, sentence } from '../domain/wording.ts';
import { coveringSample } from '../math/covering-sample.ts';
import { takeRows } from '../math/embedding-matrix.ts';
import { seededRandom } from '../math/random.ts';
import type { Judge } from '../selection/judges/judge.ts';
import type { EvaluationPlan } from '../store/round-store.ts';
import type { SeedModel } from '../trainers/seed-model.ts';
import type { CampaignContext } from './campaign-context.ts';
import { candidatesOf } from './candidates.ts';
import { eligiblePositions } from './eligible-positions.ts';
import { labelingState } from './labeling-state.ts';
import { nextControls } from './round-draws.ts';
import { splitLabels } from './training-split.ts';

/** Something to be answered and judged. */
export interface Question extends Conversation {
  readonly subset: Evaluation['subset'];
  readonly itemId: string;
}

/** What no model is trained on: the held-out labels, and the test files. */
export async function heldOutQuestions(context: CampaignContext): Promise<Question[]> {
  const { heldOut } = await splitLabels(context);
  return [
    ...heldOut.map((example) => asQuestion('held-out', example)),
    ...(await context.testExamples()).map((example) => asQuestion('test', example)),
  ];
}

export function asQuestion(subset: Evaluation['subset'], item: Conversation & { readonly id: string }): Question {
  return { subset, itemId: item.id, ...conversationOf(item) };
}

/**
 * How to tell what answering and judging one question costs. The longest answer there can be is priced once: prompts show
 * at most so much of a long text, so an item with it costs no more than item and answer do by themselves. It is counted
 * twice as long, since it is quoted and may be another tokenizer's.
 * @param maxOutputTokens of an answer
 */
export function questionCost(
  model: SeedModel,
  judge: Judge,
  maxOutputTokens: number,
): (item: Question) => { readonly answer: Range; readonly judging: Range } {
  const worstCase = (response: string) => judge.estimate({ instruction: '', response }).costMicroUsd.worstCase;
  const longestAnswer = worstCase('x '.repeat(2 * maxOutputTokens)) - worstCase('');
  return (item) => {
    const { expected, worstCase } = judge.estimate({ ...item, response: '' }).costMicroUsd;
    return { answer: model.estimate(item), judging: { expected, worstCase: worstCase + longestAnswer } };
  };
}

/**
 * Which of the remaining pool is answered, decided once: at most as many as configured, and as the round's share of the
 * LLM budget pays for at worst, so that later rounds have theirs.
 * @throws BudgetExceededError when not even what is held out and one more can be paid for
 */
export async function evaluationPlan(
  context: CampaignContext,
  round: number,
  cost: (item: Question) => Range,
  always: readonly Question[],
): Promise<EvaluationPlan> {
  const { state, config, tools, signal } = context;
  const stored = state.rounds.evaluationPlan(round);
  if (stored) return stored;
  const items = context.instructions();
  // What nearly repeats a labeled instruction would never be handed out.
  const eligible = await eligiblePositions(context);
  const { positions: remaining, embeddings } = await candidatesOf(context, eligible);
  // The next round's controls are answered too, so that what is selected can be compared with them.
  const controls = nextControls(context, round, remaining);
  const draw = async (count: number) => {
    if (count >= remaining.length) return remaining;
    const first = controls.slice(0, count);
    const sample = await coveringSample(takeRows(embeddings, remaining), count - first.length, {
      kernel: await tools.kernel(),
      random: seededRandom(config.seed, 'evaluate', round),
      signal,
      onProgress: context.onProgress,
    });
    const drawn = new Set([...first, ...Array.from(sample, (row) => remaining[row]!)]);
    return [...drawn].sort((a, b) => a - b);
  };
  // Only what may be asked is priced: counting the tokens of a large pool takes minutes.
  const wanted = await draw(config.rounds.necessity.evaluate);
  const worstCases = wanted.map((position) => cost(asQuestion('pool', items[position]!)).worstCase);
  const affordable = affordableCount(context, round, worstCases, sumRanges(always.map(cost)).worstCase);
  const positions = affordable < wanted.length ? await draw(affordable) : wanted;
  const { taken } = labelingState(state, config.labels);
  const isEligible = new Set(eligible);
  const leftOut = [...items.keys()].filter((position) => !taken.has(position) && !isEligible.has(position));
  const plan = { positions: [...positions], remaining: remaining.length, leftOut };
  state.rounds.saveEvaluationPlan(round, plan);
  return plan;
}

/** @param worstCases of answering and judging each of the instructions that are wanted */
function affordableCount(
  { state, config }: CampaignContext,
  round: number,
  worstCases: readonly number[],
  alwaysMicroUsd: number,
): number {
  const room = state.ledger.room();
  const dearest = worstCases.reduce((most, one) => Math.max(most, one), 0);
  if (room.llmMicroUsd === undefined || dearest === 0) return worstCases.length;
  const labelsLeft = room.labels ?? Number.POSITIVE_INFINITY;
  const roundsLeft = Math.min(config.rounds.most - round, Math.ceil(labelsLeft / config.rounds.necessity.count));
  const share = Math.floor(room.llmMicroUsd / Math.max(1, roundsLeft)) - alwaysMicroUsd;
  const count = Math.floor(share / dearest);
  if (count < 1 && worstCases.length > 0) {
    throw new BudgetExceededError(
      `Evaluating the model of round ${round} could cost ${formatUsdExactly(alwaysMicroUsd + dearest)} at least; ` +
        `${formatUsdExactly(room.llmMicroUsd)} is left for LLMs, for ${Math.max(1, roundsLeft)} rounds.`,
      {
        cap: 'usd',
        limit: room.llmMicroUsd,
        callsUnderWay: 0,
        hint: sentence`Raise budget.llmUsd or budget.totalUsd in winnow.yaml, then run ${command('next')}.`,
      },
    );
  }
  return count;
}
