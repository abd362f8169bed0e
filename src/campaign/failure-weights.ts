import type { RoundPlan } from '../domain/round.ts';
import { mean } from '../math/statistics.ts';
import { NECESSITY } from '../selection/judges/criteria.ts';
import type { CampaignContext } from './campaign-context.ts';

/**
 * How much each candidate of a round counts, > 0, by how badly the model before failed at it; undefined where all count
 * the same. Parallel to `positions`.
 */
export function roundWeights(
  { state }: Pick<CampaignContext, 'state'>,
  { number, weighted, failureWeight = 0, threshold }: RoundPlan,
  positions: readonly number[],
): Float64Array | undefined {
  if (!weighted && failureWeight === 0) return undefined;
  const scores = new Map(
    state.models
      .evaluations(number - 1)
      .flatMap(({ subset, itemId, score }) =>
        subset === 'pool' && score !== null ? [[state.items.find(itemId)!, score] as const] : [],
      ),
  );
  if (!weighted) return poolWeights(positions, { scores, threshold, failureWeight });
  return Float64Array.from(positions, (position) => failureSeverity(scores.get(position)!, threshold));
}

/**
 * How badly a model failed at an instruction: 1 at the lowest possible score, falling to 0 at the threshold. A failure
 * always counts a little, and every one the same where the threshold is at the very bottom.
 */
function failureSeverity(score: number, threshold: number): number {
  const { min } = NECESSITY.scale;
  if (threshold <= min) return 1;
  return score < threshold ? Math.max((threshold - score) / (threshold - min), Number.EPSILON) : 0;
}

/**
 * Weights for a whole pool: 1 for what passed, 1 + `failureWeight` for the worst failure, in proportion between them.
 * What was not evaluated counts as the mean of what was.
 * @param given.scores of the instructions that were evaluated, by position
 */
export function poolWeights(
  positions: readonly number[],
  {
    scores,
    threshold,
    failureWeight,
  }: { readonly scores: ReadonlyMap<number, number>; readonly threshold: number; readonly failureWeight: number },
): Float64Array {
  const severities = new Map([...scores].map(([position, score]) => [position, failureSeverity(score, threshold)]));
  const usual = severities.size === 0 ? 0 : mean([...severities.values()]);
  return Float64Array.from(positions, (position) => 1 + failureWeight * (severities.get(position) ?? usual));
}
