import { createHash, timingSafeEqual } from 'node:crypto';
import { UsageError } from '../../domain/errors.ts';
import { signature } from './signing-key.ts';

/** The secrets of the links that more than one person can use. */
export interface AccessTokens {
  /** Lets people join under a name of their own; null where only invited people have access. */
  readonly annotator: string | null;
  readonly lead: string;
}

/** Characters that need no escaping in headers and addresses. */
const TOKEN = /^[\w.~+/=-]{16,200}$/;
const VARIABLES = { annotator: 'WINNOW_ANNOTATE_TOKEN', lead: 'WINNOW_LEAD_TOKEN' } as const;
type Role = keyof typeof VARIABLES;

/**
 * The tokens of the environment; undefined where it has none.
 * @throws UsageError if a token is too short or has other characters, or if both are the same
 */
export function givenTokens(
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<Role, string | undefined>> {
  const token = (role: Role) => {
    const given = environment[VARIABLES[role]];
    if (given === undefined || given === '') return undefined;
    if (TOKEN.test(given)) return given;
    throw new UsageError(
      `${VARIABLES[role]} must have 16 to 200 characters: letters, digits and -._~+/=.`,
      'Set a longer secret (openssl rand -hex 24), or unset it to use one that winnow makes.',
    );
  };
  const tokens = { annotator: token('annotator'), lead: token('lead') };
  if (tokens.annotator === undefined || tokens.annotator !== tokens.lead) return tokens;
  throw new UsageError(
    `${VARIABLES.annotator} and ${VARIABLES.lead} are the same.`,
    'Give leads a different token: it shows what everyone wrote.',
  );
}

/** The tokens of a server: the given ones, or those that follow from the campaign's key, which stay the same. */
export function accessTokens(
  given: ReturnType<typeof givenTokens>,
  { key, isInviteOnly }: { readonly key: string; readonly isInviteOnly: boolean },
): AccessTokens {
  const token = (role: Role) => given[role] ?? signature(key, ['shared link', role]);
  return { annotator: isInviteOnly ? null : token('annotator'), lead: token('lead') };
}

/** Takes the same time for a nearly correct secret as for any other. */
export function isSameSecret(given: string, secret: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(secret));
}
