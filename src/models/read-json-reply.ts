import { ReplyError } from '../domain/errors.ts';
import { parseBoundedJson } from '../domain/foreign-json.ts';
import { separateThinking } from './separate-thinking.ts';

/** An object begins so; a brace in prose, as in {name}, does not. */
const OBJECT_START = /\{\s*["}]/g;
/** The most characters that are looked at again and again in search of objects. */
const MOST_STEPS = 5_000_000;

/**
 * Reads the JSON object of a reply, which may stand in a code fence, among prose, after thinking, or beside other
 * braces. It is never guessed at or completed: where several objects can be read, they must say the same.
 * @param read what the object says; a ReplyError means that it is not the answer
 * @throws ReplyError saying what is wrong, in words the model can act on
 */
export function readJsonReply<T>(text: string, read: (value: unknown) => T): T {
  const start = text.indexOf('{');
  const end = text.lastIndexOf('}');
  if (start < 0 || end < start) throw new ReplyError('it holds no JSON object.');
  let whole: unknown;
  try {
    whole = parseBoundedJson(text.slice(start, end + 1));
  } catch (error) {
    const [only, ...others] = readings(separateThinking(text).answer, read);
    if (only !== undefined && others.every(({ json }) => json === only.json)) return only.value;
    // The message quotes the reply, and may cut a character in two.
    const message = (error as Error).message.slice(0, 120).toWellFormed();
    throw new ReplyError(`its JSON cannot be parsed (${message}).`);
  }
  return read(whole);
}

/** What can be read of the objects in a text that are in no other object, in order. */
function readings<T>(text: string, read: (value: unknown) => T): { readonly value: T; readonly json: string }[] {
  const found: { value: T; json: string }[] = [];
  let steps = 0;
  OBJECT_START.lastIndex = 0;
  for (let match = OBJECT_START.exec(text); match !== null && steps < MOST_STEPS; match = OBJECT_START.exec(text)) {
    const end = objectEnd(text, match.index);
    steps += (end ?? text.length) - match.index;
    OBJECT_START.lastIndex = end ?? match.index + 1;
    if (end === undefined) continue;
    try {
      const value = read(parseBoundedJson(text.slice(match.index, end)));
      found.push({ value, json: JSON.stringify(value) });
    } catch {
      // Not the answer: an example, or the form that was asked for.
    }
  }
  return found;
}

/** The position after the brace that closes the one at `start`; braces in quotes are text. */
function objectEnd(text: string, start: number): number | undefined {
  let level = 0;
  let isInText = false;
  for (let index = start; index < text.length; index += 1) {
    const character = text[index];
    if (isInText && character === '\\') index += 1;
    else if (character === '"') isInText = !isInText;
    else if (isInText) continue;
    else if (character === '{') level += 1;
    else if (character === '}') {
      level -= 1;
      if (level === 0) return index + 1;
    }
  }
  return undefined;
}
