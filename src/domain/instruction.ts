import { hash } from 'node:crypto';
import { type Conversation, requestText, toolsText, turnText } from './conversation.ts';
import type { JsonObject, JsonValue } from './json-value.ts';

export type { JsonObject, JsonValue };

/** Where a record was read: the file as the user named it (`-` for standard input) and its line or row, from 1. */
export interface SourceLocation {
  readonly file: string;
  readonly line: number;
}

/** One unlabeled item of a pool: a conversation whose last request wants a response. */
export interface Instruction extends Conversation {
  /** Stable across runs and files: the record's own id, else derived from the text. */
  readonly id: string;
  /** A response that was already there. Never shown to the LLM that chooses. */
  readonly output?: string;
  /** Names the conversation where several items may come from one, as when every user turn is an item. */
  readonly conversation?: string;
  /** Every field of the record that is none of the above. */
  readonly meta: JsonObject;
  /** The record as it was read; it comes out again untouched. */
  readonly record: JsonObject;
  readonly source: SourceLocation;
}

/** Characters of context in a text to embed: about 1,500 tokens of English, which every embedder in use can take. */
const EMBEDDED_CONTEXT_CHARACTERS = 6_000;

/**
 * The text an item is embedded by: the last request, then as much context as fits, the newest turn first and
 * the definitions of tools last. An embedder reads a text up to its limit (MiniLM 256 tokens), so what is cut is the oldest
 * context, never the request. Without context it is `requestText`.
 */
export function embeddingText(item: Conversation): string {
  const request = requestText(item);
  return item.context === undefined ? request : `${request}\n\n${newestFirst(item.context)}`;
}

function newestFirst(context: NonNullable<Conversation['context']>): string {
  const { before, after = [] } = context;
  const turns = [...[...after].reverse(), ...[...before].reverse()].map(turnText);
  return [...turns, ...toolsText(context)].join('\n\n').slice(0, EMBEDDED_CONTEXT_CHARACTERS).toWellFormed();
}

/** The text an instruction is embedded by together with its response. Source: CaR (arXiv 2402.18191). */
export function pairText({ instruction, input, context, output }: Conversation & Pick<Instruction, 'output'>): string {
  return [
    `Instruction: ${instruction}`,
    ...(input === undefined ? [] : [`Input: ${input}`]),
    ...(output === undefined ? [] : [`Response: ${output}`]),
    ...(context === undefined ? [] : [`Context: ${newestFirst(context)}`]),
  ].join('\n');
}

/** Whether a parsed JSON value is an object: neither null nor a list. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * SHA-256 of a text's UTF-8, as 64 lowercase hex digits. Lone surrogates are hashed as U+FFFD, which is
 * what they become in any UTF-8 file, so a text hashes the same before and after it was written.
 */
export function textHash(text: string): string {
  // The encoder replaces lone surrogates by itself; making a well-formed copy first would cost memory only.
  return hash('sha256', text, 'hex');
}
