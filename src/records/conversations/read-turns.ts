import type { ToolCall, Turn } from '../../domain/conversation.ts';
import { jsonProblem, parseBoundedJson } from '../../domain/foreign-json.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../domain/instruction.ts';
import { option, sentence, type Wording } from '../../domain/wording.ts';
import { readLooseJson } from '../loose-json.ts';
import { readChatTemplate } from './chat-templates.ts';
import { readTranscript } from './read-transcript.ts';
import { calledTool, readContent } from './turn-content.ts';
import { type RoleNames, roleOf, type SpokenAs } from './turn-roles.ts';

/** The turns of a conversation, in order. */
export interface ReadTurns {
  readonly turns: readonly Turn[];
  /** Images, audio and files in them. */
  readonly media: number;
}

/** Why turns cannot be read, as the end of "its field …". */
export interface UnreadTurns {
  readonly cause: string;
  readonly hint?: Wording;
}

const ROLE_FIELDS = ['role', 'from', 'speaker', 'author', 'sender'] as const;
const CONTENT_FIELDS = ['content', 'value', 'text', 'message', 'parts', 'utterance'] as const;
/** Fields of a turn that holds a request and its answer together. */
const PAIRS = [
  ['human', 'assistant'],
  ['user', 'assistant'],
  ['input', 'output'],
  ['prompt', 'response'],
  ['question', 'answer'],
  ['instruction', 'output'],
  ['user', 'bot'],
] as const;

/**
 * Reads turns: `{role, content}`, `{from, value}` and the like; plain texts, user first; pairs of request and answer; one
 * turn alone; a transcript ("Human: … Assistant: …"); any of these as JSON text. Roles are read in any letter case.
 * @returns the turns; or why not, with the role that is unknown
 */
export function readTurns(value: JsonValue, roles?: RoleNames): ReadTurns | UnreadTurns {
  if (typeof value === 'string') return readText(value, roles);
  if (isJsonObject(value)) return readTurns(transposed(value) ?? [value], roles);
  if (!Array.isArray(value)) return { cause: 'is not a list of turns' };
  const turns: Turn[] = [];
  let media = 0;
  for (const [index, turn] of value.entries()) {
    const read = readTurn(turn, index, value.length, roles);
    if ('cause' in read) return read;
    turns.push(...read.turns);
    media += read.media;
  }
  return { turns, media };
}

/** Hugging Face's `Sequence` of turns is stored as one list a field. */
function transposed(value: JsonObject): JsonObject[] | undefined {
  const columns = Object.entries(value);
  const length = Array.isArray(columns[0]?.[1]) ? columns[0][1].length : undefined;
  const isTable = length !== undefined && columns.every(([, cells]) => Array.isArray(cells) && cells.length === length);
  if (!isTable || !ROLE_FIELDS.some((name) => name in value)) return undefined;
  return Array.from({ length }, (_, turn) =>
    Object.fromEntries(columns.map(([name, cells]) => [name, (cells as readonly JsonValue[])[turn]!])),
  );
}

