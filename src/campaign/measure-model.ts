import type { Evaluation } from '../domain/round.ts';
import type { AnswerPair, AnswerQuality } from './answer-quality.ts';
import { answerQuality } from './answer-quality.ts';
import type { CampaignContext } from './campaign-context.ts';
import { failureThreshold } from './failure-threshold.ts';
import { figuresOf, type JudgedAnswers, type ModelFigures, type TestAnswer } from './model-figures.ts';
import { testItems } from './test-set.ts';
import { splitLabels } from './training-split.ts';

/** What a round's model is worth, on the test set and against the models before it and the first one. */
export async function measureModel(context: CampaignContext, round: number): Promise<ModelFigures> {
  const { state, tools, signal } = context;
  const pairs = await answerPairs(context, state.models.evaluations(round));
  return measureScores(context, round, await answerQuality(pairs, await tools.localEmbedder(), signal));
}

/** The same by scores alone, where answers are not compared with people's. */
export function measureScores(
  context: Pick<CampaignContext, 'state' | 'config'>,
  round: number,
  quality: ReadonlyMap<string, AnswerQuality> = new Map(),
): ModelFigures {
  const { state, config } = context;
  const evaluations = state.models.evaluations(round);
  const evaluated = state.models
    .models()
    .map((model) => model.round)
    .filter((number) => number < round);
  const compared = [...new Set([...evaluated.slice(-1), ...evaluated.slice(0, 1)])];
  const earlier = compared.map((number) => judged(context, number, state.models.evaluations(number)));
  return figuresOf(judged(context, round, evaluations), earlier, {
    from: testSource(context, evaluations),
    quality,
    threshold: failureThreshold(context),
    seed: config.seed,
  });
}

/** What models are tested on: the test set, else the test files, else the held-out labels. */
export function testSource({ state }: Pick<CampaignContext, 'state'>, evaluations: readonly Evaluation[]) {
  if (testItems(state).size > 0) return 'test-set';
  return evaluations.some(({ subset }) => subset === 'test') ? 'test-files' : 'held-out-labels';
}

/** The evaluations of test items, as `testSource` says. */
export function testEvaluations(
  context: Pick<CampaignContext, 'state'>,
  evaluations: readonly Evaluation[],
): readonly Evaluation[] {
  const source = testSource(context, evaluations);
  if (source === 'test-files') return evaluations.filter(({ subset }) => subset === 'test');
  const heldOut = evaluations.filter(({ subset }) => subset === 'held-out');
  if (source === 'held-out-labels') return heldOut;
  const items = testItems(context.state);
  return heldOut.filter(({ itemId }) => items.has(context.state.items.find(itemId)!));
}

function judged(
  context: Pick<CampaignContext, 'state'>,
  round: number,
  evaluations: readonly Evaluation[],
): JudgedAnswers {
  const { state } = context;
  const items = testItems(state);
  const test = testEvaluations(context, evaluations).flatMap(({ subset, itemId, judge, score }): TestAnswer[] => {
    if (score === null) return [];
    const position = subset === 'test' ? undefined : state.items.find(itemId);
    return [{ itemId, judge, score, item: position === undefined ? undefined : items.get(position) }];
  });
  return { round, test, pool: evaluations.filter(({ subset }) => subset === 'pool') };
}

/** The answers to test items, each with what a person answered. */
async function answerPairs(context: CampaignContext, evaluations: readonly Evaluation[]): Promise<AnswerPair[]> {
  const { heldOut } = await splitLabels(context);
  const responses = new Map(
    [...heldOut, ...(await context.testExamples())].map(({ id, response }) => [id, response] as const),
  );
  return testEvaluations(context, evaluations).flatMap(({ itemId, answer, score }) => {
    const response = responses.get(itemId);
    return response === undefined || score === null ? [] : [{ itemId, answer, response }];
  });
}
