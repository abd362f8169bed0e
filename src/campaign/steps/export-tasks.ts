import { mkdir, readFile } from 'node:fs/promises';
import { dirname, extname, join, relative, resolve } from 'node:path';
import { conversationOf } from '../../domain/conversation.ts';
import { OutputError } from '../../domain/errors.ts';
import { PRIVATE_FOLDER } from '../../domain/file-permissions.ts';
import type { LabelDraft, LabelTask } from '../../domain/label.ts';
import { command, option, sentence } from '../../domain/wording.ts';
import type { PushedTasks } from '../../labels/http/label-server.ts';
import { BRIDGES } from '../../labels/registry.ts';
import { writeFileAtomically } from '../../records/write-file-atomically.ts';
import type { CampaignContext } from '../campaign-context.ts';
import { draftsBefore } from '../failures.ts';
import { HIDDEN_REASON, hidesReasons } from '../hidden-reason.ts';
import { allQuestions, itemQuestions } from '../item-questions.ts';
import { labelingState } from '../labeling-state.ts';
import { scaledScore } from '../scaled-score.ts';
import { checkLabelFields, shownFields } from '../shown-fields.ts';
import type { ExportDetails } from '../step-details.ts';
import { FREE_STEP, type PreparedStep, pauseAfter } from '../step-outcome.ts';

/** Writes the tasks of the round for annotators, and sends them to the annotation tool if one is connected. */
export function prepareExport(context: CampaignContext, round: number): PreparedStep<ExportDetails> {
  const { config, state, signal } = context;
  return {
    ...FREE_STEP,
    step: 'export',
    round,
    run: async () => {
      // A file with other content may hold labels, for example of an earlier campaign in the same folder.
      const exported = await exportTasks(context, round, { tool: config.labels.tool });
      let pushed: PushedTasks | null;
      try {
        pushed = await pushTasks(context, round);
      } catch (error) {
        return pauseAfter(error, signal);
      }
      const details: ExportDetails = { ...exported, pushed };
      state.rounds.finishStep(round, 'export', { ...details, pushed: pushed === null ? null : { ...pushed } });
      return { done: true, details, notes: [] };
    },
  };
}

/**
 * Writes a round's tasks as a file of one annotation tool; the same again for the same round.
 * @param options.path default: `rounds/<round>/tasks.<tool>.json` or the like in the campaign's folder
 * @param options.replace whether a file with other content, such as labels, may be replaced
 * @throws OutputError when there is such a file and it may not be replaced
 */
export async function exportTasks(
  context: CampaignContext,
  round: number,
  {
    tool,
    path,
    replace = false,
  }: { readonly tool: string; readonly path?: string | undefined; readonly replace?: boolean | undefined },
): Promise<Omit<ExportDetails, 'pushed'>> {
  const bridge = BRIDGES.find(tool);
  // Plain files are named after their format alone: `tasks.jsonl`.
  const name = bridge.extension === `.${tool}` ? 'tasks' : `tasks.${tool}`;
  const target = path ?? join('rounds', String(round), `${name}${bridge.extension}`);
  const absolute = resolve(context.folder, target);
  if (path === undefined) await mkdir(dirname(absolute), { recursive: true, mode: PRIVATE_FOLDER });
  const tasks = roundTasks(context, round);
  const questions = allQuestions(context.config.labels.questions);
  const content = bridge.encode(tasks, { questions });
  const shown = path === undefined ? relative(context.folder, absolute) : path;
  if (!replace && (await holdsOther(absolute, content))) {
    throw new OutputError(`${shown} already exists and has other content, perhaps labels.`, {
      hint: sentence`Import it first (${command('import')}), move it away, or replace it: ${command('export', option('force', true))}.`,
    });
  }
  await writeFileAtomically(absolute, content, { isPrivate: true });
  if (bridge.interface !== undefined && questions.length > 0) {
    const beside = `${absolute.slice(0, absolute.length - extname(absolute).length)}${bridge.interface.extension}`;
    await writeFileAtomically(beside, bridge.interface.encode(tasks, { questions }), { isPrivate: true });
  }
  return { path: shown, tool, tasks: tasks.length, drafts: tasks.filter(({ draft }) => draft !== undefined).length };
}

async function holdsOther(path: string, content: string): Promise<boolean> {
  const there = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    // Writing reports anything else that is wrong with it.
    if (error.code === 'ENOENT' || error.code === 'EISDIR') return undefined;
    throw new OutputError(`${path} cannot be read: ${error.message}.`, { cause: error });
  });
  return there !== undefined && !there.equals(Buffer.from(content));
}

/** Sends a round's tasks to the configured tool; null if none is connected. */
export async function pushTasks(context: CampaignContext, round: number): Promise<PushedTasks | null> {
  const server = await context.tools.labelServer();
  const { signal, onProgress } = context;
  return server === undefined
    ? null
    : server.push(roundTasks(context, round), {
        ...{ signal, onProgress, questions: allQuestions(context.config.labels.questions) },
      });
}

/** In order of rank; in necessity rounds with the seed model's answer and why it is not good enough. */
export function roundTasks(context: CampaignContext, round: number): LabelTask[] {
  const items = context.instructions();
  const plan = context.state.rounds.plans()[round - 1]!;
  const drafts = draftsBefore(context, plan);
  const { handedOut } = labelingState(context.state, context.config.labels);
  checkLabelFields(items, context.config.labels);
  return handedOut
    .filter((item) => item.round === round)
    .map(({ position, rank, reason }): LabelTask => {
      const item = items[position]!;
      const answer = drafts.get(position);
      const draft: LabelDraft | undefined = answer && {
        response: answer.answer,
        model: answer.answerModel,
        score: scaledScore(answer.score),
        judgeReason: answer.reason,
      };
      const questions = itemQuestions(context.config.labels.questions, item, answer?.answer);
      const fields = shownFields(item.record, context.config.labels.show);
      return {
        id: item.id,
        ...conversationOf(item),
        round,
        rank,
        reason: hidesReasons(plan) ? HIDDEN_REASON : reason,
        ...(draft ? { draft } : {}),
        ...(fields.length > 0 ? { fields } : {}),
        ...(questions.length > 0 ? { questions } : {}),
      };
    });
}
