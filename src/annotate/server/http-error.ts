import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { WinnowError } from '../../domain/errors.ts';
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
  LENGTH_MISSING: 411,
  TOO_LARGE: 413,
  NOT_JSON: 415,
  HOST_REFUSED: 421,
} as const;

/** A request is turned down before the desk hears of it. The message is for whoever sent it and quotes nothing of it. */
export class Refusal extends WinnowError {
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
  /** Whether somebody who minds the server should hear of it. */
  readonly isFault: boolean;
}

const DESK_STATUS: Readonly<Record<DeskErrorCode, ContentfulStatusCode>> = {
  NO_SUCH_ITEM: 404,
  CONFLICT: 409,
  TAKEN: 409,
  TOO_LONG: 413,
  EMPTY_RESPONSE: 422,
  COMMENT_MISSING: 422,
  NAME_MISSING: 400,
  NAME_TOO_LONG: 400,
  NAME_UNUSABLE: 400,
};

const RETRY_AFTER_SECONDS = 1;

/** How an error is told to whoever sent the request. Of what was not foreseen nothing is told. */
export function errorAnswer(error: unknown): FailedAnswer {
  if (error instanceof Refusal) {
    const challenge: Record<string, string> = error.status === 401 ? { 'www-authenticate': 'Bearer' } : {};
    return { status: error.status, body: describe(error), headers: challenge, isFault: false };
  }
  if (error instanceof DeskError) {
    return { status: DESK_STATUS[error.code], body: describe(error, error.writing), headers: {}, isFault: false };
  }
  if (isBusy(error)) {
    const body = answer('BUSY', 'Another process is writing to the campaign.', 'Nothing was changed; try again.');
    return { status: 503, body, headers: { 'retry-after': String(RETRY_AFTER_SECONDS) }, isFault: false };
  }
  const body = answer('INTERNAL', 'Something went wrong in the server.', 'Its terminal says what. Try again.');
  return { status: 500, body, headers: {}, isFault: true };
}

function describe({ code, message, hint }: WinnowError, writing?: Writing): ErrorAnswer {
  return answer(code, message, hint ?? null, writing);
}

function answer(code: string, message: string, hint: string | null, writing?: Writing): ErrorAnswer {
  return { error: { code, message, hint, ...(writing === undefined ? {} : { writing }) } };
}

/** SQLite waited as long as it may for another process to finish writing. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');
}
