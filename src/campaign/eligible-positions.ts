import { embeddingText } from '../domain/instruction.ts';
import type { CampaignContext } from './campaign-context.ts';
import { labelingState } from './labeling-state.ts';

/**
 * Positions that may be chosen, ascending: nobody has them, they are good enough where quality is judged, and they are
 * none of the texts models are tested with. Near-duplicates are not looked for.
 */
export async function eligiblePositions(context: CampaignContext): Promise<number[]> {
  const { state, config } = context;
  const { taken } = labelingState(state, config.labels);
  const kept = await keptPositions(context);
  const tested = new Set((await context.testExamples()).map(embeddingText));
  return [...context.instructions().entries()]
    .filter(([position, item]) => !taken.has(position) && kept(position) && !tested.has(embeddingText(item)))
    .map(([position]) => position);
}

/**
 * By the judge's ratings; what could not be judged is not kept. What was never judged is: between rounds there is none,
 * and where quality or its judge is changed within a round, the change counts from the next one.
 */
async function keptPositions(context: CampaignContext): Promise<(position: number) => boolean> {
  const { quality } = context.config;
  if (quality === undefined) return () => true;
  const judge = await context.qualityJudge();
  const ratings = judge === undefined ? [] : context.state.models.ratings(judge);
  const leftOut = new Set(
    ratings.filter(({ score }) => score === null || score < quality.threshold).map(({ position }) => position),
  );
  return (position) => !leftOut.has(position);
}

/**
 * Positions whose quality is still to be judged; none where quality is not judged at all.
 * @param retryFailed those too that got no usable judgment
 */
export async function unratedPositions(
  { config, state, qualityJudge }: CampaignContext,
  retryFailed: boolean,
): Promise<number[]> {
  if (config.quality === undefined) return [];
  const judge = await qualityJudge();
  const ratings = judge === undefined ? [] : state.models.ratings(judge);
  const rated = new Set(ratings.filter(({ score }) => score !== null || !retryFailed).map(({ position }) => position));
  return Array.from({ length: state.items.count() }, (_, position) => position).filter((p) => !rated.has(p));
}
