import { parseBoundedJson } from '../domain/foreign-json.ts';
import { isJsonObject, type JsonValue } from '../domain/instruction.ts';

/** Fields that hold a conversation, in the order they are looked for. */
export const CHAT_FIELDS = ['messages', 'conversations'] as const;

/** What a conversation says about an instruction; absent is what it does not have. */
export interface ChatTurns {
  readonly instruction: string;
  readonly output?: string;
  readonly system?: string;
}

type Role = 'system' | 'user' | 'assistant';

const ROLES: ReadonlyMap<unknown, Role> = new Map<unknown, Role>([
  ['user', 'user'],
  ['human', 'user'],
  ['assistant', 'assistant'],
  ['gpt', 'assistant'],
  ['system', 'system'],
]);

/**
 * Reads a conversation: the first user turn is the instruction, the first assistant turn after it the
 * output, the first system turn the system prompt. Turns are `{role, content}` or `{from, value}`; content
 * is a text, or a list of `{type: 'text', text}` parts, which are joined by line breaks. In a table cell
 * the whole conversation may be JSON text. Other roles and further turns are left to the record.
 * @returns the turns, or as a text why there is no instruction in them
 */
export function readChat(value: JsonValue): ChatTurns | string {
  const turns = typeof value === 'string' ? parsedTurns(value) : value;
  if (!Array.isArray(turns)) return 'is not a list of turns';
  const roles = turns.map(roleOf);
  const userTurn = roles.indexOf('user');
  if (userTurn === -1) return `has no user turn among its ${turns.length} turns`;
  const instruction = contentOf(turns[userTurn]);
  if (instruction === undefined) return `has a user turn (turn ${userTurn + 1}) that is not text`;
  const output = contentOf(turns[roles.indexOf('assistant', userTurn)]);
  const system = contentOf(turns[roles.indexOf('system')]);
  return { instruction, ...(output !== undefined && { output }), ...(system !== undefined && { system }) };
}

function parsedTurns(text: string): JsonValue {
  try {
    return parseBoundedJson(text) as JsonValue;
  } catch {
    return null;
  }
}

function roleOf(turn: JsonValue): Role | undefined {
  return isJsonObject(turn) ? ROLES.get(turn.role ?? turn.from) : undefined;
}

function contentOf(turn: JsonValue | undefined): string | undefined {
  if (!isJsonObject(turn)) return undefined;
  const content = turn.content ?? turn.value;
  if (!Array.isArray(content)) return typeof content === 'string' ? content : undefined;
  const texts = content.map((part: JsonValue) => (isJsonObject(part) && part.type === 'text' ? part.text : undefined));
  return texts.every((text) => typeof text === 'string') ? texts.join('\n') : undefined;
}
