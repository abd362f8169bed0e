import { stripEscapes } from './strip-escapes.ts';

/** The most characters of one text the offline stand-ins look at: this many of its start and of its end. */
export const HEAD_CHARACTERS = 4000;
export const TAIL_CHARACTERS = 2000;

/**
 * The part of a text the features are computed on, for any text: at most HEAD_CHARACTERS of its start
 * and TAIL_CHARACTERS of its end, without terminal escapes, control and invisible format characters (tabs and
 * line ends stay), composed (NFC) and well-formed. Lone surrogates become U+FFFD, which counts against clarity.
 * O(1) in the length of the text beyond the bound.
 */
export function readableText(text: string): string {
  return clean(boundedText(text)).trim();
}

function boundedText(text: string): string {
  if (text.length <= HEAD_CHARACTERS + TAIL_CHARACTERS) return text;
  // A cut through a surrogate pair is our doing, not the text's: drop the half instead of counting it as damage.
  const head = text.slice(0, HEAD_CHARACTERS).replace(/[\uD800-\uDBFF]$/, '');
  const tail = text.slice(-TAIL_CHARACTERS).replace(/^[\uDC00-\uDFFF]/, '');
  return `${head}\n${tail}`;
}

function clean(text: string): string {
  return stripEscapes(text)
    .toWellFormed()
    .normalize('NFC')
    .replace(/\r\n?/g, '\n')
    .replace(/(?![\t\n])\p{Cc}/gu, ' ')
    .replace(/\p{Cf}/gu, '');
}
