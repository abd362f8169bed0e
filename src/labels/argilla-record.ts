import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../domain/instruction.ts';
import type { Annotation, LabelTask } from '../domain/label.ts';
import { itemIdSchema, nonBlank, problemOf, quoted, readSideFields } from './label-shapes.ts';
import type { RecordAbout, RecordReading, UnreadRecord } from './record-codec.ts';
import { type ShownText, shownText } from './shown-text.ts';
import { noteText, storableText, taskContext, taskMetadata } from './task-text.ts';

/** A record as the SDK's `from_json` reads it. */
interface ArgillaRecord {
  /** Ours; the server calls it `external_id`. */
  readonly id: string;
  readonly fields: { readonly instruction: string; readonly input?: string; readonly note: string };
  readonly metadata: Readonly<Record<string, string | number>>;
  readonly suggestions: {
    readonly response?: { readonly value: string; readonly score: number; readonly agent: string };
  };
  readonly responses: Readonly<Record<string, never>>;
  readonly vectors: Readonly<Record<string, never>>;
}

export function argillaRecord(task: LabelTask): ArgillaRecord {
  const { id, instruction, input, draft } = task;
  const context = taskContext(task);
  return {
    id,
    fields: {
      instruction: storableText(context === '' ? instruction : `${context}\n\nUser: ${instruction}`),
      ...(input !== undefined && { input: storableText(input) }),
      note: noteText(task),
    },
    metadata: { winnow_id: id, ...taskMetadata(task) },
    suggestions:
      draft === undefined
        ? {}
        : { response: { value: storableText(draft.response), score: draft.score, agent: agentName(draft.model) } },
    responses: {},
    vectors: {},
  };
}

/** What Argilla's server allows in an agent's name: its AGENT_REGEX. */
const OUTSIDE_AGENT_NAMES = /[^a-zA-Z0-9\-_:./ ]+/g;
const LONGEST_AGENT_NAME = 200;

/** A model's name as Argilla takes it; characters that it refuses become hyphens. */
export function agentName(model: string): string {
  const name = model.replace(OUTSIDE_AGENT_NAMES, '-').trim().slice(0, LONGEST_AGENT_NAME);
  return /[a-zA-Z0-9]/.test(name) ? name : 'seed-model';
}

/** The question that holds the answer in winnow's own datasets. */
const ANSWER_QUESTION = 'response';

/** One person's response, whichever of the three ways it was written in. */
interface GivenResponse {
  /** Null where the file does not say. */
  readonly status: string | null;
  readonly text: string | null;
  readonly side: ReturnType<typeof readSideFields>;
}

const textSchema = z.string('is not text').nullish();
const statusSchema = z.string('is not a status').nullish();
const idHolder = z.object({ metadata: z.object({ winnow_id: itemIdSchema.optional() }).nullish() });
const ownId = z.object({ id: itemIdSchema });
const serverId = z.object({ external_id: itemIdSchema });
const flatId = z.object({ winnow_id: itemIdSchema });

/** As the API gives it: all questions of one person together. */
const serverResponse = z.object({ status: statusSchema, values: z.record(z.string(), z.unknown()).nullish() });
const serverAnswer = z.object({ value: textSchema });
const SERVER_FIELDS = {
  annotator: ['user_id'],
  submittedAtMs: ['updated_at', 'inserted_at'],
  sourceId: ['id'],
};
/** As the SDK writes it: the answers to one question. */
const questionResponse = z.object({ value: textSchema, status: statusSchema });
const FLAT = '.responses';

/** Reads one record of any of Argilla's shapes. */
export function readArgillaRecord(value: unknown, { answerField }: RecordAbout): RecordReading | UnreadRecord {
  const identified = readId(value);
  if ('cause' in identified) return identified;
  const { itemId } = identified;
  const annotations: Annotation[] = [];
  const problems: string[] = [];
  const warnings: string[] = [];
  const responses = isJsonObject(value) ? responsesOf(value, answerField ?? ANSWER_QUESTION) : [];
  for (const response of responses) {
    const reading = typeof response === 'string' ? response : annotationOf(itemId, response);
    if (typeof reading === 'string') problems.push(reading);
    else if (reading !== undefined) annotations.push(reading);
    if (typeof response !== 'string') warnings.push(...response.side.warnings);
  }
  const several = severalUnknown(annotations);
  if (several !== undefined) return { itemId, annotations: [], problems: [...problems, several] };
  return { itemId, annotations, problems, warnings, shown: shownIn(value) };
}

/** Several different answers without the names of their authors: it is unclear which one counts. */
function severalUnknown(annotations: readonly Annotation[]): string | undefined {
  const unknown = annotations.filter(({ annotator, sourceId }) => annotator === null && sourceId === null);
  const texts = new Set(unknown.map(({ response }) => response));
  if (texts.size < 2) return undefined;
  return `it has ${texts.size} responses, and the export does not say whose they are, so which one counts is unclear`;
}

function shownIn(value: unknown): ShownText {
  const record = isJsonObject(value) ? value : {};
  const { instruction, input } = isJsonObject(record.fields) ? record.fields : record;
  return shownText({ instruction, input });
}

