import { constants, isUtf8 } from 'node:buffer';
import { PoolError } from '../domain/errors.ts';
import type { JsonObject } from '../domain/instruction.ts';
import { recordsOfJson } from './json-records.ts';
import { inBatches } from './jsonl.ts';
import type { RecordFormat } from './record-format.ts';
import { NAME_THE_ENCODING, NOT_UTF8, type ReadRecord, sourceName } from './record-reader.ts';

/**
 * Reads a JSON file: see `recordsOfJson`. Records are numbered from 1 in their array.
 * Memory: the whole file, its text and its records at once; JSONL needs only the last.
 * @param options.maxBytes the longest text the engine can hold as one string
 * @throws PoolError when the file is too large, not UTF-8, not JSON, or holds no array or several
 */
export async function* readJson(
  file: string,
  bytes: AsyncIterable<Buffer>,
  {
    maxBytes = constants.MAX_STRING_LENGTH,
    onTolerated,
  }: { readonly maxBytes?: number; readonly onTolerated?: ((what: string) => void) | undefined } = {},
): AsyncGenerator<ReadRecord> {
  const content = await collect(file, bytes, maxBytes);
  if (!isUtf8(content)) {
    throw new PoolError(`${sourceName(file)} cannot be read: ${NOT_UTF8}.`, { hint: NAME_THE_ENCODING });
  }
  const records = recordsOfJson(file, content.toString('utf8'), onTolerated);
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
          data: { file, limit: maxBytes },
        },
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
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
  summary: 'JSON: an array of records, one record, or an object with one array',
  extensions: ['.json'],
  unit: 'record',
  read: ({ file, content, onTolerated }) => readJson(file, content(), { onTolerated }),
  encode: (records) => inBatches(encodeJson(records)),
};
