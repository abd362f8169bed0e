import type { Context } from 'hono';
import { Refusal } from './refusal.ts';

/**
 * The longest body. Whatever the desk takes fits: a million characters, each six bytes as JSON writes control
 * characters at worst, and a comment.
 */
export const LARGEST_BODY_BYTES = 8 * 1024 * 1024;

/**
 * The JSON a request carries; an empty object for an empty body. Nothing is read of a body that is too large or does
 * not say how large it is.
 * @throws Refusal
 */
export async function readBody(context: Context): Promise<unknown> {
  const { req } = context;
  if (req.header('transfer-encoding') !== undefined) {
    throw new Refusal('LENGTH_MISSING', 'The request does not say how long it is.');
  }
  const length = Number(req.header('content-length') ?? 0);
  if (length === 0) return {};
  if (length > LARGEST_BODY_BYTES) {
    throw new Refusal('TOO_LARGE', `The request is larger than ${LARGEST_BODY_BYTES} bytes.`, 'Shorten the text.');
  }
  // A form on another page can send other types without the browser asking first.
  if (!/^application\/json *(?:;|$)/i.test(req.header('content-type') ?? '')) {
    throw new Refusal('NOT_JSON', 'The request is not JSON.');
  }
  try {
    return JSON.parse(await req.text());
  } catch {
    throw new Refusal('BAD_REQUEST', 'The request ended early, or is not valid JSON.');
  }
}
