import type { ToolCall } from '../../domain/conversation.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../domain/instruction.ts';

/** What the content of a turn says. */
export interface TurnContent {
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  /** Results of tools that stand among the parts, as in Anthropic's messages. */
  readonly results: readonly { readonly text: string; readonly toolCallId?: string }[];
  /** Images, audio and other files, shown as placeholders. */
  readonly media: number;
}

const NOTHING: TurnContent = { text: '', toolCalls: [], results: [], media: 0 };
const MEDIA_KINDS = ['image', 'audio', 'video', 'file', 'document'] as const;
/** Thinking is no part of what is said. */
const UNSAID = new Set(['thinking', 'redacted_thinking', 'reasoning']);

/**
 * Reads a turn's content: a text, or a list of parts, which are joined by line breaks. Images, audio and files become
 * placeholders with their address, which is never fetched.
 * @returns undefined when it is neither
 */
export function readContent(content: JsonValue | undefined): TurnContent | undefined {
  if (typeof content === 'string') return { ...NOTHING, text: content };
  if (content === null || content === undefined) return NOTHING;
  if (isJsonObject(content)) {
    if (Array.isArray(content.parts)) return readContent(content.parts);
    return isPart(content) ? readContent([content]) : undefined;
  }
  if (!Array.isArray(content)) return undefined;
  const parts = content.map(readPart);
  if (parts.some((part) => part === undefined)) return undefined;
  const known = parts.filter((part) => part !== undefined);
  return {
    text: known.flatMap(({ text }) => (text === undefined ? [] : [text])).join('\n'),
    toolCalls: known.flatMap(({ toolCalls = [] }) => toolCalls),
    results: known.flatMap(({ results = [] }) => results),
    media: known.reduce((sum, { media = 0 }) => sum + media, 0),
  };
}

type Part = Partial<TurnContent>;

function isPart(content: JsonObject): boolean {
  return typeof content.type === 'string' || typeof content.text === 'string';
}

function readPart(part: JsonValue): Part | undefined {
  if (typeof part === 'string') return { text: part };
  if (!isJsonObject(part)) return undefined;
  const kind = typeof part.type === 'string' ? part.type : '';
  if (kind === 'tool_use') return { toolCalls: [calledTool(part.name, part.input, part.id)] };
  if (kind === 'tool_result') return toolResult(part);
  const medium = MEDIA_KINDS.find((name) => kind.includes(name) || (kind === '' && name in part));
  if (medium !== undefined) return { text: placeholder(medium, part), media: 1 };
  const text = part.text ?? part.value ?? part.content ?? (typeof part.refusal === 'string' ? part.refusal : undefined);
  if (typeof text === 'string') return UNSAID.has(kind) ? {} : { text };
  if (isJsonObject(text) && typeof text.value === 'string') return { text: text.value };
  return UNSAID.has(kind) ? {} : undefined;
}

function toolResult(part: JsonObject): Part {
  const content = readContent(part.content)?.text ?? JSON.stringify(part.content);
  const id = part.tool_use_id;
  return { results: [{ text: content, ...(typeof id === 'string' ? { toolCallId: id } : {}) }] };
}

/** A call as records hold it: arguments may be JSON text or an object. */
export function calledTool(name: JsonValue | undefined, given: JsonValue | undefined, id?: JsonValue): ToolCall {
  return {
    name: typeof name === 'string' ? name : 'tool',
    arguments: typeof given === 'string' ? given : JSON.stringify(given ?? {}),
    ...(typeof id === 'string' && id !== '' ? { id } : {}),
  };
}

/** What stands for an image or the like in a text. */
export function mediumShown(medium: string, value: string | JsonObject): string {
  return placeholder(medium, typeof value === 'string' ? { url: value } : value);
}

/** Names what is there and where: "[image: https://example.org/a.png]". Embedded data is named by its kind and size. */
function placeholder(medium: string, part: JsonObject): string {
  const address = addressIn(part);
  if (address === undefined) return `[${medium}]`;
  const [, type] = /^data:([^;,]*)/.exec(address) ?? [];
  const shown =
    type === undefined ? address : `${type === '' ? 'data' : type}, ${address.length} characters in the record`;
  return `[${medium}: ${shown}]`;
}

const ADDRESS_FIELDS = [
  'url',
  'src',
  'image_url',
  'image',
  'audio_url',
  'audio',
  'video',
  'path',
  'file_id',
  'filename',
  'file',
  'value',
];
const NESTED_FIELDS = [...ADDRESS_FIELDS, 'source', 'input_audio', 'document'];

function addressIn(part: JsonObject): string | undefined {
  for (const field of ADDRESS_FIELDS) if (typeof part[field] === 'string' && part[field] !== '') return part[field];
  for (const field of NESTED_FIELDS) {
    const nested = part[field];
    const address = isJsonObject(nested) ? addressIn(nested) : undefined;
    if (address !== undefined) return address;
  }
  return typeof part.data === 'string'
    ? `data:${String(part.media_type ?? part.format ?? '')},${part.data}`
    : undefined;
}