/** The server's own `id` is no key of ours: only a file of the SDK calls ours so. */
function readId(value: unknown): { readonly itemId: string } | UnreadRecord {
  const held = idHolder.safeParse(value);
  if (!held.success) return { cause: problemOf(value, held.error) };
  if (held.data.metadata?.winnow_id !== undefined) return { itemId: held.data.metadata.winnow_id };
  const record = isJsonObject(value) ? value : {};
  if ('winnow_id' in record && record.winnow_id !== null) {
    const flat = flatId.safeParse(value);
    return flat.success ? { itemId: flat.data.winnow_id } : { cause: problemOf(value, flat.error) };
  }
  if ('external_id' in record || Array.isArray(record.responses)) {
    const server = serverId.safeParse(value);
    return server.success ? { itemId: server.data.external_id } : { cause: problemOf(value, server.error) };
  }
  const own = ownId.safeParse(value);
  return own.success ? { itemId: own.data.id } : { cause: problemOf(value, own.error) };
}

/** The responses in their order; a text in place of one that cannot be read says why. */
function responsesOf(record: JsonObject, question: string): (GivenResponse | string)[] {
  const { responses } = record;
  const flat = Object.keys(record).filter((name) => name.endsWith(FLAT));
  let found: (GivenResponse | string)[] = [];
  let others: readonly string[] = [];
  if (flat.length > 0) {
    found = flatResponses(record, question);
    others = flat.filter((name) => hasText(record[name])).map((name) => name.slice(0, -FLAT.length));
  } else if (Array.isArray(responses)) {
    found = responses.flatMap((response, index) => serverResponses(response, index, question) ?? []);
  } else if (isJsonObject(responses)) {
    found = questionResponses(responses[question], question);
    others = Object.keys(responses).filter((name) => hasText(responses[name]));
  }
  if (found.length > 0) return found;
  const [other] = others.filter((name) => name !== question);
  if (other !== undefined) return [answeredElsewhere(question, other)];
  // Not "untouched": some exports leave the responses out.
  const isDone = record.status === 'completed' || record.status === 'submitted';
  return isDone ? ['it is completed, but the file has no responses; export it with with_responses=True'] : [];
}

function answeredElsewhere(question: string, other: string): string {
  return `it has no answer to the question "${question}", but one to "${other}"; if that is the answer, name "${other}" as the answer field`;
}

function hasText(value: unknown): boolean {
  return JSON.stringify(value ?? null).length > '[null]'.length;
}

function serverResponses(response: unknown, index: number, question: string): GivenResponse | string | undefined {
  const parsed = serverResponse.safeParse(response);
  if (!parsed.success) return `in responses.${index}: ${problemOf(response, parsed.error)}`;
  const { status, values } = parsed.data;
  const answer = serverAnswer.safeParse(values?.[question] ?? {});
  if (!answer.success) return `in responses.${index}: its ${question} is not text`;
  const text = nonBlank(answer.data.value);
  const other = Object.keys(values ?? {}).find((name) => name !== question && hasText(values?.[name]));
  if (text === null && status === 'submitted' && other !== undefined) return answeredElsewhere(question, other);
  return { status: status ?? null, text, side: readSideFields(response, SERVER_FIELDS) };
}

function questionResponses(answers: unknown, question: string): (GivenResponse | string)[] {
  if (answers === undefined || answers === null) return [];
  if (!Array.isArray(answers)) return [`its responses.${question} is not a list`];
  return answers.map((answer: unknown, index) => {
    const parsed = questionResponse.safeParse(answer);
    if (!parsed.success) return `in responses.${question}.${index}: ${problemOf(answer, parsed.error)}`;
    const { value: text, status } = parsed.data;
    return { status: status ?? null, text: nonBlank(text), side: readSideFields(answer, { annotator: ['user_id'] }) };
  });
}

function flatResponses(record: JsonObject, question: string): (GivenResponse | string)[] {
  const listed = (name: string): readonly unknown[] => {
    const list = record[name];
    return Array.isArray(list) ? list : [];
  };
  const name = `${question}${FLAT}`;
  const answers = record[name];
  if (answers !== undefined && answers !== null && !Array.isArray(answers)) return [`its ${name} is not a list`];
  return listed(name).map((answer, index) => {
    const text = textSchema.safeParse(answer);
    const status = statusSchema.safeParse(listed(`${name}.status`)[index]);
    if (!text.success) return `its ${name}.${index} is not text`;
    if (!status.success) return `its ${name}.status.${index} is not a status`;
    const side = readSideFields({ user: listed(`${name}.users`)[index] }, { annotator: ['user'] });
    return { status: status.data ?? null, text: nonBlank(text.data), side };
  });
}

/** @returns undefined for one that says nothing yet; what is wrong with it, as text */
function annotationOf(itemId: string, { status, text, side }: GivenResponse): Annotation | string | undefined {
  const { warnings: _, ...who } = side;
  const known = { itemId, ...who };
  switch (status) {
    case 'discarded':
      return { ...known, verdict: 'skipped', response: null };
    case 'draft':
      return text === null ? undefined : { ...known, verdict: 'draft', response: text };
    case 'submitted':
      return text === null
        ? 'a response was submitted without a text for the question "response"'
        : { ...known, verdict: 'accepted', response: text };
    case null:
      return text === null ? undefined : { ...known, verdict: 'accepted', response: text };
    default:
      return `the status of a response is ${quoted(status)}; known are submitted, discarded and draft`;
  }
}
