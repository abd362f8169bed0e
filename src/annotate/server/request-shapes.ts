import { z } from 'zod';
import { ITEM_FILTERS } from '../desk/desk-views.ts';
import { Refusal } from './refusal.ts';
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
