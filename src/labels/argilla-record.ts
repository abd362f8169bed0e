import { z } from 'zod';
import { isJsonObject } from '../domain/instruction.ts';
import type { Annotation, LabelTask } from '../domain/label.ts';
import {
  annotatorSchema,
  itemIdSchema,
  nonBlank,
  problemOf,
  quoted,
  sourceIdSchema,
  timestampSchema,
} from './label-shapes.ts';
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
        : { response: { value: storableText(draft.response), score: draft.score, agent: storableText(draft.model) } },
    responses: {},
    vectors: {},
  };
}

import type { RecordReading, UnreadRecord } from './record-codec.ts';

/** One person's response, whichever of the three ways it was written in. */
interface GivenResponse {
  /** Null where the file does not say. */
  readonly status: string | null;
  readonly text: string | null;
  readonly annotator: string | null;
  readonly submittedAtMs: number | null;
  readonly sourceId: string | null;
}

const textSchema = z.string('is no text').nullish();
const statusSchema = z.string('is no status').nullish();
const idHolder = z.object({ metadata: z.object({ winnow_id: itemIdSchema.optional() }).nullish() });
const ownId = z.object({ id: itemIdSchema });
const serverId = z.object({ external_id: itemIdSchema });
const flatId = z.object({ winnow_id: itemIdSchema });

/** As the API gives it: all questions of one person together. */
const serverResponse = z.object({
  id: sourceIdSchema,
  user_id: annotatorSchema,
  status: statusSchema,
  values: z.object({ response: z.object({ value: textSchema }).optional() }).nullish(),
  inserted_at: timestampSchema,
  updated_at: timestampSchema,
});
/** As the SDK writes it: the answers to one question. */
const questionResponse = z.object({ value: textSchema, user_id: annotatorSchema, status: statusSchema });
const flatResponses = z.object({
  'response.responses': z.array(textSchema).nullish(),
  'response.responses.users': z.array(annotatorSchema).nullish(),
  'response.responses.status': z.array(statusSchema).nullish(),
});

/** Reads one record of any of Argilla's shapes. */
export function readArgillaRecord(value: unknown): RecordReading | UnreadRecord {
  const identified = readId(value);
  if ('cause' in identified) return identified;
  const { itemId } = identified;
  const annotations: Annotation[] = [];
  const problems: string[] = [];
  for (const response of responsesOf(value)) {
    const reading = typeof response === 'string' ? response : annotationOf(itemId, response);
    if (typeof reading === 'string') problems.push(reading);
    else if (reading !== undefined) annotations.push(reading);
  }
  return { itemId, annotations, problems };
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
function responsesOf(value: unknown): (GivenResponse | string)[] {
  if (!isJsonObject(value)) return [];
  if ('response.responses' in value) return flatResponsesOf(value);
  const { responses } = value;
  if (Array.isArray(responses)) {
    return responses.map((response: unknown, index) => {
      const parsed = serverResponse.safeParse(response);
      if (!parsed.success) return `in responses.${index}: ${problemOf(response, parsed.error)}`;
      const { id, user_id, status, values, inserted_at, updated_at } = parsed.data;
      return {
        status: status ?? null,
        text: nonBlank(values?.response?.value),
        annotator: user_id,
        submittedAtMs: updated_at ?? inserted_at,
        sourceId: id,
      };
    });
  }
  const ofQuestion = isJsonObject(responses) ? responses.response : undefined;
  if (ofQuestion === undefined || ofQuestion === null) return [];
  if (!Array.isArray(ofQuestion)) return ['its responses.response is no list'];
  return ofQuestion.map((response: unknown, index) => {
    const parsed = questionResponse.safeParse(response);
    if (!parsed.success) return `in responses.response.${index}: ${problemOf(response, parsed.error)}`;
    const { value: text, user_id, status } = parsed.data;
    return responseOf(text, user_id, status);
  });
}

function flatResponsesOf(value: unknown): (GivenResponse | string)[] {
  const parsed = flatResponses.safeParse(value);
  if (!parsed.success) return [problemOf(value, parsed.error)];
  const users = parsed.data['response.responses.users'];
  const statuses = parsed.data['response.responses.status'];
  return (parsed.data['response.responses'] ?? []).map((text, index) =>
    responseOf(text, users?.[index] ?? null, statuses?.[index]),
  );
}

function responseOf(text: string | null | undefined, annotator: string | null, status: string | null | undefined) {
  return { status: status ?? null, text: nonBlank(text), annotator, submittedAtMs: null, sourceId: null };
}

/** @returns undefined for one that says nothing yet; what is wrong with it, as text */
function annotationOf(itemId: string, response: GivenResponse): Annotation | string | undefined {
  const { status, text, annotator, submittedAtMs, sourceId } = response;
  const known = { itemId, annotator, seconds: null, submittedAtMs, sourceId };
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
