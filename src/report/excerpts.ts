import { excerpt } from '../text/excerpt.ts';

/** Ids and names can be of any length. */
const LONGEST_NAME = 200;

/** An id or the name of a person, cut if it is long. */
export function nameExcerpt(name: string): string {
  return excerpt(name, LONGEST_NAME);
}

/**
 * The beginnings of texts, all cut at the same length: the longest of `lengths` at which they fit together into
 * `mostBytes` of the page's JSON, or the shortest.
 * @param lengths in characters, descending
 */
export function fitExcerpts(texts: readonly string[], mostBytes: number, lengths: readonly number[]): string[] {
  const [length, ...shorter] = lengths;
  const excerpts = texts.map((text) => excerpt(text, length!));
  const bytes = excerpts.reduce((sum, text) => sum + bytesInPage(text), 0);
  return bytes <= mostBytes || shorter.length === 0 ? excerpts : fitExcerpts(texts, mostBytes, shorter);
}

/** The page escapes each character that is special in HTML with six. */
function bytesInPage(text: string): number {
  const special = text.match(/[<>&]/g)?.length ?? 0;
  return Buffer.byteLength(JSON.stringify(text)) + 5 * special;
}
