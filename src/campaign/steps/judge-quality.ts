import type { Instruction } from '../../domain/instruction.ts';
import { ReplyError } from '../../errors/reply-error.ts';
import { ratingsCollapse } from '../../judges/collapse.ts';
import type { Judge } from '../../judges/judge.ts';
import type { CampaignContext } from '../campaign-context.ts';
import { concurrently } from '../concurrently.ts';
import { collapseNote, sumRanges } from '../judging.ts';
import { pausedBy } from '../paused.ts';
import { FREE_STEP, type PreparedStep } from '../step-outcome.ts';

export interface JudgeQualityDetails {
  readonly judge: string;
  /** In this step. */
  readonly judged: number;
  /** Of all instructions: good enough to be handed out, and not. */
  readonly kept: number;
  readonly leftOut: number;
  /** No usable judgment came; left out too. */
  readonly unjudged: number;
  readonly threshold: number;
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

/** Judges every instruction that is not judged yet, each result stored as it comes. One call an instruction. */
export async function prepareJudgeQuality(
  context: CampaignContext,
  round: number,
  { retryFailed = false }: { readonly retryFailed?: boolean | undefined } = {},
): Promise<PreparedStep<JudgeQualityDetails>> {
  const { config, state, tools, signal, onProgress } = context;
  const threshold = config.quality!.threshold;
  const judge = await tools.judge('quality');
  const instructions = context.instructions();
  const positions = await unratedPositions(context, retryFailed);
  const tries = new Map(state.models.ratings(judge.name).map(({ position, generation }) => [position, generation + 1]));
  return {
    ...FREE_STEP,
    step: 'judge-quality',
    round,
    llmMicroUsd: sumRanges(positions.map((position) => judge.estimate(instructions[position]!))),
    run: async () => {
      let done = 0;
      onProgress({ phase: 'judge', done, total: positions.length });
      try {
        await concurrently(positions, judge.concurrency, async (position) => {
          const generation = tries.get(position) ?? 0;
          const rating = await rate(judge, instructions[position]!, generation, signal);
          state.models.saveRating(judge.name, { position, generation, ...rating });
          done += 1;
          onProgress({ phase: 'judge', done, total: positions.length });
        });
      } catch (error) {
        return pausedBy(error, signal);
      }
      const ratings = state.models.ratings(judge.name);
      const scores = ratings.flatMap(({ score }) => (score === null ? [] : [score]));
      const kept = scores.filter((score) => score >= threshold).length;
      const details = {
        judge: judge.name,
        judged: positions.length,
        kept,
        leftOut: scores.length - kept,
        unjudged: ratings.length - scores.length,
        threshold,
      };
      const unjudged =
        details.unjudged === 0
          ? []
          : [
              `${details.unjudged} instructions got no usable judgment and are left out; winnow next --retry-failed asks anew.`,
            ];
      return { done: true, details, notes: [...collapseNote('quality', ratingsCollapse(scores)), ...unjudged] };
    },
  };
}

async function rate(judge: Judge, item: Instruction, generation: number, signal: AbortSignal | undefined) {
  try {
    const options = { subject: item.id, generation, ...(signal ? { signal } : {}) };
    const { score, reason, costMicroUsd } = await judge.judge(item, options);
    return { score, reason, costMicroUsd };
  } catch (error) {
    if (!(error instanceof ReplyError)) throw error;
    return { score: null, reason: error.message, costMicroUsd: error.costMicroUsd };
  }
}
