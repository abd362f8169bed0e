import { embeddingText } from '../../domain/instruction.ts';
import type { Range } from '../../domain/money.ts';
import { formatUsd } from '../../domain/money.ts';
import type { Evaluation } from '../../domain/round.ts';
import { BudgetExceededError } from '../../errors/budget-exceeded-error.ts';
import { ReplyError } from '../../errors/reply-error.ts';
import type { Judge } from '../../judges/judge.ts';
import { coveringSample } from '../../math/covering-sample.ts';
import { takeRows } from '../../math/embedding-matrix.ts';
import { seededRandom } from '../../math/random.ts';
import type { SeedModel } from '../../trainers/seed-model.ts';
import type { CampaignContext } from '../campaign-context.ts';
import { concurrently } from '../concurrently.ts';
import { sumRanges } from '../judging.ts';
import { pausedBy } from '../paused.ts';
import { eligiblePositions } from '../standing.ts';
import { FREE_STEP, type PreparedStep } from '../step-outcome.ts';
import { splitLabels, trainedExamples } from '../training-split.ts';

export interface EvaluateDetails {
  readonly model: string;
  readonly judge: string;
  /** Unlabeled instructions that were answered, and how many there are. */
  readonly pool: number;
  readonly remaining: number;
  /** Labeled ones it was not trained on, and those of the test files. */
  readonly heldOut: number;
  readonly test: number;
}

/** Something to be answered and judged. */
interface Question {
  readonly subset: Evaluation['subset'];
  readonly itemId: string;
  readonly instruction: string;
  readonly input?: string;
}

/** Kept from the first preparation on, so that a step taken up again asks the same. */
interface EvaluationPlan {
  readonly positions: readonly number[];
  readonly remaining: number;
}

const PLAN_STEP = 'plan-evaluation';

/**
 * Has the seed model answer what it was not trained on and the judge score the answers: all that is held out, and of
 * the remaining pool as much as is configured and the budget allows, a sample that covers it. Each evaluation is stored
 * as it comes; an item without a usable judgment is stored without a score.
 */
export async function prepareEvaluate(context: CampaignContext, round: number): Promise<PreparedStep<EvaluateDetails>> {
  const { state, tools, signal, onProgress } = context;
  const record = state.models.models().find((model) => model.round === round)!;
  const model = await tools.seedModel(record, trainedExamples(context, round));
  const judge = await tools.judge('necessity');
  const worstAnswer = 'x '.repeat(context.config.answers.maxOutputTokens);
  const cost = (item: Question) => questionCost(item, model, judge, worstAnswer);

  const always = await heldOutQuestions(context);
  const plan = await evaluationPlan(context, round, cost, always);
  const items = context.instructions();
  const questions = [...always, ...plan.positions.map((position): Question => asQuestion('pool', items[position]!))];
  const done = new Set(state.models.evaluations(round).map(({ subset, itemId }) => `${subset} ${itemId}`));
  const open = questions.filter(({ subset, itemId }) => !done.has(`${subset} ${itemId}`));
  return {
    ...FREE_STEP,
    step: 'evaluate',
    round,
    llmMicroUsd: sumRanges(open.map(cost)),
    run: async () => {
      let evaluated = questions.length - open.length;
      const progress = () => onProgress({ phase: 'evaluate', done: evaluated, total: questions.length });
      progress();
      const most = Math.max(1, Math.min(model.concurrency, judge.concurrency));
      try {
        await concurrently(open, most, async (question) => {
          state.models.saveEvaluation(round, await evaluate(question, model, judge, signal));
          evaluated += 1;
          progress();
        });
      } catch (error) {
        return pausedBy(error, signal);
      }
      const count = (subset: string) => questions.filter((question) => question.subset === subset).length;
      const details: EvaluateDetails = {
        model: model.name,
        judge: judge.name,
        pool: count('pool'),
        remaining: plan.remaining,
        heldOut: count('held-out'),
        test: count('test'),
      };
      state.rounds.finishStep(round, 'evaluate', { ...details });
      return { done: true, details, notes: [] };
    },
  };
}

