import { hash } from 'node:crypto';

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export type JsonObject = { readonly [key: string]: JsonValue };

/** Where a record was read: the file as the user named it (`-` for standard input) and its line or row, from 1. */
export interface SourceLocation {
  readonly file: string;
  readonly line: number;
}

/** One unlabeled item of a pool. */
export interface Instruction {
  /** Stable across runs and files: the record's own id, else derived from the text. */
  readonly id: string;
  readonly instruction: string;
  /** Material the instruction is about; absent when the record has none or an empty one. */
  readonly input?: string;
  /** A response that was already there. Never shown to the LLM that chooses. */
  readonly output?: string;
  /** Every field of the record that is none of the above, plus the system turn of a chat record as `system`. */
  readonly meta: JsonObject;
  /** The record as it was read; it comes out again untouched. */
  readonly record: JsonObject;
  readonly source: SourceLocation;
}

/**
 * The text an instruction is embedded, compared and hashed by: the instruction, then, where there is
 * one, a blank line and the input.
 */
export function embeddingText(item: Pick<Instruction, 'instruction' | 'input'>): string {
  return item.input === undefined ? item.instruction : `${item.instruction}\n\n${item.input}`;
}

/** The text an instruction is embedded by together with its response. Source: CaR (arXiv 2402.18191). */
export function pairText({
  instruction,
  input,
  output,
}: Pick<Instruction, 'instruction' | 'input' | 'output'>): string {
  const parts = [`Instruction: ${instruction}`, `Input: ${input}`, `Response: ${output}`];
  return parts.filter((_, part) => part === 0 || [instruction, input, output][part] !== undefined).join('\n');
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
