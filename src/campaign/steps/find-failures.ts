import { sumRanges } from '../../domain/money.ts';
import type { Evaluation } from '../../domain/round.ts';
import { command, option, sentence } from '../../domain/wording.ts';
import { coverage } from '../../math/coverage.ts';
import { takeRows } from '../../math/embedding-matrix.ts';
import { ratingsCollapse } from '../../math/ratings-collapse.ts';
import { mean, meanInterval } from '../../math/statistics.ts';
import type { CampaignContext } from '../campaign-context.ts';
import { embedPool } from '../candidates.ts';
import type { CampaignConfig } from '../config/campaign-config.ts';
import { eligiblePositions } from '../eligible-positions.ts';
import { failureThreshold } from '../failure-threshold.ts';
import { failuresOf, meanScore } from '../failures.ts';
import { prepareComparison } from '../gain/compare-with-chance.ts';
import { judgeCuesNote } from '../judge-cues-note.ts';
import { labelingState } from '../labeling-state.ts';
import { measureModel, testEvaluations } from '../measure-model.ts';
import { asEstimate } from '../model-figures.ts';
import type { FindFailuresDetails } from '../step-details.ts';
import { collapseNote, type PreparedStep, pauseAfter, type StepCalls, type StepPaused } from '../step-outcome.ts';
import { testItems } from '../test-set.ts';
import { prepareJudgeAgain } from './judge-again.ts';

/** Summarizes the evaluation: which instructions the model failed at, its score on unseen items, and how far labels cover the pool. */
export async function prepareFindFailures(
  context: CampaignContext,
  round: number,
  { retryFailed, goOn }: { readonly retryFailed?: boolean | undefined; readonly goOn?: boolean | undefined },
): Promise<PreparedStep<FindFailuresDetails>> {
  const { state, config } = context;
  const comparison = await prepareComparison(context, round);
  const again = retryFailed ? await prepareJudgeAgain(context, round) : undefined;
  const calls: StepCalls[] = [
    ...(again ? [{ by: 'judging' as const, count: again.cost.calls.expected, ...again.cost }] : []),
    ...(comparison
      ? [{ by: 'trained' as const, count: comparison.answers, costMicroUsd: comparison.llmMicroUsd }]
      : []),
  ];
  return {
    step: 'find-failures',
    round,
    llmMicroUsd: sumRanges(calls.map(({ costMicroUsd }) => costMicroUsd)),
    calls,
    trainingMicroUsd: comparison?.trainingMicroUsd ?? 0,
    run: async () => {
      const paused = (await again?.run()) ?? tooManyUnjudged(state.models.evaluations(round), goOn ?? false);
      if (paused) return paused;
      const evaluations = state.models.evaluations(round);
      const of = (subset: string) => evaluations.filter((evaluation) => evaluation.subset === subset);
      const scores = of('pool').flatMap(({ score }) => (score === null ? [] : [score]));
      const threshold = failureThreshold(context);
      const failures = failuresOf(context, round, threshold).length;
      const hasTestSet = testItems(state).size > 0;
      const figures = await measureModel(context, round);
      try {
        await comparison?.run();
      } catch (error) {
        return pauseAfter(error, context.signal);
      }
      const before = round === 1 ? [] : state.models.evaluations(round - 1);
      const details: FindFailuresDetails = {
        round,
        model: state.models.models().find((model) => model.round === round)!.name,
        threshold,
        instructions: state.items.count(),
        evaluated: scores.length,
        unjudged: evaluations.filter(({ score }) => score === null).length,
        failures,
        failureRate: scores.length === 0 ? null : failures / scores.length,
        poolScore: meanScore(of('pool')) ?? null,
        heldOutScore: hasTestSet ? null : (meanScore(of('held-out')) ?? null),
        testScore: hasTestSet ? (figures.test?.score.mean ?? null) : (meanScore(of('test')) ?? null),
        ...improvementOn(asTested(context, evaluations), asTested(context, before)),
        coverageRadius: await coverageRadius(context),
        figures,
      };
      state.rounds.finishStep(round, 'find-failures', { ...details });
      const cues = await judgeCuesNote(context);
      const unjudged =
        details.unjudged === 0
          ? []
          : [`${details.unjudged} answers got no usable judgment; they count neither as failures nor as successes.`];
      const notes = [
        ...collapseNote('necessity', ratingsCollapse(scores)),
        ...calibrationNote(threshold, config.rounds.necessity),
        ...cues,
        ...unjudged,
      ];
      return { done: true, details, notes };
    },
  };
}

