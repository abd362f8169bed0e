import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { isDiskFull } from '../../domain/disk-full.ts';
import { WinnowError } from '../../domain/winnow-error.ts';
import { DeskError, type DeskErrorCode } from '../desk/desk-error.ts';
import type { Writing } from '../desk/desk-views.ts';
import type { ErrorAnswer } from './web-api.ts';

const STATUS = {
  BAD_REQUEST: 400,
  NAME_MISSING: 400,
  TOKEN_WRONG: 401,
  LEADS_ONLY: 403,
  ORIGIN_REFUSED: 403,
  NOT_FOUND: 404,
  OTHER_CAMPAIGN: 409,
  OTHER_PERSON: 409,
  LENGTH_MISSING: 411,
  TOO_LARGE: 413,
  NOT_JSON: 415,
  HOST_REFUSED: 421,
} as const;

/** A request is refused before it reaches the desk. The client sees the message, which never quotes the request. */
export class HttpError extends WinnowError {
  readonly status: (typeof STATUS)[keyof typeof STATUS];

  constructor(code: keyof typeof STATUS, message: string, hint?: string) {
    super(code, message, hint === undefined ? {} : { hint });
    this.status = STATUS[code];
  }
}

interface FailedAnswer {
  readonly status: ContentfulStatusCode;
  readonly body: ErrorAnswer;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the server should log the error. */
  readonly isUnexpected: boolean;
}

const DESK_STATUS: Readonly<Record<DeskErrorCode, ContentfulStatusCode>> = {
  NO_SUCH_ITEM: 404,
  CONFLICT: 409,
  TAKEN: 409,
  TOO_LONG: 413,
  EMPTY_RESPONSE: 422,
  ANSWER_MISSING: 422,
  ANSWER_INVALID: 422,
  NAME_MISSING: 400,
  NAME_TOO_LONG: 400,
  NAME_UNUSABLE: 400,
  NAME_ALIKE: 409,
  NAME_TAKEN: 409,
  NO_SUCH_LABEL: 404,
  NO_SUCH_PERSON: 404,
  NO_ROOM: 409,
  NO_SUCH_LINK: 404,
  TOO_MANY_PEOPLE: 409,
  TOO_MANY_HELD: 429,
};

const RETRY_AFTER_SECONDS = 1;

/** The answer to a request that failed. It contains no details of an unexpected error. */
export function errorAnswer(error: unknown): FailedAnswer {
  if (error instanceof HttpError) {
    const challenge: Record<string, string> = error.status === 401 ? { 'www-authenticate': 'Bearer' } : {};
    return { status: error.status, body: describe(error), headers: challenge, isUnexpected: false };
  }
  if (error instanceof DeskError) {
    return { status: DESK_STATUS[error.code], body: describe(error, error.writing), headers: {}, isUnexpected: false };
  }
  if (isBusy(error)) {
    const body = answer('BUSY', 'Another process is writing to the campaign.', 'Nothing was changed. Try again.');
    return { status: 503, body, headers: { 'retry-after': String(RETRY_AFTER_SECONDS) }, isUnexpected: false };
  }
  if (isDiskFull(error)) {
    const body = answer(
      'DISK_FULL',
      "The server's disk is full, so this was not saved.",
      'Keep this page open, tell the project lead, and try again once there is space.',
    );
    return { status: 507, body, headers: {}, isUnexpected: true };
  }
  const body = answer(
    'INTERNAL',
    'Something went wrong on the server.',
    'Try again. The terminal where winnow annotate runs shows the error.',
  );
  return { status: 500, body, headers: {}, isUnexpected: true };
}

function describe({ code, message, hint }: WinnowError, writing?: Writing): ErrorAnswer {
  return answer(code, message, hint ?? null, writing);
}

function answer(code: string, message: string, hint: string | null, writing?: Writing): ErrorAnswer {
  return { error: { code, message, hint, ...(writing === undefined ? {} : { writing }) } };
}

/** Whether SQLite gave up waiting for another process to finish writing. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');
}
