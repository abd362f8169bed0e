import type { Range } from '../../domain/money.ts';
import { ReplyError } from '../../errors/reply-error.ts';
import type { CampaignContext } from '../campaign-context.ts';
import { concurrently } from '../concurrently.ts';
import { sumRanges } from '../judging.ts';
import { pausedBy } from '../paused.ts';
import type { StepPaused } from '../step-outcome.ts';

/** Judges the answers of a round again that got no usable judgment; their answers are stored and stay. */
export async function prepareJudgeAgain(
  { state, tools, signal, onProgress, instructions, testExamples }: CampaignContext,
  round: number,
): Promise<{ readonly llmMicroUsd: Range; run(): Promise<StepPaused | undefined> }> {
  const judge = await tools.judge('necessity');
  const tests = new Map((await testExamples()).map((example) => [example.id, example]));
  const unjudged = state.models.evaluations(round).filter(({ score }) => score === null);
  const questions = unjudged.map((evaluation) => {
    const { subset, itemId, answer } = evaluation;
    const { instruction, input } = subset === 'test' ? tests.get(itemId)! : instructions()[state.items.find(itemId)!]!;
    return { evaluation, item: { instruction, ...(input === undefined ? {} : { input }), response: answer } };
  });
  return {
    llmMicroUsd: sumRanges(questions.map(({ item }) => judge.estimate(item))),
    run: async () => {
      let done = 0;
      try {
        await concurrently(questions, judge.concurrency, async ({ evaluation, item }) => {
          const generation = evaluation.generation + 1;
          const options = { subject: evaluation.itemId, generation, ...(signal ? { signal } : {}) };
          const { score, reason } = await judge.judge(item, options).catch((error: unknown) => {
            if (!(error instanceof ReplyError)) throw error;
            return { score: null, reason: error.message };
          });
          state.models.saveEvaluation(round, { ...evaluation, generation, judge: judge.name, score, reason });
          done += 1;
          onProgress({ phase: 'judge', done, total: questions.length });
        });
        return undefined;
      } catch (error) {
        return pausedBy(error, signal);
      }
    },
  };
}
