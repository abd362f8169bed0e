import { foldLines } from './output/fold-lines.ts';
import type { Terminal } from './terminal.ts';

/** Writes text for people: lines are broken between words on a terminal, and left alone for files and other programs. */
export function print({ width }: Pick<Terminal, 'width'>, stream: NodeJS.WriteStream, text: string): void {
  stream.write(stream.isTTY ? foldLines(text, width) : text);
}

/** Writes a result for machines: one JSON document. */
export function printJson({ stdout }: Pick<Terminal, 'stdout'>, result: unknown): void {
  stdout.write(`${JSON.stringify(result, null, 2)}\n`);
}
