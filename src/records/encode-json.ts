import type { JsonObject } from '../domain/instruction.ts';

const BATCH_CHARACTERS = 64 * 1024;

/** One record a line. U+2028 and U+2029 are escaped: some readers take them for line ends. */
export function* encodeJsonl(records: readonly JsonObject[]): Generator<string> {
  for (const record of records) yield `${escapeLineSeparators(JSON.stringify(record))}\n`;
}

/** One indented array. */
export function* encodeJson(records: readonly JsonObject[]): Generator<string> {
  yield '[';
  for (const [index, record] of records.entries()) {
    // A line feed in the text of a value is escaped, so these are all between values.
    const lines = JSON.stringify(record, null, 2).replaceAll('\n', '\n  ');
    yield `${index === 0 ? '' : ','}\n  ${lines}`;
  }
  yield records.length === 0 ? ']\n' : '\n]\n';
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
