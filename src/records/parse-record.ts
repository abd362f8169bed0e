import { jsonProblem } from '../domain/foreign-json.ts';
import { type Instruction, isJsonObject, type JsonObject, type JsonValue, textHash } from '../domain/instruction.ts';
import type { FieldMapping } from '../domain/pool.ts';
import { CONVERSATION_IDS, type FoundConversation, findConversation } from './conversations/find-conversation.ts';
import { hasMediaColumns, withMediaColumns } from './conversations/media-columns.ts';
import { splitTurns, type TurnChoice, type TurnItem } from './conversations/split-turns.ts';
import type { RoleNames } from './conversations/turn-roles.ts';
import { FIELD_NAMES, type FieldOverrides, type FieldRole } from './detect-fields.ts';
import { instructionProblem, misnamedField, type UnusableRecord } from './record-problems.ts';
import { type Fields, fieldsOf, isBlank, isId, kindOf, type Texts, textOf, textsOf } from './record-texts.ts';

/** An instruction that has its own id at most, and no place yet. */
export type InstructionDraft = Omit<Instruction, 'id' | 'source'> & { readonly id?: string };

/** How records are read. */
export interface RecordReading {
  /** Fields to read instead of those found by their usual names. */
  readonly fields?: FieldOverrides | undefined;
  /** Which user turns of a conversation are items. Default `last`. */
  readonly turns?: TurnChoice | undefined;
  /** What unusual names of roles stand for: `{bing: 'assistant'}`. */
  readonly roles?: RoleNames | undefined;
}

/** The items of a record, and what else was seen in it. */
export interface ParsedRecord {
  readonly drafts: readonly InstructionDraft[];
  /** Fields by what was read from them. */
  readonly mapping: FieldMapping;
  /** Turns of its conversation; absent for a single request. */
  readonly turns?: number;
  /** Turns that are part of no item. */
  readonly laterTurns?: number;
  /** Images, audio and files, shown as placeholders. */
  readonly media?: number;
  /** Placeholders such as `nan` that were not taken for a text, by role. */
  readonly placeholders?: readonly FieldRole[] | undefined;
  /** Fields that are called like an input or a response, but hold a list or an object. */
  readonly unread?: readonly string[];
}

const NO_META: JsonObject = Object.freeze({});

/**
 * Makes instructions of a record: usually one; several of a conversation whose every user turn is asked for, or of a
 * record with several `instances` (Self-Instruct). A conversation comes before a single text that stands in it; a named
 * field comes before all. A field plays one role only. An `input` or `output` of blank text or a placeholder is none;
 * numbers and booleans there, and numeric ids, become text. The texts are the record's own string objects, so that a
 * pool holds each of them once.
 */
export function parseRecord(value: unknown, reading: RecordReading = {}): ParsedRecord | UnusableRecord {
  if (!isJsonObject(value)) return { cause: `it is ${kindOf(value)}, not an object` };
  const excess = jsonProblem(value);
  if (excess !== undefined) return { cause: excess };
  const misnamed = misnamedField(value, reading.fields);
  if (misnamed !== undefined) return misnamed;
  const fields = fieldsOf(value, reading.fields);
  const texts = textsOf(value, fields);
  const conversation = conversationOf(value, texts, reading);
  if (conversation !== undefined && 'cause' in conversation) {
    const { field, cause, hint } = conversation;
    return { cause: `its field "${field}" ${cause}`, ...(hint === undefined ? {} : { hint }) };
  }
  if (conversation !== undefined) return fromConversation(value, fields, texts, conversation, reading);
  const problem = instructionProblem(value, fields.instruction, reading.fields);
  if (problem !== undefined) return problem;
  const { instances } = value;
  if (Array.isArray(instances) && texts.input === undefined && texts.output === undefined) {
    const drafts = fromInstances(value, fields, texts, instances);
    if (drafts.length > 0) return { drafts, mapping: { ...fields, input: 'instances', output: 'instances' } };
  }
  const unread = unreadIn(value, texts);
  if (!hasMediaColumns(value)) {
    const read = { drafts: [draftOf(value, fields, texts)], mapping: fields, placeholders: texts.placeholders };
    return unread === undefined ? read : { ...read, unread };
  }
  const { turns, media } = withMediaColumns(value, [{ role: 'user', text: texts.instruction! }]);
  return {
    drafts: [draftOf(value, fields, { ...texts, instruction: turns[0]!.text })],
    mapping: fields,
    placeholders: texts.placeholders,
    media,
    ...(unread === undefined ? {} : { unread }),
  };
}

/** Material and answers that are there in a form that is not text; undefined where there are none, as mostly. */
function unreadIn(record: JsonObject, { input, output }: Texts): readonly string[] | undefined {
  let unread: string[] | undefined;
  for (const [text, names] of [
    [input, FIELD_NAMES.input],
    [output, FIELD_NAMES.output],
  ] as const) {
    if (text !== undefined) continue;
    for (const name of names) {
      const value = record[name];
      if (typeof value !== 'object' || value === null || isNothing(value)) continue;
      unread ??= [];
      unread.push(name);
    }
  }
  return unread;
}

