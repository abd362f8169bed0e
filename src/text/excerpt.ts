import { stripEscapes } from './strip-escapes.ts';

/**
 * What cannot be seen: control characters, invisible marks, among them those that turn the text around them about, and
 * characters that have no meaning of their own. Joiners stay where they join something: emoji and some scripts need them.
 */
const UNSEEN = /(?![\u200C\u200D])[\p{Cc}\p{Cf}\p{Co}]|(?<![\p{L}\p{M}\p{S}])[\u200C\u200D]/gu;

/**
 * The beginning of a text on one line, to be shown on a page: without escape sequences and what cannot be seen, white
 * space folded, well-formed; at most `most` characters, the last one "…" where more would follow. O(most).
 */
export function excerpt(text: string, most: number): string {
  // Of what is looked at some may be white space and escapes.
  const looked = text.slice(0, 8 * most + 400);
  const line = stripEscapes(looked.toWellFormed()).replace(/\s+/gu, ' ').replace(UNSEEN, '').trim();
  const characters = [...line];
  if (characters.length <= most && looked.length === text.length) return line;
  const kept = characters.slice(0, most - 1).join('');
  return `${kept.trimEnd()}…`;
}
