import { FilteredError, ReplyError } from '../../domain/errors.ts';
import type { CampaignRoom } from '../../domain/expense.ts';
import type { Range } from '../../domain/money.ts';
import { sumRanges } from '../../domain/money.ts';
import type { Evaluation } from '../../domain/round.ts';
import { concurrently } from '../../engine/concurrently.ts';
import type { Judge } from '../../selection/judges/judge.ts';
import type { SeedModel } from '../../trainers/seed-model.ts';
import type { CampaignContext } from '../campaign-context.ts';
import { asQuestion, evaluationPlan, heldOutQuestions, type Question, questionCost } from '../evaluation-questions.ts';
import type { EvaluateDetails } from '../step-details.ts';
import { FREE_STEP, type PreparedStep, pauseAfter } from '../step-outcome.ts';
import { trainedExamples } from '../training-split.ts';

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
  const costs = questionCost(model, judge, context.config.answers.maxOutputTokens);
  const cost = (question: Question) => sumRanges(Object.values(costs(question)));

  const isBegun = state.rounds.evaluationPlan(round) !== undefined;
  const always = await heldOutQuestions(context);
  const plan = await evaluationPlan(context, round, cost, always);
  const items = context.instructions();
  const questions = [...always, ...plan.positions.map((position): Question => asQuestion('pool', items[position]!))];
  const before = new Map(state.models.evaluations(round).map((one) => [`${one.subset} ${one.itemId}`, one]));
  const earlier = ({ subset, itemId }: Question) => before.get(`${subset} ${itemId}`);
  // Scores of two judges do not compare: where another one took over, it judges everything.
  const open = questions.filter((question) => earlier(question)?.judge !== judge.name);
  const openCosts = open.map(costs);
  const answers = sumRanges(openCosts.map(({ answer }) => answer));
  const judging = sumRanges(openCosts.map((one) => one.judging));
  const total = sumRanges([answers, judging]);
  return {
    ...FREE_STEP,
    step: 'evaluate',
    round,
    llmMicroUsd: isBegun ? within(total, state.ledger.room()) : total,
    calls: [
      { by: 'trained', count: open.length, costMicroUsd: answers },
      { by: 'judging', count: open.length, costMicroUsd: judging },
    ],
    run: async () => {
      let evaluated = questions.length - open.length;
      const progress = () => onProgress({ phase: 'evaluate', done: evaluated, total: questions.length });
      progress();
      const most = Math.max(1, Math.min(model.concurrency, judge.concurrency));
      try {
        await concurrently(open, most, async (question) => {
          const generation = (earlier(question)?.generation ?? -1) + 1;
          state.models.saveEvaluation(round, { ...(await evaluate(question, model, judge, signal)), generation });
          evaluated += 1;
          progress();
        });
      } catch (error) {
        return pauseAfter(error, signal);
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

/**
 * What an evaluation that was started may still cost. It was planned to fit; calls that were lost when its process was killed count
 * as spent and must not keep the rest from being asked. Each call is checked by itself, so no cap is passed.
 */
function within({ expected, worstCase }: Range, { llmMicroUsd = Number.POSITIVE_INFINITY }: CampaignRoom): Range {
  return { expected: Math.min(expected, llmMicroUsd), worstCase: Math.min(worstCase, llmMicroUsd) };
}

async function evaluate(
  { subset, itemId, ...item }: Question,
  model: SeedModel,
  judge: Judge,
  signal: AbortSignal | undefined,
): Promise<Omit<Evaluation, 'generation'>> {
  const options = { subject: itemId, ...(signal ? { signal } : {}) };
  const given = await usable(() => model.answer(item, options));
  const answer = 'unusable' in given ? { text: '', model: model.name, costMicroUsd: 0, confidence: undefined } : given;
  const judged =
    'unusable' in given ? given : await usable(() => judge.judge({ ...item, response: answer.text }, options));
  const isUnusable = 'unusable' in judged;
  return {
    subset,
    itemId,
    answer: answer.text,
    answerModel: answer.model,
    confidence: answer.confidence ?? null,
    judge: judge.name,
    score: isUnusable ? null : judged.score,
    reason: isUnusable ? judged.unusable.message : judged.reason,
    isRefused: isUnusable && judged.unusable instanceof FilteredError,
    costMicroUsd: answer.costMicroUsd + (isUnusable ? judged.unusable.costMicroUsd : judged.costMicroUsd),
  };
}

/** A reply that stays unusable is a result too; anything else ends the step. */
async function usable<T>(ask: () => Promise<T>): Promise<T | { readonly unusable: ReplyError }> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ReplyError) return { unusable: error };
    throw error;
  }
}
