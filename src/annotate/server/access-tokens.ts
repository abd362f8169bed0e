import { createHash, timingSafeEqual } from 'node:crypto';
import { UsageError } from '../../domain/errors.ts';
import type { SessionAnswer } from './web-api.ts';

/** Who knows one may come in. Kept in memory alone. */
export interface AccessTokens {
  readonly annotator: string;
  readonly lead: string;
}

const RANDOM_BYTES = 24;
/** Of which headers and addresses can be made without changing them. */
const TOKEN = /^[\w.~+/=-]{16,200}$/;
const VARIABLES = { annotator: 'WINNOW_ANNOTATE_TOKEN', lead: 'WINNOW_LEAD_TOKEN' } as const;

/**
 * Tokens by the environment, and new ones where it names none.
 * @param randomBytes from a source that cannot be guessed
 * @throws UsageError for one that is too short, has other characters, or is both
 */
export function accessTokens(
  environment: Readonly<Record<string, string | undefined>>,
  randomBytes: (count: number) => Buffer,
): AccessTokens {
  const token = (role: keyof typeof VARIABLES) => {
    const given = environment[VARIABLES[role]];
    if (given === undefined || given === '') return randomBytes(RANDOM_BYTES).toString('base64url');
    if (TOKEN.test(given)) return given;
    throw new UsageError(
      `${VARIABLES[role]} is not 16 to 200 letters, digits and signs among -._~+/=.`,
      'Give it a longer secret (openssl rand -hex 24), or unset it: then a new one is made at every start.',
    );
  };
  const tokens = { annotator: token('annotator'), lead: token('lead') };
  if (tokens.annotator !== tokens.lead) return tokens;
  throw new UsageError(
    `${VARIABLES.annotator} and ${VARIABLES.lead} are the same.`,
    'Give the lead one that annotators do not know: it shows what everybody wrote.',
  );
}

/**
 * What the sender of an `authorization` header may do; null for nothing. Takes as long for a token that is nearly
 * right as for any other.
 */
export function roleOf(authorization: string | undefined, tokens: AccessTokens): SessionAnswer['role'] | null {
  const given = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1] ?? '';
  const [isLead, isAnnotator] = [isSame(given, tokens.lead), isSame(given, tokens.annotator)];
  if (isLead) return 'lead';
  return isAnnotator ? 'annotator' : null;
}

function isSame(given: string, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}
