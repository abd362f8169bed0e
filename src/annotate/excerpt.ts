import { stripVTControlCharacters } from 'node:util';

const LONGEST = 140;
// Long enough that what is left of it fills the line, whatever is taken out of it.
const LOOKED_AT = 2000;
const UNSEEN = /[\p{Cc}\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/gu;

/**
 * The beginning of a text on one line: without terminal escapes, control characters and marks that turn the line about;
 * at most 140 characters, the last one "…" where more would follow. O(1) in the length of the text.
 */
export function excerpt(text: string): string {
  const clean = stripVTControlCharacters(text.slice(0, LOOKED_AT).toWellFormed())
    .replace(/\s+/g, ' ')
    .replace(UNSEEN, '')
    .trim();
  const characters = [...clean];
  if (characters.length <= LONGEST && text.length <= LOOKED_AT) return clean;
  return `${characters
    .slice(0, LONGEST - 1)
    .join('')
    .trimEnd()}…`;
}
