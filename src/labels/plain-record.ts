import { z } from 'zod';
import { contextText } from '../domain/conversation.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../domain/instruction.ts';
import type { Annotation, LabelTask, Verdict } from '../domain/label.ts';
import type { Answers } from '../domain/questions.ts';
import { answerHint } from './answer-cells.ts';
import { itemIdSchema, nonBlank, problemOf, quoted, readSideFields } from './label-shapes.ts';
import type { RecordAbout, RecordReading, UnreadRecord } from './record-codec.ts';
import { messagesText, shownText } from './shown-text.ts';

/** Fields for the answers to questions: `answers.quality`; in labels that winnow exported, one object. */
const ANSWERS = 'answers';

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
   Where there are fields "question.…", write the answer into the field "answers.…" after each; several parts have a | between them.
3. Several people: repeat the record, or import a file from each.
4. Import the file here; keep "id" as it is.
`;

const textSchema = z.string('is not text').nullish();
const recordSchema = z.object({
  id: itemIdSchema,
  response: textSchema,
  verdict: textSchema,
  comment: textSchema,
  // Of labels that winnow exported.
  note: z.unknown().optional(),
  doubtful: z.unknown().optional(),
});
const SIDE_FIELDS = {
  annotator: ['annotator'],
  seconds: ['seconds'],
  submittedAtMs: ['submitted_at'],
  // Of labels that winnow exported.
  sourceId: ['source_id'],
};
/** The fields that are read. Their names may differ in letter case and spaces. */
const READ_FIELDS = [
  ...['id', 'response', 'verdict', 'comment', 'note', 'doubtful', 'annotator', 'seconds', 'submitted_at'],
  ...['instruction', 'input', 'context', 'messages'],
];
/** Where people write answers in files of their own. */
const OTHER_ANSWER_FIELDS = [
  ...['answer', 'answers', 'output', 'outputs', 'completion', 'reply', 'responses', 'label', 'labels', 'solution'],
  ...['final_response', 'final_answer', 'corrected', 'correction', 'gold', 'target'],
];

/**
 * A task with empty places to fill in; every record has the same fields.
 * @param hasContext whether a record has a field for what was said before its instruction
 * @param questions of all tasks, by name
 * @param fieldNames of the shown fields; columns named after people's own fields could be taken for ours
 */
function plainRecord(
  task: LabelTask,
  hasContext: boolean,
  fieldNames: readonly string[],
  questions: readonly string[],
) {
  const { id, instruction, input, round, rank, reason, draft } = task;
  return {
    id,
    ...(hasContext ? { context: contextText(task) ?? '' } : {}),
    instruction,
    input: input ?? '',
    ...Object.fromEntries(fieldNames.map((name) => [`record.${name}`, fieldValue(task, name)])),
    draft: draft?.response ?? '',
    draft_model: draft?.model ?? '',
    draft_score: draft?.score ?? '',
    judge_reason: draft?.judgeReason ?? '',
    response: '',
    ...Object.fromEntries(questions.flatMap((name) => questionFields(task, name))),
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

/** What is asked, and the place for the answer; both empty where the item is not asked. */
function questionFields({ questions = [] }: LabelTask, wanted: string): [string, string][] {
  const question = questions.find(({ name }) => name === wanted);
  return [
    [`question.${wanted}`, question === undefined ? '' : answerHint(question)],
    [`${ANSWERS}.${wanted}`, ''],
  ];
}

function fieldValue({ fields = [] }: LabelTask, wanted: string): string {
  return fields.find(({ name }) => name === wanted)?.value ?? '';
}

/** Tasks as records; they have a field for the context, each shown field and each question, where any of them has one. */
export function plainRecords(tasks: readonly LabelTask[]) {
  const hasContext = tasks.some(({ context }) => context !== undefined);
  const fieldNames = [...new Set(tasks.flatMap(({ fields = [] }) => fields.map(({ name }) => name)))];
  const questions = [...new Set(tasks.flatMap((task) => (task.questions ?? []).map(({ name }) => name)))];
  return tasks.map((task) => plainRecord(task, hasContext, fieldNames, questions));
}

/** Fields by which a record is of one of the tools that have an id and a response too. */
const FIELDS_OF_TOOLS = ['winnow_id', 'annotation_id', '_server_id', '_task_hash', 'response.responses'];

export function isPlainRecord(given: unknown): boolean {
  if (!isJsonObject(given) || FIELDS_OF_TOOLS.some((name) => name in given)) return false;
  const value = withUsualNames(given);
  if (!('id' in value)) return false;
  return 'response' in value || 'verdict' in value || ('instruction' in value && answerElsewhere(value) !== undefined);
}

/** The record with "Response " and "Submitted At" as `response` and `submitted_at`, unless it has those too. */
function withUsualNames(record: JsonObject): JsonObject {
  const usual = [...READ_FIELDS, ...OTHER_ANSWER_FIELDS];
  if (usual.every((name) => name in record)) return record;
  const renamed = Object.entries(record).map(([name, value]): [string, JsonValue] => {
    const plain = name
      .trim()
      .toLowerCase()
      .replace(/[\s-]+/g, '_');
    return [usual.includes(plain) && !(plain in record) ? plain : name, value];
  });
  return Object.fromEntries(renamed);
}

/** Reads one record of a plain file. */
export function readPlainRecord(
  given: unknown,
  { answerField, decimalComma }: RecordAbout,
): RecordReading | UnreadRecord {
  const value = isJsonObject(given) ? withUsualNames(given) : given;
  const answer = answerField !== undefined && isJsonObject(value) ? { response: value[answerField] } : {};
  const parsed = recordSchema.safeParse(isJsonObject(value) ? { ...value, ...answer } : value);
  if (!parsed.success) return { cause: problemOf(value, parsed.error) };
  const { id: itemId, response, verdict, note, doubtful } = parsed.data;
  const comment = nonBlank(parsed.data.comment);
  const said = readVerdict(verdict?.trim() ?? '', nonBlank(response));
  const elsewhere = said === undefined && isJsonObject(value) ? answerElsewhere(value) : undefined;
  if (elsewhere !== undefined) return { itemId, annotations: [], problems: [elsewhere] };
  const answers = isJsonObject(value) ? answersOf(value) : {};
  const isAnswered = Object.keys(answers).length > 0;
  if (said === undefined) return { itemId, annotations: [], problems: isAnswered ? [ANSWERED_WITHOUT_RESPONSE] : [] };
  if (typeof said === 'string') return { itemId, annotations: [], problems: [said] };
  const { warnings, ...side } = readSideFields(value, SIDE_FIELDS, { decimalComma });
  const annotation = {
    itemId,
    ...said,
    ...side,
    ...(comment === null ? {} : { comment }),
    ...(isAnswered ? { answers } : {}),
    ...(typeof note === 'string' && nonBlank(note) !== null ? { note } : {}),
    ...(/^(?:true|yes|1)$/i.test(String(doubtful)) ? { doubtful: true } : {}),
  };
  const { instruction, input, context, messages } = value as JsonObject;
  return {
    itemId,
    annotations: [annotation],
    problems: [],
    warnings,
    shown: shownText({ instruction, input, context, messages: messagesText(messages) }),
  };
}

const ANSWERED_WITHOUT_RESPONSE = 'it has answers to questions, but its response is empty and it has no verdict';

/** What stands in the fields of questions; it is checked when it is imported. */
function answersOf(record: JsonObject): Answers {
  const own = Object.entries(record).flatMap(([name, value]) => {
    return name.startsWith(`${ANSWERS}.`) ? [[name.slice(ANSWERS.length + 1), value] as const] : [];
  });
  const exported = isJsonObject(record[ANSWERS]) ? Object.entries(record[ANSWERS]) : [];
  const given = [...exported, ...own].filter(([, value]) => value !== null && value !== undefined && value !== '');
  return Object.fromEntries(given) as Answers;
}

/** Says that an answer stands where no answer is read. */
function answerElsewhere(record: JsonObject): string | undefined {
  const field = OTHER_ANSWER_FIELDS.find((name) => {
    const value = record[name];
    return typeof value === 'string' ? nonBlank(value) !== null : Array.isArray(value) && value.length > 0;
  });
  if (field === undefined) return undefined;
  return `its response is empty, but its field "${field}" is not; name that field "response" if it is the answer`;
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
