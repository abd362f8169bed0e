import { stripVTControlCharacters } from 'node:util';
import { cutToWidth } from './text-width.ts';

/** Control characters, invisible marks and the marks that turn the direction of text around. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu;

/**
 * Pool text for one line of a terminal: without escape sequences, control characters and direction
 * marks, white space folded, cut to `width` columns.
 */
export function safeLine(text: string, width: number): string {
  const start = stripVTControlCharacters(text.slice(0, width * 8 + 400).toWellFormed());
  const line = start.replace(/\s+/gu, ' ').replace(UNSAFE, '').trim();
  return cutToWidth(line, width);
}

/** Text of several lines for a terminal: as it is, less what could move the cursor or hide text. */
export function safeBlock(text: string): string {
  return stripVTControlCharacters(text.toWellFormed()).replace(UNSAFE, (character) =>
    character === '\n' || character === '\t' ? character : '',
  );
}
