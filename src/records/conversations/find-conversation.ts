import type { Turn } from '../../domain/conversation.ts';
import { parseBoundedJson } from '../../domain/foreign-json.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../domain/instruction.ts';
import { valueAt } from '../detect-fields.ts';
import { readChatTemplate } from './chat-templates.ts';
import { readTranscript } from './read-transcript.ts';
import { isTurn, type ReadTurns, readTurns, type UnreadTurns } from './read-turns.ts';
import { readContent } from './turn-content.ts';
import type { RoleNames } from './turn-roles.ts';

/** Fields that hold a conversation, in the order they are looked for. */
export const CHAT_FIELDS = ['messages', 'conversations', 'conversation', 'chat', 'dialogue', 'dialog'] as const;
/** Fields that hold a conversation in some data sets and something else in others: only a list of turns counts. */
const POSSIBLE_FIELDS = [
  ...['data', 'turns', 'prompt', 'chosen', 'input', 'contents', 'items', 'trajectory', 'context', 'sample'],
  'chat_messages',
] as const;
/** Fields whose turns follow those of the conversation. */
const ANSWER_FIELDS = ['completion', 'chosen', 'response', 'output', 'answer', 'preferred_output'] as const;
const SYSTEM_FIELDS = [
  ...['system', 'system_prompt', 'system_message', 'systemInstruction', 'system_instruction'],
] as const;
/** Fields that may hold a conversation written out as one text. */
const TRANSCRIPT_FIELDS: ReadonlySet<string> = new Set(['chosen', 'sample']);
const TOOL_FIELDS = ['tools', 'functions', 'available_tools'] as const;
/** Names of a conversation in the data sets that have no `id`. */
export const CONVERSATION_IDS = ['conversation_id', 'conversation_hash', 'prompt_id'] as const;

/** A conversation of a record, and the fields it was read from. */
export interface FoundConversation extends ReadTurns {
  /** The field that its errors name. */
  readonly field: string;
  readonly fields: readonly string[];
  readonly tools?: JsonValue;
}

export type UnreadConversation = UnreadTurns & { readonly field: string };

/** The single request and response of a record, where it has them. */
export interface SingleRequest {
  readonly instruction?: string | undefined;
  readonly output?: string | undefined;
}

/**
 * Finds the conversation of a record: a list of turns, alone or with a completion; a `history` before the instruction; a
 * system prompt or tools in columns of their own.
 * @param single what the record's other fields say
 * @param options.named the field that the user named for the instruction: then no other list of turns is looked for
 * @returns undefined when the record is a single request
 */
export function findConversation(
  record: JsonObject,
  single: SingleRequest,
  { roles, named }: { readonly roles: RoleNames | undefined; readonly named: string | undefined },
): FoundConversation | UnreadConversation | undefined {
  const written = writtenTurns(single, roles);
  if (written === undefined && named === undefined && !mayBeConversation(record)) return undefined;
  const listed = listedTurns(record, turnsField(record, single, { roles, named }), roles);
  if (listed !== undefined && 'cause' in listed) return listed;
  const found = listed ?? historyTurns(record, single, roles) ?? written;
  if (found !== undefined && 'cause' in found) return found;
  const systemField = SYSTEM_FIELDS.find((name) => systemTurn(record[name]) !== undefined);
  const toolField = TOOL_FIELDS.find((name) => Object.hasOwn(record, name) && !isEmpty(record[name]!));
  if (found === undefined && systemField === undefined && toolField === undefined) return undefined;
  if (found === undefined && single.instruction === undefined) return undefined;
  const { turns, media, field, fields } = found ?? { ...singleTurns(single), field: 'instruction', fields: [] };
  const system = systemField === undefined ? undefined : systemTurn(record[systemField]);
  const isNew = system !== undefined && !turns.some(({ role }) => role === 'system');
  return {
    // A system prompt without a text says nothing.
    turns: (isNew ? [system, ...turns] : turns).filter(({ role, text }) => role !== 'system' || /\S/.test(text)),
    media,
    field,
    fields: [...fields, ...(isNew ? [systemField!] : []), ...(toolField === undefined ? [] : [toolField])],
    ...(toolField === undefined ? {} : { tools: parsedOr(record[toolField]!) }),
  };
}

