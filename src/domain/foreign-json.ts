/** The most that one record, or any other JSON from outside, may hold. Real data stays far below. */
export const JSON_LIMITS = {
  /** Lists and objects within each other. */
  depth: 200,
  /** Fields of one object, and columns of a table. */
  fields: 16_384,
  /** Values of all kinds, at all depths. */
  values: 1_000_000,
  /** Characters of all texts and field names. */
  characters: 64 * 2 ** 20,
} as const;

type JsonLimits = { readonly [Name in keyof typeof JSON_LIMITS]: number };

/** JSON that is too deep, wide or large. The message is the end of "line 3: …". */
export class JsonLimitError extends Error {}

/** Shorter texts cannot hold so many levels that parsing them takes long. */
const SHORT_TEXT = 64 * 1024;
/** Levels in a longer text. Parsers keep all open levels in memory. */
const MOST_OPEN_LEVELS = 10_000;

/**
 * `JSON.parse` for a text from outside. A long text of nothing but brackets is refused before it is parsed.
 * The value may still be deeper than `JSON_LIMITS` allows: see `jsonProblem`. O(characters).
 * @throws SyntaxError; JsonLimitError
 */
export function parseForeignJson(text: string): unknown {
  refuseDeepJson(text);
  return JSON.parse(text);
}

/** @throws JsonLimitError for a text that would take a parser too long */
export function refuseDeepJson(text: string): void {
  if (text.length > SHORT_TEXT && deepestLevel(text) > MOST_OPEN_LEVELS) throw tooDeep(MOST_OPEN_LEVELS);
}

/** `parseForeignJson` for a value that is within `JSON_LIMITS`. @throws SyntaxError; JsonLimitError */
export function parseBoundedJson(text: string, limits: JsonLimits = JSON_LIMITS): unknown {
  const value = parseForeignJson(text);
  const problem = jsonProblem(value, limits);
  if (problem !== undefined) throw new JsonLimitError(problem);
  return value;
}

/** Why a text is no JSON, as the end of "line 3: …". */
export function jsonFault(error: unknown): string {
  if (error instanceof JsonLimitError) return error.message;
  const message = error instanceof Error ? error.message : String(error);
  return `it is not valid JSON (${message.replace(/\s+/g, ' ')})`;
}

/**
 * What makes a value too large to be carried through, as the end of "line 3: …"; undefined if nothing does.
 * Not recursive, so any depth can be measured; a value that contains itself counts as too deep. O(values).
 */
export function jsonProblem(value: unknown, limits: JsonLimits = JSON_LIMITS): string | undefined {
  let values = 1;
  let characters = typeof value === 'string' ? value.length : 0;
  /** Lists and objects that are still to be looked at, with their depth. */
  const open: object[] = isNested(value) ? [value] : [];
  const depths: number[] = [1];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const depth = depths.pop()!;
    if (depth > limits.depth) return tooDeep(limits.depth).message;
    const elements: readonly unknown[] = Array.isArray(next) ? next : Object.values(next);
    values += elements.length;
    if (values > limits.values) return `it holds more than ${count(limits.values)} values`;
    for (const element of elements) {
      if (typeof element === 'string') characters += element.length;
      else if (isNested(element)) {
        open.push(element);
        depths.push(depth + 1);
      }
    }
    if (elements === next) continue;
    if (elements.length > limits.fields) return `it has ${count(elements.length)} fields; ${most(limits.fields)}`;
    for (const name in next) characters += name.length;
  }
  return characters > limits.characters
    ? `its texts have ${count(characters)} characters; ${most(limits.characters)}`
    : undefined;
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function tooDeep(depth: number): JsonLimitError {
  return new JsonLimitError(`it is nested more than ${count(depth)} levels deep`);
}

function most(limit: number): string {
  return `the limit is ${count(limit)}`;
}

function count(number: number): string {
  return number.toLocaleString('en-US');
}

/** The most lists and objects that are open at once in a JSON text. O(characters). */
function deepestLevel(text: string): number {
  let level = 0;
  let deepest = 0;
  let isInText = false;
  for (let index = 0; index < text.length; index += 1) {
    switch (text[index]) {
      case '"':
        isInText = !isInText;
        break;
      case '\\':
        // Only within texts; what follows does not end the text.
        index += 1;
        break;
      case '[':
      case '{':
        if (!isInText) level += 1;
        if (level > deepest) deepest = level;
        break;
      case ']':
      case '}':
        if (!isInText) level -= 1;
    }
  }
  return deepest;
}
