import { pipeline, Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import type { JsonObject, JsonValue } from '../domain/instruction.ts';
import { columnsOf } from './flatten-record.ts';

/**
 * A table with a header, quoted as RFC 4180 says; null and absent are empty cells, the empty text is
 * a quoted one, lists and objects are JSON text. Cells are written as they are: a text that begins with `=`, `+`, `-` or `@` is not altered, so
 * open the file in a spreadsheet only where its formulas may run. Lone surrogates become U+FFFD.
 */
export function encodeDelimited(records: readonly JsonObject[], delimiter: ',' | '\t'): AsyncIterable<Buffer> {
  const columns = columnsOf(records);
  function* rows(): Generator<(string | null)[]> {
    if (columns.length === 0) return;
    yield columns.map(({ name }) => name);
    for (const row of records.keys()) yield columns.map(({ values }) => cellOf(values[row]!));
  }
  const stringifier = stringify({
    delimiter,
    // Quotes tell the empty text from null, and a U+FEFF in the first cell from a byte order mark.
    quoted_match: /^$|\uFEFF/,
  });
  // The stringifier itself reports the pipeline's failure to whoever iterates it.
  return pipeline(Readable.from(rows()), stringifier, () => {});
}

function cellOf(value: JsonValue): string | null {
  if (value === null) return null;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