/** Fields that only conversations have; texts in these names are checked by how they begin. */
const TELLING_FIELDS: ReadonlySet<string> = new Set([
  ...CHAT_FIELDS,
  ...['data', 'turns', 'chosen', 'history', 'contents', 'items', 'trajectory', 'sample', 'chat_messages'],
  ...SYSTEM_FIELDS,
  ...TOOL_FIELDS,
]);
/** Fields that are mostly a single text. */
const MOSTLY_TEXTS: ReadonlySet<string> = new Set(['prompt', 'input', 'context']);

/** Whether any field is worth a closer look: most records are single requests, and are many. O(fields). */
function mayBeConversation(record: JsonObject): boolean {
  for (const name of Object.keys(record)) {
    if (TELLING_FIELDS.has(name)) return true;
    if (MOSTLY_TEXTS.has(name) && mayBeList(record[name]!)) return true;
  }
  return false;
}

function mayBeList(value: JsonValue): boolean {
  return typeof value === 'string' ? /^\s*\[/.test(value) : typeof value === 'object';
}

type Found = ReadTurns & { readonly field: string; readonly fields: readonly string[] };

function turnsField(
  record: JsonObject,
  single: SingleRequest,
  { roles, named }: { readonly roles: RoleNames | undefined; readonly named: string | undefined },
): string | undefined {
  if (named !== undefined) {
    const value = valueAt(record, named);
    return typeof value === 'object' && value !== null ? named : undefined;
  }
  const field =
    CHAT_FIELDS.find((name) => Object.hasOwn(record, name) && isConversation(record[name]!)) ??
    POSSIBLE_FIELDS.find((name) => Object.hasOwn(record, name) && isListOfTurns(record[name]!, name, roles));
  if (field !== undefined || single.instruction !== undefined) return field;
  // An error says that what is there is no conversation.
  return CHAT_FIELDS.find((name) => Object.hasOwn(record, name) && record[name] !== null && record[name] !== '');
}

function listedTurns(
  record: JsonObject,
  field: string | undefined,
  roles: RoleNames | undefined,
): Found | UnreadConversation | undefined {
  if (field === undefined) return undefined;
  const value = valueAt(record, field)!;
  // OpenAI's preference files: {"input": {"messages": […], "tools": […]}}.
  const read = readTurns(isJsonObject(value) && isTurns(value.messages) ? value.messages! : value, roles);
  if ('cause' in read) return { ...read, field };
  const isAnswered = read.turns.at(-1)?.role === 'assistant';
  const answerField = isAnswered ? undefined : ANSWER_FIELDS.find((name) => name !== field && isTurns(record[name]));
  if (answerField === undefined) return { ...read, field, fields: [field] };
  const answer = readTurns(record[answerField]!, roles);
  if ('cause' in answer) return { ...answer, field: answerField };
  // A preference's chosen answer may repeat the prompt.
  const said = new Set(read.turns.map(({ role, text }) => `${role} ${text}`));
  const added = answer.turns.filter(({ role, text }) => !said.has(`${role} ${text}`));
  return {
    turns: [...read.turns, ...added],
    media: read.media + answer.media,
    field,
    fields: [field, answerField],
  };
}

function historyTurns(
  record: JsonObject,
  { instruction, output }: SingleRequest,
  roles: RoleNames | undefined,
): Found | UnreadConversation | undefined {
  const history = Object.hasOwn(record, 'history') ? parsedOr(record.history!) : null;
  if (instruction === undefined || !Array.isArray(history) || history.length === 0) return undefined;
  const read = readTurns(history, roles);
  if ('cause' in read) return { ...read, field: 'history' };
  const { turns } = singleTurns({ instruction, output });
  return { turns: [...read.turns, ...turns], media: read.media, field: 'history', fields: ['history'] };
}

function singleTurns({ instruction = '', output }: SingleRequest): ReadTurns {
  const request: Turn = { role: 'user', text: instruction };
  return { turns: output === undefined ? [request] : [request, { role: 'assistant', text: output }], media: 0 };
}

/** A system prompt as a text, or as blocks of text. glaive's begin with their own name. */
function systemTurn(value: JsonValue | undefined): Turn | undefined {
  if (value === undefined) return undefined;
  const text = typeof value === 'string' ? value.replace(/^SYSTEM:\s*/, '') : (readContent(value)?.text ?? '');
  return /\S/.test(text) ? { role: 'system', text } : undefined;
}

/** How a request begins that is a conversation written out as one text. */
const WRITTEN =
  /^\s*(?:<(?:\||s>|bos>|start_of)|\[(?:INST|\|)|###|Below is|The (?:following|conversation)|(?:Human|User|System|SYSTEM|USER)[ \t]*:)/;

/**
 * The turns of a request that is a whole conversation as one text: in a model's chat template; or with names before the
 * turns, where it ends with the name of the assistant, who is to answer.
 */
function writtenTurns({ instruction, output }: SingleRequest, roles: RoleNames | undefined): Found | undefined {
  if (instruction === undefined || !WRITTEN.test(instruction)) return undefined;
  const turns =
    readChatTemplate(instruction, roles) ??
    (/\b(?:assistant)[ \t]*:\s*$/i.test(instruction) ? readTranscript(instruction) : undefined);
  if (turns === undefined) return undefined;
  const said = turns.filter(({ role, text }) => role !== 'assistant' || text !== '');
  const isAnswered = said.at(-1)?.role === 'assistant' || output === undefined;
  return {
    turns: isAnswered ? said : [...said, { role: 'assistant', text: output }],
    media: 0,
    field: 'instruction',
    fields: [],
  };
}

function isConversation(value: JsonValue): boolean {
  return (typeof value === 'string' && value.trim() !== '') || (typeof value === 'object' && !isEmpty(value));
}

/** `data` may be a list of plain texts (UltraChat), `chosen` a transcript (HH-RLHF); elsewhere turns need roles. */
function isListOfTurns(value: JsonValue, field: string, roles: RoleNames | undefined): boolean {
  if (TRANSCRIPT_FIELDS.has(field) && typeof value === 'string') {
    const read = readTurns(value, roles);
    return 'turns' in read && read.turns.length > 1;
  }
  if (!mayBeList(value)) return false;
  const turns = parsedOr(value);
  if (isJsonObject(turns)) return field === 'input' && isTurns(turns.messages);
  if (!Array.isArray(turns) || turns.length === 0) return false;
  if (field === 'data') return turns.every((turn: JsonValue) => typeof turn === 'string');
  return isTurns(turns);
}

/** Whether a value is a turn with a role, or a list of them. */
function isTurns(value: JsonValue | undefined): boolean {
  if (value === undefined || value === null) return false;
  const turns = typeof value === 'string' && /^\s*[[{]/.test(value) ? parsedOr(value) : value;
  return Array.isArray(turns) ? turns.length > 0 && turns.every(isTurn) && turns.some(hasRole) : hasRole(turns);
}

function hasRole(turn: JsonValue): boolean {
  return isJsonObject(turn) && [turn.role, turn.from, turn.sender].some((role) => typeof role === 'string');
}

function isEmpty(value: JsonValue): boolean {
  if (value === null || value === '' || value === '[]') return true;
  return Array.isArray(value) && value.length === 0;
}

function parsedOr(value: JsonValue): JsonValue {
  if (typeof value !== 'string') return value;
  try {
    return parseBoundedJson(value) as JsonValue;
  } catch {
    return value;
  }
}
