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

/**
 * The beginnings of many texts, all cut at the same length: the greatest of `lengths`, which fall, at which they have
 * room together, as they stand in the page's JSON, or the least.
 */
export function excerptsWithin(texts: readonly string[], roomBytes: number, lengths: readonly number[]): string[] {
  const [length, ...shorter] = lengths;
  const excerpts = texts.map((text) => excerpt(text, length!));
  const bytes = excerpts.reduce((sum, text) => sum + bytesInPage(text), 0);
  return bytes <= roomBytes || shorter.length === 0 ? excerpts : excerptsWithin(texts, roomBytes, shorter);
}

/** Within JSON some characters are two; what means something to HTML is six. */
function bytesInPage(text: string): number {
  const ofHtml = text.match(/[<>&]/g)?.length ?? 0;
  return Buffer.byteLength(JSON.stringify(text)) + 5 * ofHtml;
}
