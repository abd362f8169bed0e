import { z } from 'zod';
import { contextText } from '../domain/conversation.ts';
import { isJsonObject } from '../domain/instruction.ts';
import type { Annotation, LabelTask, Verdict } from '../domain/label.ts';
import {
  annotatorSchema,
  itemIdSchema,
  nonBlank,
  problemOf,
  quoted,
  secondsSchema,
  timestampSchema,
} from './label-shapes.ts';
import type { RecordReading, UnreadRecord } from './record-codec.ts';

/** What may stand in `verdict`, in any letter case. */
const VERDICT_WORDS: ReadonlyMap<string, Verdict> = new Map([
  ['accept', 'accepted'],
  ['accepted', 'accepted'],
  ['ok', 'accepted'],
  ['reject', 'rejected'],
  ['rejected', 'rejected'],
  ['skip', 'skipped'],
  ['skipped', 'skipped'],
  ['draft', 'draft'],
]);

export const PLAIN_SETUP = `The file needs no tool:
1. For each item write the response into "response". Leave "draft" alone: it is the model's answer that was not \
good enough; copy it and correct the copy.
2. Optional: your name in "annotator", the time spent in "seconds", the date in "submitted_at" \
(2025-01-31T09:30:00Z), and in "verdict" accept, reject (the instruction itself is no good), skip, or draft (not \
finished), with the reason in "comment".
   Empty with a response means accept.
3. Several people: repeat the record, or import a file from each.
4. Import the file here; keep "id" as it is.
`;

const textSchema = z.string('is no text').nullish();
const recordSchema = z.object({
  id: itemIdSchema,
  response: textSchema,
  verdict: textSchema,
  comment: textSchema,
  annotator: annotatorSchema,
  seconds: secondsSchema,
  submitted_at: timestampSchema,
});

/**
 * A task with empty places to fill in; every record has the same fields.
 * @param hasContext whether a record has a field for what was said before its instruction
 */
function plainRecord(task: LabelTask, hasContext: boolean) {
  const { id, instruction, input, round, rank, reason, draft } = task;
  return {
    id,
    ...(hasContext ? { context: contextText(task) ?? '' } : {}),
    instruction,
    input: input ?? '',
    draft: draft?.response ?? '',
    draft_model: draft?.model ?? '',
    draft_score: draft?.score ?? '',
    judge_reason: draft?.judgeReason ?? '',
    response: '',
    annotator: '',
    verdict: '',
    comment: '',
    seconds: '',
    submitted_at: '',
    round,
    rank,
    reason,
  };
}

/** Tasks as records; they have a field for the context where any of them has one. */
export function plainRecords(tasks: readonly LabelTask[]) {
  const hasContext = tasks.some(({ context }) => context !== undefined);
  return tasks.map((task) => plainRecord(task, hasContext));
}

/** Fields by which a record is of one of the tools that have an id and a response too. */
const FIELDS_OF_TOOLS = ['winnow_id', 'annotation_id', '_server_id', '_task_hash', 'response.responses'];

export function isPlainRecord(value: unknown): boolean {
  if (!isJsonObject(value) || FIELDS_OF_TOOLS.some((name) => name in value)) return false;
  return 'id' in value && ('response' in value || 'verdict' in value);
}

/** Reads one record of a plain file. */
export function readPlainRecord(value: unknown): RecordReading | UnreadRecord {
  const parsed = recordSchema.safeParse(value);
  if (!parsed.success) return { cause: problemOf(value, parsed.error) };
  const { id: itemId, response, verdict, annotator, seconds, submitted_at } = parsed.data;
  const comment = nonBlank(parsed.data.comment);
  const given = readVerdict(verdict?.trim() ?? '', nonBlank(response));
  if (given === undefined) return { itemId, annotations: [], problems: [] };
  if (typeof given === 'string') return { itemId, annotations: [], problems: [given] };
  const annotation = {
    itemId,
    ...given,
    annotator,
    seconds,
    submittedAtMs: submitted_at,
    sourceId: null,
    ...(comment === null ? {} : { comment }),
  };
  return { itemId, annotations: [annotation], problems: [] };
}

function readVerdict(
  word: string,
  response: string | null,
): Pick<Annotation, 'verdict' | 'response'> | string | undefined {
  if (word === '') return response === null ? undefined : { verdict: 'accepted', response };
  const verdict = VERDICT_WORDS.get(word.toLowerCase());
  switch (verdict) {
    case undefined:
      return `its verdict is ${quoted(word)}; allowed are ${[...VERDICT_WORDS.keys()].join(', ')} or nothing`;
    case 'accepted':
      return response === null
        ? 'its verdict is to accept, but its response is empty; copy the draft into it if that is what is accepted'
        : { verdict, response };
    case 'draft':
      return response === null ? undefined : { verdict, response };
    default:
      return { verdict, response: null };
  }
}
