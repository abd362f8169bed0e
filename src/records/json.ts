import { constants, isUtf8 } from 'node:buffer';
import { PoolError } from '../domain/errors.ts';
import { JsonLimitError, parseForeignJson } from '../domain/foreign-json.ts';
import type { JsonObject } from '../domain/instruction.ts';
import { inBatches } from './jsonl.ts';
import type { RecordFormat } from './record-format.ts';
import { messageOf, NOT_UTF8, type ReadRecord, sourceName } from './record-reader.ts';

/**
 * Reads a JSON file: an array of records, or an object in which exactly one value is an array; its other
 * values are not part of the pool. Records are numbered from 1 in that array.
 * Memory: the whole file, its text and its records at once; JSONL needs only the last.
 * @param maxBytes the longest text the engine can hold as one string
 * @throws PoolError when the file is too large, not UTF-8, not JSON, or holds no array or several
 */
export async function* readJson(
  file: string,
  bytes: AsyncIterable<Buffer>,
  maxBytes: number = constants.MAX_STRING_LENGTH,
): AsyncGenerator<ReadRecord> {
  const records = recordsIn(file, parse(file, await collect(file, bytes, maxBytes)));
  for (const [index, value] of records.entries()) yield { line: index + 1, value };
}

async function collect(file: string, bytes: AsyncIterable<Buffer>, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.length;
    if (size > maxBytes) {
      throw new PoolError(
        `${sourceName(file)} is larger than ${maxBytes} bytes, the most that one JSON value can have.`,
        {
          hint: "Convert it to JSONL, which is read line by line at any size, for example: jq -c '.[]'.",
        },
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parse(file: string, content: Buffer): unknown {
  if (!isUtf8(content)) {
    throw new PoolError(`${sourceName(file)} cannot be read: ${NOT_UTF8}.`, { hint: 'Convert it to UTF-8.' });
  }
  const text = content.toString('utf8');
  try {
    return parseForeignJson(text);
  } catch (error) {
    if (error instanceof JsonLimitError) {
      throw new PoolError(`${sourceName(file)} cannot be read: ${error.message}.`, {
        hint: 'Check the file.',
        cause: error,
      });
    }
    throw new PoolError(`${sourceName(file)} is not valid JSON: ${messageOf(error)}${lineOf(error, text)}.`, {
      hint: isJsonLines(text) ? 'It holds one JSON object a line: name it .jsonl.' : 'Check that the file is complete.',
      cause: error,
    });
  }
}

/** Where the parser stopped, where it says so. */
function lineOf(error: unknown, text: string): string {
  const [, position] = /at position (\d+)/.exec(messageOf(error)) ?? [];
  return position === undefined ? '' : ` (line ${text.slice(0, Number(position)).split('\n').length})`;
}

function isJsonLines(text: string): boolean {
  const firstLine = text.slice(0, text.indexOf('\n') + 1);
  try {
    return typeof parseForeignJson(firstLine) === 'object';
  } catch {
    return false;
  }
}

function recordsIn(file: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  const arrays =
    typeof value === 'object' && value !== null
      ? Object.entries(value).filter(([, field]) => Array.isArray(field))
      : [];
  const [only] = arrays;
  if (arrays.length === 1 && only !== undefined) return only[1];
  throw new PoolError(
    arrays.length === 0
      ? `${sourceName(file)} holds no array of records.`
      : `${sourceName(file)} holds ${arrays.length} arrays (${arrays.map(([name]) => name).join(', ')}): which is the pool is unclear.`,
    { hint: 'A JSON pool is an array of objects, or an object with exactly one array.' },
  );
}

/** One indented array. */
function* encodeJson(records: readonly JsonObject[]): Generator<string> {
  yield '[';
  for (const [index, record] of records.entries()) {
    // A line feed in the text of a value is escaped, so these are all between values.
    const lines = JSON.stringify(record, null, 2).replaceAll('\n', '\n  ');
    yield `${index === 0 ? '' : ','}\n  ${lines}`;
  }
  yield records.length === 0 ? ']\n' : '\n]\n';
}

/** A JSON file of records. */
export const jsonFormat: RecordFormat = {
  name: 'json',
  summary: 'JSON: an array of records, or an object with one array',
  extensions: ['.json'],
  unit: 'record',
  read: ({ file, content }) => readJson(file, content()),
  encode: (records) => inBatches(encodeJson(records)),
};
