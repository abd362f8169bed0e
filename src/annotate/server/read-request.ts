import type { Context } from 'hono';
import { z } from 'zod';
import { ITEM_FILTERS } from '../desk/desk-views.ts';
import { Refusal } from './http-error.ts';
import type { LabelRequest, NextRequest, SaveRequest } from './web-api.ts';

// What requests may hold. How long a response may be is the desk's to say: it keeps nothing of what is too long.

const LONGEST_SEARCH = 1_000;
const LONGEST_PAGE = 1_000;
const PAGE = 100;

const digits = z
  .string()
  .regex(/^\d{1,9}$/)
  .transform(Number);
const count = z.number().int().nonnegative();

/** A position in the pool, in a path. */
export const ITEM_NUMBER = digits;

export const ROUND_QUERY = z.object({ round: digits.optional() });

export const LIST_QUERY = z.object({
  round: digits.optional(),
  filter: z.enum(ITEM_FILTERS).default('all'),
  search: z.string().max(LONGEST_SEARCH).default(''),
  offset: digits.default(0),
  limit: digits.pipe(z.number().min(1).max(LONGEST_PAGE)).default(PAGE),
});

export const NEXT_BODY = z.strictObject({ after: count.optional() }) satisfies z.ZodType<NextRequest>;

export const SAVE_BODY = z.strictObject({
  revision: count,
  response: z.string(),
  comment: z.string(),
  seconds: z.number().nonnegative(),
}) satisfies z.ZodType<SaveRequest>;

export const LABEL_BODY = SAVE_BODY.extend({
  verdict: z.enum(['accepted', 'rejected', 'skipped']),
}) satisfies z.ZodType<LabelRequest>;

/** @throws Refusal BAD_REQUEST naming what is wrong, by its place and never by its value */
export function readShape<Shape extends z.ZodType>(shape: Shape, value: unknown): z.output<Shape> {
  const read = shape.safeParse(value);
  if (read.success) return read.data;
  const places = read.error.issues.map(({ path, code }) => `${path.join('.') || 'the request'} (${code})`);
  throw new Refusal('BAD_REQUEST', `The request is not as it should be: ${places.join(', ')}.`, 'Reload the page.');
}

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