async function evaluate(
  { subset, itemId, ...item }: Question,
  model: SeedModel,
  judge: Judge,
  signal: AbortSignal | undefined,
): Promise<Evaluation> {
  const options = { subject: itemId, ...(signal ? { signal } : {}) };
  const unscored = (error: unknown, answer: { text: string; model: string; costMicroUsd: number }): Evaluation => {
    if (!(error instanceof ReplyError)) throw error;
    return {
      subset,
      itemId,
      answer: answer.text,
      answerModel: answer.model,
      judge: judge.name,
      score: null,
      reason: error.message,
      costMicroUsd: answer.costMicroUsd + error.costMicroUsd,
    };
  };
  let answer: Awaited<ReturnType<SeedModel['answer']>>;
  try {
    answer = await model.answer(item, options);
  } catch (error) {
    return unscored(error, { text: '', model: model.name, costMicroUsd: 0 });
  }
  try {
    const judgment = await judge.judge({ ...item, response: answer.text }, options);
    return {
      subset,
      itemId,
      answer: answer.text,
      answerModel: answer.model,
      judge: judge.name,
      score: judgment.score,
      reason: judgment.reason,
      costMicroUsd: answer.costMicroUsd + judgment.costMicroUsd,
    };
  } catch (error) {
    return unscored(error, answer);
  }
}

async function heldOutQuestions(context: CampaignContext): Promise<Question[]> {
  const { heldOut } = splitLabels(context);
  return [
    ...heldOut.map((example) => asQuestion('held-out', example)),
    ...(await context.testExamples()).map((example) => asQuestion('test', example)),
  ];
}

function asQuestion(
  subset: Evaluation['subset'],
  { id, instruction, input }: { readonly id: string; readonly instruction: string; readonly input?: string },
): Question {
  return { subset, itemId: id, instruction, ...(input === undefined ? {} : { input }) };
}

function questionCost(item: Question, model: SeedModel, judge: Judge, worstAnswer: string): Range {
  const answer = model.estimate(item);
  const judged = judge.estimate({ ...item, response: '' });
  const judgedAtWorst = judge.estimate({ ...item, response: worstAnswer });
  return {
    expected: answer.expected + judged.expected,
    worstCase: answer.worstCase + judgedAtWorst.worstCase,
  };
}

/**
 * Which of the remaining pool is answered, decided once: at most as many as configured, and as the round's share of the
 * LLM budget pays for at worst, so that later rounds have theirs.
 * @throws BudgetExceededError when not even what is held out and one more can be paid for
 */
async function evaluationPlan(
  context: CampaignContext,
  round: number,
  cost: (item: Question) => Range,
  always: readonly Question[],
): Promise<EvaluationPlan> {
  const { state, config, tools, signal } = context;
  const stored = state.rounds.step(round, PLAN_STEP);
  if (stored) return stored as unknown as EvaluationPlan;
  const items = context.instructions();
  const remaining = await eligiblePositions(context);
  const affordable = affordableCount(
    context,
    round,
    remaining.map((position) => cost(asQuestion('pool', items[position]!)).worstCase),
    sumRanges(always.map(cost)).worstCase,
  );
  const count = Math.min(config.rounds.necessity.evaluate, affordable, remaining.length);
  let positions: readonly number[] = remaining;
  if (count < remaining.length) {
    const { embedder } = await tools.embedder();
    const vectors = await embedder.embed(items.map(embeddingText), signal ? { signal } : {});
    const sample = await coveringSample(takeRows(vectors, remaining), count, {
      kernel: await tools.kernel(),
      random: seededRandom(config.seed, 'evaluate', round),
      signal,
      onProgress: context.onProgress,
    });
    positions = Array.from(sample, (row) => remaining[row]!).sort((a, b) => a - b);
  }
  const plan: EvaluationPlan = { positions, remaining: remaining.length };
  state.rounds.finishStep(round, PLAN_STEP, { positions: [...positions], remaining: remaining.length });
  return plan;
}

/** @param worstCases of answering and judging each of the remaining instructions */
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
      `Evaluating the model of round ${round} could cost ${formatUsd(alwaysMicroUsd + dearest)} at least; ` +
        `${formatUsd(room.llmMicroUsd)} is left for LLMs, for ${Math.max(1, roundsLeft)} rounds.`,
      {
        cap: 'usd',
        callsUnderWay: 0,
        hint: 'Raise budget.llmUsd or budget.totalUsd in winnow.yaml, then run winnow next.',
      },
    );
  }
  return count;
}
