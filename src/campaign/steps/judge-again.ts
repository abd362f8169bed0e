import { conversationOf } from '../../domain/conversation.ts';
import { FilteredError, ReplyError } from '../../domain/errors.ts';
import type { Evaluation } from '../../domain/round.ts';
import { type CallCost, sumCallCosts } from '../../domain/usage.ts';
import { concurrently } from '../../engine/concurrently.ts';
import type { Judge, JudgedItem } from '../../selection/judges/judge.ts';
import type { SeedModel } from '../../trainers/seed-model.ts';
import type { CampaignContext } from '../campaign-context.ts';
import { pauseAfter, type StepPaused } from '../step-outcome.ts';
import { trainedExamples } from '../training-split.ts';

/**
 * Judges the answers of a round again that got no usable judgment; the stored answers stay. If an answer is empty, the
 * model is asked again, because the question may have been too long for it. What a content filter refused stays as it is.
 */
export async function prepareJudgeAgain(
  context: CampaignContext,
  round: number,
): Promise<{ readonly cost: CallCost; run(): Promise<StepPaused | undefined> }> {
  const { state, tools, signal, onProgress, instructions, testExamples } = context;
  const judge = await tools.judge('necessity');
  const tests = new Map((await testExamples()).map((example) => [example.id, example]));
  const isThere = ({ subset, itemId }: Evaluation) => subset !== 'test' || tests.has(itemId);
  const unjudged = state.models
    .evaluations(round)
    .filter(isThere)
    .filter(({ score, isRefused }) => score === null && !isRefused);
  const questions = unjudged.map((evaluation) => {
    const { subset, itemId, answer } = evaluation;
    const asked = subset === 'test' ? tests.get(itemId)! : instructions()[state.items.find(itemId)!]!;
    return { evaluation, item: { ...conversationOf(asked), response: answer } };
  });
  const record = state.models.models().find((model) => model.round === round)!;
  const model = questions.some(({ item }) => item.response === '')
    ? await tools.seedModel(record, trainedExamples(context, round))
    : undefined;
  return {
    // An answer that was given is stored, and what is too long is not sent: asking the model again is free.
    cost: sumCallCosts(
      questions.map(({ item, evaluation }) => judge.estimate(item, { generation: evaluation.generation + 1 })),
    ),
    run: async () => {
      let done = 0;
      try {
        await concurrently(questions, judge.concurrency, async ({ evaluation, item }) => {
          const generation = evaluation.generation + 1;
          const options = { subject: evaluation.itemId, generation, ...(signal ? { signal } : {}) };
          const { score, reason, isRefused } = await judgeAgain(item, judge, model, options).catch((error: unknown) => {
            if (!(error instanceof ReplyError)) throw error;
            return { score: null, reason: error.message, isRefused: error instanceof FilteredError };
          });
          state.models.saveEvaluation(round, {
            ...evaluation,
            generation,
            judge: judge.name,
            score,
            reason,
            isRefused,
          });
          done += 1;
          onProgress({ phase: 'judge', done, total: questions.length });
        });
        return undefined;
      } catch (error) {
        return pauseAfter(error, signal);
      }
    },
  };
}

async function judgeAgain(
  item: JudgedItem & { readonly response: string },
  judge: Judge,
  model: SeedModel | undefined,
  options: Parameters<Judge['judge']>[1],
) {
  const response = item.response === '' ? (await model!.answer(item, options)).text : item.response;
  const judgment = await judge.judge({ ...item, response }, options);
  return { ...judgment, isRefused: false };
}