function readText(text: string, roles: RoleNames | undefined): ReadTurns | UnreadTurns {
  if (/^\s*[[{]/.test(text)) {
    const listed = turnsInText(text);
    if (listed !== undefined) return readTurns(listed, roles);
    if (LIST_OF_TURNS.test(text)) {
      return {
        cause: 'begins like a list of turns, but cannot be read as one',
        hint: 'Save it as JSON: numpy, for example, leaves out commas when it makes a text of a list.',
      };
    }
  }
  return { turns: transcriptTurns(text, roles) ?? [{ role: 'user', text }], media: 0 };
}

/** Turns as programs write a list of objects, with a role or its like among the first fields. */
const LIST_OF_TURNS = /^\s*(?:array\()?\[\s*\{\s*['"](?:role|from|content|value|speaker)['"]\s*:/;

/** JSON, or a list as Python writes it. */
function turnsInText(text: string): JsonValue | undefined {
  try {
    return parseBoundedJson(text) as JsonValue;
  } catch {
    if (!LIST_OF_TURNS.test(text)) return undefined;
    const loose = readLooseJson(text)?.value as JsonValue | undefined;
    return loose !== undefined && jsonProblem(loose) === undefined ? loose : undefined;
  }
}

/** A conversation that is written out as one text. */
export function transcriptTurns(text: string, roles?: RoleNames): Turn[] | undefined {
  return readChatTemplate(text, roles) ?? readTranscript(text);
}

function readTurn(turn: JsonValue, index: number, of: number, roles: RoleNames | undefined): ReadTurns | UnreadTurns {
  if (typeof turn === 'string')
    return { turns: [{ role: index % 2 === 0 ? 'user' : 'assistant', text: turn }], media: 0 };
  if (Array.isArray(turn))
    return readPair(turn[0], turn[1]) ?? { cause: `has a turn (turn ${index + 1}) that is a list` };
  if (!isJsonObject(turn)) return { cause: `has a turn (turn ${index + 1}) that is not text` };
  const item = itemTurns(turn);
  if (item !== undefined) return { turns: item, media: 0 };
  const name = roleName(turn);
  if (name === undefined) {
    const pair = PAIRS.find(([request]) => request in turn);
    const read = pair && readPair(turn[pair[0]], turn[pair[1]]);
    if (read) return read;
    return {
      cause: `has ${of} ${of === 1 ? 'turn' : 'turns'} without a role (turn ${index + 1} has ${Object.keys(turn).join(', ') || 'no fields'})`,
    };
  }
  const role = roleOf(name, roles);
  if (role === undefined) {
    return {
      cause: `has a turn (turn ${index + 1}) with the unknown role "${name}"`,
      hint: sentence`Say what it stands for with ${option('roles')}: ${name}=assistant, or user, system, tool.`,
    };
  }
  const content = readContent(contentOf(turn));
  if (content === undefined) return { cause: `has a turn (turn ${index + 1}) whose content is not text` };
  const spoken = turnsOf(role, turn, [...content.toolCalls, ...callsIn(turn)], content.text);
  const results = content.results.map((result): Turn => ({ role: 'tool', ...result }));
  const hasOnlyResults = results.length > 0 && content.text === '' && content.toolCalls.length === 0;
  return { turns: hasOnlyResults ? results : [...results, ...spoken], media: content.media };
}

/** Items of OpenAI's Responses API that are no messages. Thinking is no part of what is said. */
function itemTurns({ type, ...item }: JsonObject): Turn[] | undefined {
  if (item.role !== undefined) return undefined;
  if (type === 'reasoning') return [];
  if (type === 'function_call' && typeof item.name === 'string') {
    return [{ role: 'assistant', text: '', toolCalls: [calledTool(item.name, item.arguments, item.call_id)] }];
  }
  if (type !== 'function_call_output') return undefined;
  const text = readContent(item.output)?.text ?? JSON.stringify(item.output ?? null);
  return [{ role: 'tool', text, ...(typeof item.call_id === 'string' ? { toolCallId: item.call_id } : {}) }];
}

/** Whether a value is a turn that says who speaks, or an item among such turns. */
export function isTurn(value: JsonValue): boolean {
  if (!isJsonObject(value)) return false;
  return roleName(value) !== undefined || itemTurns(value) !== undefined;
}

function turnsOf(role: SpokenAs, turn: JsonObject, calls: readonly ToolCall[], text: string): Turn[] {
  if (role === 'call')
    return [{ role: 'assistant', text: '', toolCalls: calls.length > 0 ? calls : callsInText(text) }];
  if (role === 'tool') {
    const { tool_call_id: id, name } = turn;
    return [
      {
        role,
        text,
        ...(typeof id === 'string' ? { toolCallId: id } : {}),
        ...(typeof name === 'string' ? { name } : {}),
      },
    ];
  }
  return [{ role, text, ...(calls.length > 0 ? { toolCalls: calls } : {}) }];
}

function roleName(turn: JsonObject): string | undefined {
  for (const field of ROLE_FIELDS) {
    const value = turn[field];
    if (typeof value === 'string') return value;
    if (isJsonObject(value) && typeof value.role === 'string') return value.role;
  }
  // LangChain's messages: {"type": "human", "content": …}.
  return typeof turn.type === 'string' && CONTENT_FIELDS.some((field) => field in turn) ? turn.type : undefined;
}

function contentOf(turn: JsonObject): JsonValue | undefined {
  for (const field of CONTENT_FIELDS) if (turn[field] !== undefined && turn[field] !== null) return turn[field];
  return undefined;
}

/** Calls in OpenAI's form: `tool_calls`, or the older `function_call`. */
function callsIn({ tool_calls: calls, function_call: call }: JsonObject): ToolCall[] {
  const all = Array.isArray(calls) ? calls : [];
  const read = all.flatMap((one: JsonValue) => {
    if (!isJsonObject(one)) return [];
    const called = isJsonObject(one.function) ? one.function : one;
    return [calledTool(called.name, called.arguments ?? called.args, one.id)];
  });
  return isJsonObject(call) ? [...read, calledTool(call.name, call.arguments)] : read;
}

/** A call that is written as text: JSON of `{name, arguments}`, or a list of them. */
function callsInText(text: string): ToolCall[] {
  try {
    const parsed = parseBoundedJson(text.replace(/^\s*<functioncall>\s*/, '')) as JsonValue;
    const calls = Array.isArray(parsed) ? parsed : [parsed];
    if (calls.every((call: JsonValue) => isJsonObject(call) && typeof call.name === 'string')) {
      return calls.map(({ name, arguments: given, parameters }: JsonObject) => calledTool(name, given ?? parameters));
    }
  } catch {
    // Kept as it is.
  }
  return [{ name: 'tool', arguments: text }];
}

function readPair(request: JsonValue | undefined, answer: JsonValue | undefined): ReadTurns | undefined {
  if (typeof request !== 'string') return undefined;
  const reply: Turn[] = typeof answer === 'string' && answer !== '' ? [{ role: 'assistant', text: answer }] : [];
  return { turns: [{ role: 'user', text: request }, ...reply], media: 0 };
}
