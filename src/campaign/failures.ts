import type { Evaluation, RoundPlan } from '../domain/round.ts';
import { mean } from '../math/statistics.ts';
import type { CampaignContext } from './campaign-context.ts';
import { failureThreshold } from './failure-threshold.ts';
import { hidesReasons } from './hidden-reason.ts';

/** An instruction the seed model of a round did badly at. */
export interface Failure {
  readonly position: number;
  /** Below the threshold. */
  readonly score: number;
  readonly answer: string;
  readonly answerModel: string;
  readonly reason: string;
}

/**
 * What the model of a round failed at, among the unlabeled instructions it was evaluated on: scored below the
 * threshold. By position.
 * @param threshold default: as it is now
 */
export function failuresOf(
  context: Pick<CampaignContext, 'state' | 'config'>,
  round: number,
  threshold: number = failureThreshold(context),
): Failure[] {
  const { state } = context;
  return state.models
    .evaluations(round)
    .flatMap(({ subset, itemId, score, answer, answerModel, reason }) => {
      if (subset !== 'pool' || score === null || score >= threshold) return [];
      return [{ position: state.items.find(itemId)!, score, answer, answerModel, reason }];
    })
    .sort((a, b) => a.position - b.position);
}

/** The failures of the model before a round, by the threshold the round was planned with, by position. Empty before the first. */
export function failuresBefore(
  context: Pick<CampaignContext, 'state' | 'config'>,
  { number, threshold }: Pick<RoundPlan, 'number' | 'threshold'>,
): ReadonlyMap<number, Failure> {
  return new Map(failuresOf(context, number - 1, threshold).map((failure) => [failure.position, failure]));
}

/**
 * Answers of the model before a round that people correct, by position: its failures, and in rounds with items drawn at
 * random every answer there is, so that people cannot tell these items by what comes with them.
 */
export function draftsBefore(
  context: Pick<CampaignContext, 'state' | 'config'>,
  plan: Pick<RoundPlan, 'number' | 'threshold' | 'control' | 'test'>,
): ReadonlyMap<number, Failure> {
  if (!hidesReasons(plan)) return failuresBefore(context, plan);
  const all = failuresOf(context, plan.number - 1, Number.POSITIVE_INFINITY);
  return new Map(all.map((answer) => [answer.position, answer]));
}

/** Mean score of a subset; undefined where nothing of it has one. */
export function meanScore(evaluations: readonly Evaluation[]): number | undefined {
  const scores = evaluations.flatMap(({ score }) => (score === null ? [] : [score]));
  return scores.length === 0 ? undefined : mean(scores);
}
