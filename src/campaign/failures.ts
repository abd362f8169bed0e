import type { Evaluation, RoundPlan } from '../domain/round.ts';
import { mean } from '../math/statistics.ts';
import type { CampaignContext } from './campaign-context.ts';

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
 * @param threshold default: as it is configured now
 */
export function failuresOf(
  { state, config }: Pick<CampaignContext, 'state' | 'config'>,
  round: number,
  threshold: number = config.rounds.necessity.threshold,
): Failure[] {
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

/** Mean score of a subset; undefined where nothing of it has one. */
export function meanScore(evaluations: readonly Evaluation[]): number | undefined {
  const scores = evaluations.flatMap(({ score }) => (score === null ? [] : [score]));
  return scores.length === 0 ? undefined : mean(scores);
}
