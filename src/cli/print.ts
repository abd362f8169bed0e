import { stripVTControlCharacters } from 'node:util';
import { foldLines } from './output/fold-lines.ts';
import type { Terminal } from './terminal.ts';

/**
 * Writes text for people. On a terminal lines are broken between words; files and other programs get the lines as they
 * are and no colors, unless FORCE_COLOR asks for them.
 */
export function print(
  { width, environment }: Pick<Terminal, 'width' | 'environment'>,
  stream: NodeJS.WriteStream,
  text: string,
): void {
  if (stream.isTTY) stream.write(foldLines(text, width));
  else stream.write(environment.FORCE_COLOR ? text : stripVTControlCharacters(text));
}

/** Writes a result for machines: one JSON document. */
export function printJson({ stdout }: Pick<Terminal, 'stdout'>, result: unknown): void {
  stdout.write(`${JSON.stringify(result, null, 2)}\n`);
}
