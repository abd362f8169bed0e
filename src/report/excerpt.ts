import { stripVTControlCharacters } from 'node:util';

/** Control characters, invisible marks and the marks that turn the direction of text around. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * The beginning of a text on one line: without escape sequences, control characters and direction marks, white space
 * folded, well-formed, at most `most` characters with a dot dot dot where more was cut off. O(most).
 */
export function excerpt(text: string, most: number): string {
  // Of what is looked at some may be white space and escapes.
  const looked = text.slice(0, 8 * most + 400);
  const line = stripVTControlCharacters(looked.toWellFormed()).replace(/\s+/gu, ' ').replace(UNSEEN, '').trim();
  const characters = [...line];
  if (characters.length <= most && looked.length === text.length) return line;
  const kept = characters.slice(0, most - 1).join('');
  return `${kept.trimEnd()}…`;
}
