import { isJsonObject, type JsonObject, type JsonValue } from '../../domain/instruction.ts';
import { valueAt } from '../detect-fields.ts';

/**
 * How the records of one tool become records that `parseRecord` reads. A new preset is one file and one line in the
 * registry.
 */
export interface RecordPreset {
  /** As the user types it. */
  readonly name: string;
  /** One line, for people. */
  readonly summary: string;
  /** Where the form is documented: a URL. */
  readonly source: string;
  /** A field by which a record is of this tool even where it can be read without it, to another meaning. */
  readonly ownField?: string;
  /** Whether a record is surely of this tool. */
  detects(record: JsonObject): boolean;
  /**
   * The requests in a record, with `messages`, `completion`, `instruction`, `output`, `tools` and `id`. Everything else in
   * them becomes meta: scores, thumbs, users. Empty where there is no request in it.
   */
  convert(record: JsonObject): readonly JsonObject[];
  /**
   * Of a record that holds no request: the id of the request that it answers, and the answer as `answered` gives it, which
   * is empty where the request failed.
   */
  answer?(record: JsonObject): { readonly to: string; readonly answer: JsonObject } | undefined;
}

/** The first value that is there, by paths such as `request.messages`. */
export function firstAt(record: JsonObject, ...paths: readonly string[]): JsonValue | undefined {
  for (const path of paths) {
    const value = valueAt(record, path);
    if (value !== undefined && value !== null && value !== '') return value;
  }
  return undefined;
}

/** Without the fields that are undefined. */
export function compact(fields: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  const entries = Object.entries(fields).filter((entry): entry is [string, JsonValue] => entry[1] !== undefined);
  return Object.fromEntries(entries);
}

/** The fields of a record but those that were read. */
export function without(record: JsonObject, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));
}

/**
 * What was asked, however a tool stores it: a list of messages, alone or in an object; a text, alone or under one of the usual
 * names.
 */
export function asked(value: JsonValue | undefined): JsonObject | undefined {
  if (typeof value === 'string') return value.trim() === '' ? undefined : { instruction: value };
  if (Array.isArray(value)) return { messages: Array.isArray(value[0]) ? value[0] : value };
  if (!isJsonObject(value)) return undefined;
  const messages = firstAt(value, 'messages', 'input.messages', 'chat_history');
  if (Array.isArray(messages)) {
    const list = Array.isArray(messages[0]) ? messages[0] : messages;
    return compact({ messages: list, tools: value.tools, system: systemText(value.system) });
  }
  const text = firstAt(value, 'input', 'question', 'prompt', 'query', 'instruction', 'text', 'message', 'content');
  return typeof text === 'string' || Array.isArray(text) ? asked(text) : undefined;
}

/** What was answered, as a turn or a text, however a tool stores it. */
export function answered(value: JsonValue | undefined): JsonObject {
  if (typeof value === 'string') return { output: value };
  if (Array.isArray(value)) {
    const last = value.at(-1);
    return isJsonObject(last) && (last.role !== undefined || last.type !== undefined) && last.type !== 'text'
      ? answered(last)
      : { completion: [{ role: 'assistant', content: value }] };
  }
  if (!isJsonObject(value)) return {};
  const inner = firstAt(
    value,
    'choices.0.message',
    'generations.0.0.message',
    'message',
    'output',
    'answer',
    'response',
    'text',
  );
  if (value.content !== undefined && inner === undefined) {
    return { completion: [{ ...value, role: 'assistant' }] };
  }
  if (isJsonObject(inner) && value.choices !== undefined) return { completion: [{ role: 'assistant', ...inner }] };
  return value.tool_calls === undefined ? answered(inner) : { completion: [{ role: 'assistant', ...value }] };
}

/** Anthropic's system prompts may be lists of blocks. */
export function systemText(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return undefined;
  const texts = value.flatMap((block: JsonValue) =>
    isJsonObject(block) && typeof block.text === 'string' ? [block.text] : [],
  );
  return texts.length === 0 ? undefined : texts.join('\n');
}
