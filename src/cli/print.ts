import { stripVTControlCharacters } from 'node:util';
import { Sentence, type Spelling } from '../domain/wording.ts';
import { signsFor } from './output/colors.ts';
import { foldLines } from './output/fold-lines.ts';
import { flagSpelling } from './spelling.ts';
import type { Terminal } from './terminal.ts';

/**
 * Writes text for people. On a terminal lines are broken between words; files and other programs get the lines as they
 * are and no colors, unless FORCE_COLOR asks for them. Charts are drawn in ASCII where the locale knows no more.
 */
export function print(
  { width, environment }: Pick<Terminal, 'width' | 'environment'>,
  stream: NodeJS.WriteStream,
  text: string,
): void {
  const shown = signsFor(environment)(text);
  if (stream.isTTY) stream.write(foldLines(shown, width));
  else stream.write(environment.FORCE_COLOR ? shown : stripVTControlCharacters(shown));
}

/** Writes a result for machines: one JSON document. */
export function printJson(
  { stdout }: Pick<Terminal, 'stdout'>,
  result: unknown,
  spelling: Spelling = flagSpelling,
): void {
  stdout.write(`${toJson(result, spelling)}\n`);
}

/** @param spelling of the sentences in it */
export function toJson(result: unknown, spelling: Spelling = flagSpelling): string {
  // Where the function is called, the value is spelled as the library does already.
  return JSON.stringify(
    result,
    function (this: Record<string, unknown>, key, value: unknown) {
      const before = this[key];
      return before instanceof Sentence ? before.spell(spelling) : value;
    },
    2,
  );
}
