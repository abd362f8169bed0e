import { isUtf8 } from 'node:buffer';
import { JSON_LIMITS, JsonLimitError, jsonFault } from '../domain/foreign-json.ts';
import type { JsonObject } from '../domain/instruction.ts';
import { parseExactJson } from './exact-json.ts';
import { readLooseJson } from './loose-json.ts';
import { NOT_UTF8, type ReadRecord } from './record-reader.ts';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;
const BATCH_CHARACTERS = 64 * 1024;

/**
 * Reads JSON Lines over bytes: lines end at LF only (a CR before it is white space to JSON), since U+2028
 * and its like are ordinary characters inside a JSON string. Blank lines count but yield nothing.
 * Memory: one chunk, its records and one line; each line's text is garbage as soon as it is parsed.
 * @param options.maxLineBytes a longer line is a bad record
 * @returns the records of each chunk
 */
export async function* readJsonl(
  bytes: AsyncIterable<Buffer>,
  {
    maxLineBytes = JSON_LIMITS.characters,
    onTolerated,
  }: { readonly maxLineBytes?: number; readonly onTolerated?: ((what: string) => void) | undefined } = {},
): AsyncGenerator<ReadRecord[]> {
  let line = 0;
  /** The beginning of a line that goes on in the next chunk. */
  let parts: Buffer[] = [];
  let partBytes = 0;

  function finishLine(end: Buffer): ReadRecord | undefined {
    line += 1;
    const content = parts.length === 0 ? end : Buffer.concat([...parts, end]);
    const length = partBytes + end.length;
    parts = [];
    partBytes = 0;
    if (length > maxLineBytes)
      return { line, cause: `it is ${length} bytes long, ${maxLineBytes} at most can be read`, limit: maxLineBytes };
    return isBlank(content) ? undefined : parseLine(content, line, onTolerated);
  }

  for await (const chunk of bytes) {
    const records: ReadRecord[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      const record = finishLine(chunk.subarray(start, end));
      start = end + 1;
      if (record !== undefined) records.push(record);
    }
    if (records.length > 0) yield records;
    if (start === chunk.length) continue;
    partBytes += chunk.length - start;
    // Of a line that is too long already, only the length still matters.
    if (partBytes > maxLineBytes) parts = [];
    else parts.push(chunk.subarray(start));
  }
  const last = partBytes === 0 ? undefined : finishLine(Buffer.alloc(0));
  if (last !== undefined) yield [last];
}

/** Whether a line has white space only. */
export function isBlank(line: Buffer): boolean {
  for (const byte of line) if (byte !== SPACE && byte !== TAB && byte !== CARRIAGE_RETURN) return false;
  return true;
}

function parseLine(content: Buffer, line: number, onTolerated?: (what: string) => void): ReadRecord {
  if (!isUtf8(content)) return { line, cause: NOT_UTF8 };
  const text = content.toString('utf8');
  try {
    return { line, value: parseExactJson(text, onTolerated) };
  } catch (error) {
    const loose = error instanceof JsonLimitError ? undefined : readLooseJson(text);
    if (loose === undefined) return { line, cause: jsonFault(error) };
    onTolerated?.(loose.tolerated);
    return { line, value: loose.value };
  }
}

/** One record a line. U+2028 and U+2029 are escaped: some readers take them for line ends. */
export function* encodeJsonl(records: readonly JsonObject[]): Generator<string> {
  for (const record of records) yield `${escapeLineSeparators(JSON.stringify(record))}\n`;
}

function escapeLineSeparators(json: string): string {
  return json.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}

/** Joins short texts, so that not every record is a write of its own. */
export function* inBatches(texts: Iterable<string>): Generator<string> {
  let batch = '';
  for (const text of texts) {
    batch += text;
    if (batch.length < BATCH_CHARACTERS) continue;
    yield batch;
    batch = '';
  }
  if (batch !== '') yield batch;
}
