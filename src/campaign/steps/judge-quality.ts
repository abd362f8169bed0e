import { conversationOf } from '../../domain/conversation.ts';
import { FilteredError, PoolError, ReplyError } from '../../domain/errors.ts';
import type { Instruction } from '../../domain/instruction.ts';
import { sumCallCosts } from '../../domain/usage.ts';
import { command, option, sentence, type Wording } from '../../domain/wording.ts';
import { concurrently } from '../../engine/concurrently.ts';
import { ratingsCollapse } from '../../math/ratings-collapse.ts';
import type { Judge, JudgedItem } from '../../selection/judges/judge.ts';
import type { CampaignContext } from '../campaign-context.ts';
import { unratedPositions } from '../eligible-positions.ts';
import { judgeCuesNote } from '../judge-cues-note.ts';
import { collapseNote, FREE_STEP, type PreparedStep, pauseAfter } from '../step-outcome.ts';

export interface JudgeQualityDetails {
  readonly judge: string;
  /** In this step. */
  readonly judged: number;
  /** Of all instructions: good enough to be assigned, and not. */
  readonly kept: number;
  readonly leftOut: number;
  /** No usable judgment came; left out too. */
  readonly unjudged: number;
  readonly threshold: number;
}

/**
 * Judges every instruction that is not judged yet and stores each result at once. One call per instruction.
 * @throws PoolError if responses are judged and an instruction has none
 */
export async function prepareJudgeQuality(
  context: CampaignContext,
  round: number,
  { retryFailed = false }: { readonly retryFailed?: boolean | undefined } = {},
): Promise<PreparedStep<JudgeQualityDetails>> {
  const { config, state, tools, signal, onProgress } = context;
  const { threshold, criterion } = config.quality!;
  const judge = await tools.judge(criterion);
  const positions = await unratedPositions(context, retryFailed);
  const items = context.instructions();
  if (judge.criterion.of === 'response') checkResponses(positions.map((position) => items[position]!));
  const judged = (position: number) => judgedItem(items[position]!);
  const tries = new Map(state.models.ratings(judge.name).map(({ position, generation }) => [position, generation + 1]));
  const { costMicroUsd, calls } = sumCallCosts(
    positions.map((position) => judge.estimate(judged(position), { generation: tries.get(position) ?? 0 })),
  );
  return {
    ...FREE_STEP,
    step: 'judge-quality',
    round,
    llmMicroUsd: costMicroUsd,
    calls: [{ by: 'judging', count: calls.expected, costMicroUsd }],
    run: async () => {
      let done = 0;
      onProgress({ phase: 'judge', done, total: positions.length });
      try {
        await concurrently(positions, judge.concurrency, async (position) => {
          const generation = tries.get(position) ?? 0;
          const rating = await rate(judge, judged(position), { subject: items[position]!.id, generation, signal });
          state.models.saveRating(judge.name, { position, generation, ...rating });
          done += 1;
          onProgress({ phase: 'judge', done, total: positions.length });
        });
      } catch (error) {
        return pauseAfter(error, signal);
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
      const cues = await judgeCuesNote(context);
      const refused = ratings.filter(({ isRefused }) => isRefused).length;
      const unjudged = unjudgedNotes(details.unjudged - refused, refused);
      return {
        done: true,
        details,
        notes: [...collapseNote(criterion, ratingsCollapse(scores)), ...cues, ...unjudged],
      };
    },
  };
}

function unjudgedNotes(unusable: number, refused: number): Wording[] {
  const notes: Wording[] = [];
  if (unusable > 0) {
    notes.push(
      sentence`${unusable} instructions got no usable judgment and are left out. To ask again: ${command('next', option('retryFailed', true))}.`,
    );
  }
  if (refused > 0) {
    notes.push(`${refused} instructions were refused by the provider's content filter and are left out.`);
  }
  return notes;
}

/** The response is the one the record came with; criteria that are about the instruction alone leave it out. */
function judgedItem(item: Instruction): JudgedItem {
  return { ...conversationOf(item), ...(item.output === undefined ? {} : { response: item.output }) };
}

function checkResponses(items: readonly Instruction[]): void {
  const without = items.filter(({ output }) => output === undefined);
  if (without.length === 0) return;
  throw new PoolError(`${without.length} instructions have no response to judge (the first: ${without[0]!.id}).`, {
    hint: 'Set quality.criterion to quality, which judges the instruction alone, or name the field in pool.fields.output.',
  });
}

async function rate(
  judge: Judge,
  item: JudgedItem,
  { subject, generation, signal }: { subject: string; generation: number; signal: AbortSignal | undefined },
) {
  try {
    const options = { subject, generation, ...(signal ? { signal } : {}) };
    const { score, reason, costMicroUsd } = await judge.judge(item, options);
    return { score, reason, costMicroUsd };
  } catch (error) {
    if (!(error instanceof ReplyError)) throw error;
    const isRefused = error instanceof FilteredError;
    return { score: null, reason: error.message, costMicroUsd: error.costMicroUsd, isRefused };
  }
}
