import { isUtf8 } from 'node:buffer';
import { parseForeignJson } from '../domain/foreign-json.ts';
import { recordsOfJson } from './json-records.ts';
import { isBlank, readJsonl } from './jsonl.ts';
import { readLooseJson } from './loose-json.ts';
import type { OpenSource } from './record-format.ts';
import type { ReadRecord } from './record-reader.ts';

const LINE_FEED = 0x0a;
/** A first line that is longer is taken for a value of its own. */
const MOST_FIRST_LINE_BYTES = 4 * 2 ** 20;
/** Files up to this size are looked at as a whole, where their first line is no record. */
const MOST_WHOLE_BYTES = 256 * 2 ** 20;

/**
 * Reads JSON Lines; or, where the first line is no value of its own, the records of the whole file: an array or indented
 * objects under the name of JSON Lines.
 */
export async function* readJsonlFile({ file, content, onTolerated }: OpenSource): AsyncGenerator<ReadRecord[]> {
  const { line, all } = await firstLine(content());
  if (!isPartOfValue(line)) {
    yield* readJsonl(all, { onTolerated });
    return;
  }
  const chunks: Buffer[] = [];
  let size = 0;
  const iterator = all[Symbol.asyncIterator]();
  for (let next = await iterator.next(); next.done !== true && size <= MOST_WHOLE_BYTES; next = await iterator.next()) {
    chunks.push(next.value);
    size += next.value.length;
    if (size > MOST_WHOLE_BYTES) break;
  }
  const records = size > MOST_WHOLE_BYTES ? undefined : wholeRecords(file, Buffer.concat(chunks), onTolerated);
  if (records !== undefined) {
    yield records.map((value, index) => ({ line: index + 1, value }));
    return;
  }
  async function* again(): AsyncGenerator<Buffer> {
    yield* chunks;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  }
  yield* readJsonl(again(), { onTolerated });
}

function wholeRecords(file: string, content: Buffer, onTolerated?: (what: string) => void) {
  if (!isUtf8(content)) return undefined;
  const tolerated: string[] = [];
  try {
    const records = recordsOfJson(file, content.toString('utf8'), (what) => tolerated.push(what));
    for (const what of new Set(['JSON that is not one value a line was read', ...tolerated])) onTolerated?.(what);
    return records;
  } catch {
    return undefined;
  }
}

/** Whether a first line is an array, or the beginning of a value that goes on in the next line. */
function isPartOfValue(line: Buffer): boolean {
  const text = line.toString('utf8').trim();
  if (text.startsWith('[')) return true;
  if (!text.startsWith('{')) return false;
  try {
    parseForeignJson(text);
    return false;
  } catch {
    return readLooseJson(text) === undefined;
  }
}

/** The first line that is not blank, as far as it is short, and all of the content. */
async function firstLine(bytes: AsyncIterable<Buffer>): Promise<{ line: Buffer; all: AsyncIterable<Buffer> }> {
  const iterator = bytes[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  const lineIn = () => {
    for (let start = 0; ; ) {
      const end = head.indexOf(LINE_FEED, start);
      if (end === -1) return undefined;
      if (!isBlank(head.subarray(start, end))) return head.subarray(start, end);
      start = end + 1;
    }
  };
  while (lineIn() === undefined && head.length < MOST_FIRST_LINE_BYTES) {
    const next = await iterator.next();
    if (next.done === true) break;
    head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
  }
  async function* all(): AsyncGenerator<Buffer> {
    try {
      if (head.length > 0) yield head;
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  }
  return { line: lineIn() ?? (head.length < MOST_FIRST_LINE_BYTES ? head : Buffer.alloc(0)), all: all() };
}
