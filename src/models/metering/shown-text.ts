import type { RequestTarget } from '../providers/request-target.ts';

const SHOWN_CHARACTERS = 300;
/** Of all kinds: providers' own, Google's, and what follows `Bearer`. */
const KEY_LIKE =
  /\b(?:(?:sk|key|pk|gsk|xai|hf|r8|tgp|nvapi|pplx|fw)[-_][\w*.-]{6,}|AIza[\w-]{20,}|(?<=bearer )\S{8,})/gi;
/** User name and password in an address. */
const ADDRESS_LOGIN = /\/\/[^/@\s]+@/g;

/** Words of a provider as they may be shown and stored: one short line without keys. */
export function shownText(text: string, { apiKey }: Pick<RequestTarget, 'apiKey'>): string {
  const keyless = apiKey.length > 3 ? text.replaceAll(apiKey, '[key]') : text;
  return keyless
    .replace(ADDRESS_LOGIN, '//')
    .replace(KEY_LIKE, '[key]')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, SHOWN_CHARACTERS)
    .toWellFormed();
}
