import { WinnowError } from '../../domain/errors.ts';

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