function isNothing(value: JsonValue): boolean {
  return Array.isArray(value) ? value.length === 0 : isJsonObject(value) && Object.keys(value).length === 0;
}

/** A single request. Fields without a text are left out, not undefined: the object is kept for each instruction. */
function draftOf(record: JsonObject, fields: Fields, { id, instruction, input, output }: Texts): InstructionDraft {
  const draft: { -readonly [Name in keyof InstructionDraft]: InstructionDraft[Name] } = {
    instruction: instruction!,
    meta: metaOf(record, fields),
    record,
  };
  if (id !== undefined) draft.id = id;
  if (input !== undefined) draft.input = input;
  if (output !== undefined) draft.output = output;
  return draft;
}

/** The record's conversation, unless its single text is not said in it. */
function conversationOf(record: JsonObject, texts: Texts, { roles, fields }: RecordReading) {
  const found = findConversation(record, texts, { roles, named: fields?.instruction });
  const { instruction } = texts;
  // Of a single request, or one that is a whole conversation as text, nothing stands beside it.
  if (found === undefined || instruction === undefined || found.field === 'instruction') return found;
  // An unknown role comes with advice; what else is not a list of turns leaves the single text.
  if ('cause' in found) return found.hint === undefined ? undefined : found;
  const isSaid = found.turns.some(
    ({ role, text }) => role === 'user' && text.trim() !== '' && overlaps(text, instruction),
  );
  return isSaid ? found : undefined;
}

/** Whether one text holds the other: a `text` beside `messages` is often all of them, written out. */
function overlaps(turn: string, instruction: string): boolean {
  return turn === instruction || instruction.includes(turn.trim()) || turn.includes(instruction.trim());
}

function fromConversation(
  record: JsonObject,
  fields: Fields,
  texts: Texts,
  conversation: FoundConversation,
  { turns: choice = 'last', fields: overrides }: RecordReading,
): ParsedRecord | UnusableRecord {
  const { tools, field } = conversation;
  const { turns, media: added } = withMediaColumns(record, conversation.turns);
  const media = conversation.media + added;
  const items = splitTurns(turns, choice, tools);
  if (items.length === 0) return { cause: `its field "${field}" has no user turn among its ${turns.length} turns` };
  const empty = items.find(({ request }) => isBlank(request));
  if (empty !== undefined) return { cause: `its field "${field}" has an empty user turn` };
  const idField = fields.id ?? CONVERSATION_IDS.find((name) => Object.hasOwn(record, name) && isId(record[name]!));
  const id = textOf(record, idField);
  const key =
    items.length > 1 ? textHash(JSON.stringify([id ?? null, turns.slice(0, 2)])).slice(0, KEY_DIGITS) : undefined;
  const meta = metaOf(record, fields, [...conversation.fields, idField]);
  const drafts = items.map((item) => {
    const isLast = item.turn === item.turns;
    const output =
      isLast && overrides?.output !== undefined ? texts.output : (item.response ?? (isLast ? texts.output : undefined));
    return {
      ...(id === undefined ? {} : { id: items.length > 1 ? `${id}:${item.turn}` : id }),
      ...itemTexts(item, isLast ? texts.input : undefined),
      ...(output === undefined ? {} : { output }),
      ...(key === undefined ? {} : { conversation: key }),
      meta,
      record,
    };
  });
  return {
    drafts,
    mapping: { ...fields, id: idField, conversation: conversation.fields },
    turns: turns.length,
    laterTurns: items.at(-1)!.laterTurns,
    ...(media === 0 ? {} : { media }),
  };
}

const KEY_DIGITS = 16;

function itemTexts({ request, context }: TurnItem, input: string | undefined) {
  return {
    instruction: request,
    // In a conversation the material is often a part of what is said.
    ...(input === undefined || request.includes(input) ? {} : { input }),
    ...(context === undefined ? {} : { context }),
  };
}

/** Self-Instruct keeps input and output in a list of instances; several of them are several items. */
function fromInstances(
  record: JsonObject,
  fields: Fields,
  { id, instruction }: Texts,
  instances: readonly JsonValue[],
) {
  const meta = metaOf(record, fields, ['instances']);
  const usable = instances.filter(isJsonObject);
  return usable.map((instance, index): InstructionDraft => {
    const { input, output } = textsOf(instance, {
      instruction: undefined,
      input: 'input',
      output: 'output',
      id: undefined,
    });
    return {
      ...(id === undefined ? {} : { id: index === 0 ? id : `${id}:${index + 1}` }),
      instruction: instruction!,
      ...(input === undefined ? {} : { input }),
      ...(output === undefined ? {} : { output }),
      meta,
      record,
    };
  });
}

function metaOf(record: JsonObject, fields: Fields, others: readonly (string | undefined)[] = []): JsonObject {
  const { instruction, input, output, id } = fields;
  let meta: Record<string, JsonValue> | undefined;
  for (const name of Object.keys(record)) {
    if (name === instruction || name === input || name === output || name === id || others.includes(name)) continue;
    meta ??= {};
    // A field may be called `__proto__`.
    if (name === '__proto__')
      Object.defineProperty(meta, name, { value: record[name], enumerable: true, writable: true });
    else meta[name] = record[name]!;
  }
  return meta ?? NO_META;
}
