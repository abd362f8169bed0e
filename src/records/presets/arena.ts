import { parseBoundedJson } from '../../domain/foreign-json.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../domain/instruction.ts';
import { compact, type RecordPreset, without } from './record-preset.ts';

/** Two models' answers to one request, and which of them a person preferred: that one is the response. */
export const arenaPreset: RecordPreset = {
  name: 'arena',
  summary: 'pairs of answers with a winner (Chatbot Arena): the better one is the response, of a tie neither',
  source: 'https://huggingface.co/datasets/lmsys/chatbot_arena_conversations',
  ownField: 'winner_model_a',
  detects: (record) => sidesOf(record) !== undefined,
  convert: (record) => {
    const sides = sidesOf(record);
    if (sides === undefined) return [];
    const winner = winnerOf(record);
    const messages = sides[winner === 'b' ? 1 : 0];
    const asked = winner === undefined && roleOf(messages.at(-1)) === 'assistant' ? messages.slice(0, -1) : messages;
    const rest = without(record, 'conversation_a', 'conversation_b', 'prompt', 'response_a', 'response_b');
    return [compact({ ...rest, id: record.question_id ?? record.id, messages: asked })];
  },
};

type Side = readonly JsonValue[];

/** The two conversations: as lists of turns, or as lists of requests and answers. */
function sidesOf(record: JsonObject): readonly [Side, Side] | undefined {
  if (!('winner' in record || 'winner_model_a' in record)) return undefined;
  const [a, b] = [record.conversation_a, record.conversation_b];
  if (Array.isArray(a) && Array.isArray(b)) return [a, b];
  const requests = texts(record.prompt);
  const answers = [texts(record.response_a), texts(record.response_b)];
  if (requests.length === 0 || answers.some(({ length }) => length === 0)) return undefined;
  const [first, second] = answers.map((side) =>
    requests.flatMap((content, turn): JsonValue[] => {
      const answer = side[turn] ?? null;
      const request = { role: 'user', content };
      return answer === null ? [request] : [request, { role: 'assistant', content: answer }];
    }),
  );
  return [first!, second!];
}

/** @returns undefined for a tie, and where the winner is not told */
function winnerOf(record: JsonObject): 'a' | 'b' | undefined {
  const { winner, winner_model_a: a, winner_model_b: b } = record;
  if (winner === 'model_a' || winner === 'a' || Number(a) === 1) return 'a';
  return winner === 'model_b' || winner === 'b' || Number(b) === 1 ? 'b' : undefined;
}

function texts(value: JsonValue | undefined): readonly (string | null)[] {
  if (typeof value !== 'string') return Array.isArray(value) ? value.map(textOrNull) : [];
  if (!/^\s*\[/.test(value)) return value.trim() === '' ? [] : [value];
  try {
    const parsed = parseBoundedJson(value);
    return Array.isArray(parsed) ? parsed.map(textOrNull) : [value];
  } catch {
    return [value];
  }
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

function roleOf(turn: JsonValue | undefined): JsonValue | undefined {
  return isJsonObject(turn) ? turn.role : undefined;
}
