import { createHash, timingSafeEqual } from 'node:crypto';
import { UsageError } from '../../domain/errors.ts';
import type { SessionAnswer } from './web-api.ts';

/** The secrets that give access. They are kept in memory only. */
export interface AccessTokens {
  readonly annotator: string;
  readonly lead: string;
}

const RANDOM_BYTES = 24;
/** Characters that need no escaping in headers and addresses. */
const TOKEN = /^[\w.~+/=-]{16,200}$/;
const VARIABLES = { annotator: 'WINNOW_ANNOTATE_TOKEN', lead: 'WINNOW_LEAD_TOKEN' } as const;

/**
 * The tokens of the environment, or new ones where it has none.
 * @param randomBytes from a cryptographically secure source
 * @throws UsageError if a token is too short or has other characters, or if both are the same
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
      `${VARIABLES[role]} must have 16 to 200 characters: letters, digits and -._~+/=.`,
      'Set a longer secret (openssl rand -hex 24), or unset it to get a new one at every start.',
    );
  };
  const tokens = { annotator: token('annotator'), lead: token('lead') };
  if (tokens.annotator !== tokens.lead) return tokens;
  throw new UsageError(
    `${VARIABLES.annotator} and ${VARIABLES.lead} are the same.`,
    'Give leads a different token: it shows what everyone wrote.',
  );
}

/**
 * The role that an `authorization` header gives; null for none. Takes the same time for a nearly correct token as for
 * any other.
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
