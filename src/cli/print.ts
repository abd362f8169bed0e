import { stripVTControlCharacters } from 'node:util';
import { foldLines } from './output/fold-lines.ts';
import { signsFor } from './output/signs-for.ts';
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
export function printJson({ stdout }: Pick<Terminal, 'stdout'>, result: unknown): void {
  stdout.write(`${JSON.stringify(result, null, 2)}\n`);
}
