import { excludedPositions, isWanted, parseConstraints } from '../selection/constraints/constraints.ts';
import { onePerConversation } from '../selection/one-per-conversation.ts';
import type { CampaignContext } from './campaign-context.ts';
import { labelingState } from './labeling-state.ts';
import { testItems } from './test-set.ts';

/**
 * Positions that may be chosen, ascending: not assigned, good enough if quality is judged, and not held out
 * because test items repeat in them; one at most of each conversation, unless configured otherwise. Near-duplicates are not checked here.
 */
export async function eligiblePositions(context: CampaignContext): Promise<number[]> {
  const { state, config } = context;
  const { taken } = labelingState(state, config.labels);
  const kept = await keptPositions(context);
  const heldOut = await context.heldOut();
  const { where, atMost, excludeIds } = parseConstraints(config.pool);
  const excluded = excludedPositions(excludeIds, (id) => state.items.find(id));
  const test = testItems(state);
  const instructions = context.instructions();
  const open = [...instructions.keys()].filter(
    (position) =>
      !taken.has(position) &&
      !test.has(position) &&
      kept(position) &&
      !heldOut.has(position) &&
      !excluded.has(position) &&
      (where.length === 0 || isWanted(instructions[position]!, where)),
  );
  if (config.pool.severalPerConversation || atMost.some(({ field }) => field === 'conversation')) return open;
  if (!state.items.haveConversations()) return open;
  return [...onePerConversation(open, instructions, taken.keys(), config.seed)];
}

/**
 * By the judge's ratings. Instructions that could not be judged are left out. Those that were never judged are kept:
 * between rounds there are none, and a change of quality or its judge within a round applies from the next one.
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
 * Positions whose quality is still to be judged; empty if quality is not judged at all.
 * @param retryFailed include those that got no usable judgment, unless a content filter refused them
 */
export async function unratedPositions(
  { config, state, qualityJudge }: CampaignContext,
  retryFailed: boolean,
): Promise<number[]> {
  if (config.quality === undefined) return [];
  const judge = await qualityJudge();
  const ratings = judge === undefined ? [] : state.models.ratings(judge);
  const rated = new Set(
    ratings
      .filter(({ score, isRefused }) => score !== null || !retryFailed || isRefused)
      .map(({ position }) => position),
  );
  return Array.from({ length: state.items.count() }, (_, position) => position).filter((p) => !rated.has(p));
}
