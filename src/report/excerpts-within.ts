import { excerpt } from '../text/excerpt.ts';

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