/** How the threshold was found, where rounds.necessity.calibrate is on. */
function calibrationNote(threshold: number, necessity: CampaignConfig['rounds']['necessity']): string[] {
  if (!necessity.calibrate) return [];
  return [
    threshold === necessity.threshold
      ? `The threshold stays at ${threshold}: people have decided on too few drafts, or the judge agrees with them no better than length does.`
      : `Answers below ${threshold.toFixed(1)} count as failures: it fits people's decisions on drafts best.`,
  ];
}

/** A few answers without a judgment change little; if most have none, the result is chance. */
function tooManyUnjudged(evaluations: readonly Evaluation[], goOn: boolean): StepPaused | undefined {
  const unjudged = evaluations.filter(({ score }) => score === null);
  // Without a single judgment there would be nothing to choose from.
  const hasAny = unjudged.length < evaluations.length;
  if ((goOn && hasAny) || unjudged.length * 2 <= evaluations.length) return undefined;
  const leaveOut = hasAny
    ? sentence`To leave them out: ${command('next', option('goOn', true))}.`
    : 'Fix the judge or its prompt first.';
  return {
    done: false,
    because: 'short',
    message: `${unjudged.length} of ${evaluations.length} answers got no usable judgment (${unjudged[0]!.itemId}: ${unjudged[0]!.reason}).`,
    hint: unjudged.every(({ isRefused }) => isRefused)
      ? sentence`The provider's content filter refused them. ${leaveOut}`
      : sentence`To judge them again: ${command('next', option('retryFailed', true))}. ${leaveOut}`,
  };
}

/**
 * How much better a model does than the one before on the same items, by the same judge: those of the test files if
 * there are any, else the held-out ones both answered. Later rounds hold out harder items, so plain means would not compare.
 */
export function improvementOn(
  now: readonly Evaluation[],
  before: readonly Evaluation[],
): Pick<FindFailuresDetails, 'improvement' | 'comparedOn' | 'gain'> {
  for (const subset of ['test', 'held-out'] as const) {
    const earlier = new Map(before.filter((one) => one.subset === subset).map((one) => [one.itemId, one]));
    const gains = now.flatMap(({ itemId, judge, score, ...one }) => {
      const was = one.subset === subset ? earlier.get(itemId) : undefined;
      return score === null || was?.judge !== judge || was.score === null ? [] : [score - was.score];
    });
    if (gains.length > 0) {
      return { improvement: mean(gains), comparedOn: subset, gain: asEstimate(meanInterval(gains)) };
    }
  }
  return { improvement: null, comparedOn: null, gain: null };
}

/** Evaluations of the test set count as those of test files do. */
function asTested({ state }: CampaignContext, evaluations: readonly Evaluation[]): Evaluation[] {
  if (testItems(state).size === 0) return [...evaluations];
  const tested = new Set(testEvaluations({ state }, evaluations));
  return evaluations.flatMap((one): Evaluation[] =>
    one.subset === 'test' ? [] : [tested.has(one) ? { ...one, subset: 'test' } : one],
  );
}

async function coverageRadius(context: CampaignContext): Promise<number | null> {
  const { state, config, tools } = context;
  const { labels } = labelingState(state, config.labels);
  const test = testItems(state);
  const labeled = [...labels.values()]
    .filter((label) => label.state === 'labeled' && !test.has(label.position))
    .map(({ position }) => position);
  const open = await eligiblePositions(context);
  if (open.length === 0 || labeled.length === 0) return null;
  const vectors = await embedPool(context);
  const kernel = await tools.kernel();
  return (await coverage(takeRows(vectors, open), takeRows(vectors, labeled), { kernel })).radius;
}
