import { Writable } from 'node:stream';
import type { JsonObject } from '../domain/instruction.ts';
import { Sentence, type Spelling } from '../domain/wording.ts';
import { shownText, signsFor } from './output/colors.ts';
import { foldLines } from './output/fold-lines.ts';
import { safeJson } from './output/safe-text.ts';
import { flagSpelling } from './spelling.ts';
import type { Terminal } from './terminal.ts';

/**
 * Writes text for people. On a terminal lines are broken between words; files and other programs get the lines as they
 * are and no colors, unless FORCE_COLOR asks for them. Charts are drawn in ASCII where the locale knows no more.
 * No text can steer a terminal: see `shownText`.
 */
export function print(
  { width, environment }: Pick<Terminal, 'width' | 'environment'>,
  stream: NodeJS.WriteStream,
  text: string,
): void {
  const inColor = stream.isTTY || Boolean(environment.FORCE_COLOR);
  const shown = shownText(signsFor(environment)(text), inColor);
  stream.write(stream.isTTY ? foldLines(shown, width) : shown);
}

/** Writes one line of JSON, for programs that read line by line. */
export function printJsonLine({ stdout }: Pick<Terminal, 'stdout'>, result: object): void {
  stdout.write(`${safeJson(JSON.stringify(result))}\n`);
}

/** Writes records as JSONL to standard output; a terminal gets what could steer it escaped. */
export async function printRecords(
  { stdout }: Pick<Terminal, 'stdout'>,
  records: readonly JsonObject[],
): Promise<void> {
  const { writeRecords } = await import('../records/write-records.ts');
  if (!stdout.isTTY) return writeRecords(records, stdout);
  const escaped = new Writable({
    decodeStrings: false,
    write: (text: string, _, done) => {
      stdout.write(safeJson(text), done);
    },
  });
  return writeRecords(records, escaped);
}

/** Writes a JSON document that is already encoded. */
export function printDocument({ stdout }: Pick<Terminal, 'stdout'>, json: string): void {
  stdout.write(safeJson(json));
}

/** Writes a result for machines: one JSON document. */
export function printJson(
  { stdout }: Pick<Terminal, 'stdout'>,
  result: unknown,
  spelling: Spelling = flagSpelling,
): void {
  printDocument({ stdout }, `${toJson(result, spelling)}\n`);
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
