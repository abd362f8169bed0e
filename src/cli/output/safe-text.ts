import { stripEscapes } from '../../text/strip-escapes.ts';
import { cutToWidth } from './text-width.ts';

/** Control characters, invisible marks and the marks that turn the direction of text around. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu;
const LONGEST_NAME = 400;

/**
 * Text from outside for one line of a terminal: without escape sequences, control characters and direction
 * marks, white space folded, cut to `width` columns.
 */
export function safeLine(text: string, width: number): string {
  const start = stripEscapes(text.slice(0, width * 8 + 400).toWellFormed());
  const line = start.replace(/\s+/gu, ' ').replace(UNSAFE, '').trim();
  return cutToWidth(line, width);
}

/** The name of a file, a model, a strategy and the like on one line. */
export function safeName(name: string): string {
  return safeLine(name, LONGEST_NAME);
}

/** Text of several lines for a terminal: as it is, less what could move the cursor or hide text. */
export function safeBlock(text: string): string {
  return stripEscapes(text.toWellFormed()).replace(UNSAFE, (character) =>
    character === '\n' || character === '\t' ? character : '',
  );
}

/** JSON for a terminal: the same document, with what could move the cursor or hide text escaped. */
export function safeJson(json: string): string {
  return json.replace(/(?!\n)[\p{Cc}\p{Cf}\p{Co}]/gu, (character) =>
    [...Array(character.length).keys()]
      .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
