import JSON5 from 'json5';
import { parseBoundedJson } from '../domain/foreign-json.ts';

/** A value that was read from text that is no strict JSON, and what was tolerated. */
export interface LooseJson {
  readonly value: unknown;
  readonly tolerated: string;
}

const TEXT_OR_WORD = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\b(?:None|True|False)\b/g;
const PYTHON_WORDS: Readonly<Record<string, string>> = { None: 'null', True: 'true', False: 'false' };

/**
 * Reads JSON as programs and people write it: with NaN and Infinity (read as null), comments, trailing commas, single
 * quotes, and None, True and False as in Python. Slow; for text that strict JSON refused.
 * @returns undefined where that does not help
 */
export function readLooseJson(text: string): LooseJson | undefined {
  const loose = readJson5(text);
  if (loose !== undefined) return loose;
  const words = text.replace(TEXT_OR_WORD, (token) => PYTHON_WORDS[token] ?? token);
  const python = words === text ? undefined : readJson5(words);
  return python && { value: python.value, tolerated: 'a list or dict as Python writes it was read' };
}

function readJson5(text: string): LooseJson | undefined {
  let hasNumbers = false;
  try {
    const value: unknown = JSON5.parse(text, (_, part: unknown) => {
      if (typeof part !== 'number' || Number.isFinite(part)) return part;
      hasNumbers = true;
      return null;
    });
    if (!hasNumbers) return { value, tolerated: TOLERATED_SYNTAX };
    return { value, tolerated: isStrictWithNumbers(text) ? TOLERATED_NUMBERS : TOLERATED_BOTH };
  } catch {
    return undefined;
  }
}

const TOLERATED_NUMBERS = 'NaN or Infinity, which JSON does not have, was read as null';
const TOLERATED_SYNTAX = 'trailing commas, comments or quotes that JSON does not have were read';
const TOLERATED_BOTH =
  'NaN or Infinity was read as null, and trailing commas, comments or quotes that JSON does not have were read';

/** Whether the numbers are all that is not strict JSON. In a text they change nothing of that. */
function isStrictWithNumbers(text: string): boolean {
  try {
    parseBoundedJson(text.replace(/[+-]?\b(?:NaN|Infinity)\b/g, 'null'));
    return true;
  } catch {
    return false;
  }
}

/**
 * Splits a text into its top-level values: objects and lists one after another, with white space or commas between.
 * O(characters).
 * @returns undefined when there is anything else between them, or the last is not closed
 */
export function splitJsonValues(text: string): string[] | undefined {
  const values: string[] = [];
  let depth = 0;
  let start = 0;
  let inText = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]!;
    if (inText) {
      if (character === '\\') at += 1;
      else if (character === '"') inText = false;
    } else if (character === '"' && depth > 0) inText = true;
    else if (character === '{' || character === '[') {
      if (depth === 0) start = at;
      depth += 1;
    } else if (character === '}' || character === ']') {
      depth -= 1;
      if (depth < 0) return undefined;
      if (depth === 0) values.push(text.slice(start, at + 1));
    } else if (depth === 0 && !isBetween(character)) return undefined;
  }
  return depth === 0 && !inText ? values : undefined;
}

/** White space, a comma, or the mark of JSON text sequences (RFC 7464). */
function isBetween(character: string): boolean {
  return character === ',' || character === '\u001e' || character.trim() === '';
}
