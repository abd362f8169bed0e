import { ReplyError } from '../domain/errors.ts';
import { parseBoundedJson } from '../domain/foreign-json.ts';

/**
 * Reads the one JSON object of a reply, which may stand in a code fence or among prose. It is never guessed at or
 * completed: the text between the first and the last brace must be JSON.
 * @throws ReplyError saying what is wrong, in words the model can act on
 */
export function extractJson(text: string): unknown {
  const start = text.indexOf('{');
  const end = text.lastIndexOf('}');
  if (start < 0 || end < start) throw new ReplyError('it holds no JSON object.');
  try {
    return parseBoundedJson(text.slice(start, end + 1));
  } catch (error) {
    // The message quotes the reply, and may cut a character in two.
    const message = (error as Error).message.slice(0, 120).toWellFormed();
    throw new ReplyError(`its JSON cannot be parsed (${message}).`);
  }
}
