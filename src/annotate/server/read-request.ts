import type { Context } from 'hono';
import { z } from 'zod';
import { parseBoundedJson } from '../../domain/foreign-json.ts';
import { LONGEST_TEXT_ANSWER } from '../../domain/questions.ts';
import { ITEM_FILTERS } from '../desk/desk-views.ts';
import { LABEL_FILTERS, type LeadRequest } from '../desk/lead-views.ts';
import { HttpError } from './http-error.ts';
import type {
  DropRequest,
  InviteRequest,
  JoinRequest,
  LabelRequest,
  NextRequest,
  PayRequest,
  SaveRequest,
  SignInRequest,
} from './web-api.ts';

// What requests may contain. The desk checks the length of responses.

const LONGEST_SEARCH = 1_000;
const LONGEST_PAGE = 1_000;
const PAGE = 100;

const digits = z
  .string()
  .regex(/^\d{1,9}$/)
  .transform(Number);
const count = z.number().int().nonnegative();

export const ROUND_QUERY = z.object({ round: digits.optional() });

export const LIST_QUERY = z.object({
  round: digits.optional(),
  filter: z.enum(ITEM_FILTERS).default('all'),
  search: z.string().max(LONGEST_SEARCH).default(''),
  offset: digits.default(0),
  limit: digits.pipe(z.number().min(1).max(LONGEST_PAGE)).default(PAGE),
});

export const LABELS_QUERY = z.object({
  round: digits.optional(),
  verdict: z.enum(LABEL_FILTERS).default('all'),
  person: z.string().max(2000).optional(),
  doubtful: z.enum(['all', 'only']).default('all'),
  search: z.string().max(LONGEST_SEARCH).default(''),
  offset: digits.default(0),
  limit: digits.pipe(z.number().min(1).max(LONGEST_PAGE)).default(PAGE),
});

export const NEXT_BODY = z.strictObject({ after: count.optional() }) satisfies z.ZodType<NextRequest>;

const span = z.strictObject({ start: count, end: count, label: z.string().max(1000) });
/** The desk checks them against the item's questions. */
const answers = z.record(
  z.string().max(100),
  z.union([
    z.number(),
    z.string().max(LONGEST_TEXT_ANSWER),
    z.array(z.string().max(1000)).max(100),
    z.array(span).max(1000),
  ]),
);

export const SAVE_BODY = z.strictObject({
  revision: count,
  response: z.string(),
  comment: z.string(),
  // Pages that were opened before an update send none of these.
  note: z.string().default(''),
  doubtful: z.boolean().default(false),
  answers: answers.default({}),
  seconds: z.number().nonnegative(),
}) satisfies z.ZodType<SaveRequest>;

export const LABEL_BODY = SAVE_BODY.extend({
  verdict: z.enum(['accepted', 'rejected', 'skipped']),
  shown: count.optional(),
  guidelines: z.string().max(100).optional(),
}) satisfies z.ZodType<LabelRequest>;

const personName = z.string().min(1).max(2000);
const someNames = z.array(personName).max(100);
export const LEAD_BODY = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('choose'), label: count }),
  z.strictObject({
    kind: z.literal('write'),
    verdict: z.enum(['accepted', 'rejected']),
    response: z.string(),
    comment: z.string(),
  }),
  z.strictObject({ kind: z.literal('send-back'), annotator: personName, comment: z.string().min(1).max(10_000) }),
  z.strictObject({ kind: z.literal('take-back'), annotator: personName }),
  z.strictObject({ kind: z.enum(['reopen', 'assign']), to: someNames }),
  z.strictObject({ kind: z.enum(['undo-decision', 'close']) }),
]) satisfies z.ZodType<LeadRequest>;
export const DROP_BODY = z.strictObject({
  annotator: personName,
  askAgain: z.boolean(),
}) satisfies z.ZodType<DropRequest>;
export const PAY_BODY = z.strictObject({
  annotator: personName,
  // At most a million dollars.
  microUsd: z.number().int().min(-1e12).max(1e12),
  reason: z.string().trim().min(1).max(1000),
}) satisfies z.ZodType<PayRequest>;
export const RESTORE_BODY = z.strictObject({ annotator: personName });

// Longer than any token or name: what is too long is refused by the one who reads it.
export const SIGN_IN_BODY = z.strictObject({ token: z.string().max(1000) }) satisfies z.ZodType<SignInRequest>;
export const JOIN_BODY = z.strictObject({ name: z.string().max(2000) }) satisfies z.ZodType<JoinRequest>;
export const INVITE_BODY = z.strictObject({
  names: z.array(z.string().max(2000)).min(1).max(100),
}) satisfies z.ZodType<InviteRequest>;

/**
 * The largest body. The longest response and reason fit: a million characters, of which JSON writes control characters
 * as six bytes each.
 */
export const LARGEST_BODY_BYTES = 8 * 1024 * 1024;

/**
 * The JSON of a request; an empty object for an empty body. A body that is too large, or whose size is unknown, is
 * never read.
 * @throws HttpError LENGTH_MISSING, TOO_LARGE, NOT_JSON, BAD_REQUEST
 */
export async function readBody(context: Context): Promise<unknown> {
  const { req } = context;
  if (req.header('transfer-encoding') !== undefined) {
    throw new HttpError('LENGTH_MISSING', 'The request has no Content-Length header.');
  }
  const length = Number(req.header('content-length') ?? 0);
  if (length === 0) return {};
  if (length > LARGEST_BODY_BYTES) {
    throw new HttpError('TOO_LARGE', `The request is larger than ${LARGEST_BODY_BYTES} bytes.`, 'Shorten the text.');
  }
  // Forms on other sites can send other types without a preflight request.
  if (!/^application\/json *(?:;|$)/i.test(req.header('content-type') ?? '')) {
    throw new HttpError('NOT_JSON', 'The request must be JSON.');
  }
  try {
    return parseBoundedJson(await req.text());
  } catch {
    throw new HttpError('BAD_REQUEST', 'The request is incomplete or not valid JSON.');
  }
}

/** @throws HttpError BAD_REQUEST that names the invalid fields but never quotes their values */
export function readShape<Shape extends z.ZodType>(shape: Shape, value: unknown): z.output<Shape> {
  const read = shape.safeParse(value);
  if (read.success) return read.data;
  const fields = read.error.issues.map(({ path, code }) => `${path.join('.') || 'the request'} (${code})`);
  throw new HttpError('BAD_REQUEST', `The request is invalid: ${fields.join(', ')}.`, 'Reload the page.');
}

/** @throws HttpError NOT_FOUND */
export function readNumber(param: string): number {
  const number = digits.safeParse(param);
  if (!number.success) throw new HttpError('NOT_FOUND', 'This address does not exist.');
  return number.data;
}
