import { pipeline, Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import { isJsonObject, type JsonObject, type JsonValue } from '../domain/instruction.ts';

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
  // The stringifier itself reports the pipeline's failure to its reader.
  return pipeline(Readable.from(rows()), stringifier, () => {});
}

function cellOf(value: JsonValue): string | null {
  if (value === null) return null;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** The key under which a record carries what was decided about it. */
const WINNOW_KEY = 'winnow';

/** A column of a table, and one value a row; absent and null are both null. */
export interface Column {
  readonly name: string;
  readonly values: readonly JsonValue[];
}

/**
 * Lays records out as columns: the union of their keys in the order first seen, with `winnow: {rank, …}`
 * spread to `winnow_rank` and so on in its place. Where a record has a field of such a name itself (its
 * pool is a table written earlier), the new value takes its place.
 */
export function columnsOf(records: readonly JsonObject[]): readonly Column[] {
  const columns = new Map<string, JsonValue[]>();
  for (const [row, record] of records.entries()) {
    for (const [name, value] of flatEntries(record)) {
      let values = columns.get(name);
      if (values === undefined) {
        values = new Array<JsonValue>(records.length).fill(null);
        columns.set(name, values);
      }
      values[row] = value;
    }
  }
  return [...columns].map(([name, values]) => ({ name, values }));
}

function flatEntries(record: JsonObject): readonly (readonly [string, JsonValue])[] {
  const winnow = record[WINNOW_KEY];
  if (!isJsonObject(winnow)) return Object.entries(record);
  const decided = Object.entries(winnow).map(([name, value]): [string, JsonValue] => [`${WINNOW_KEY}_${name}`, value]);
  const replaced = new Set(decided.map(([name]) => name));
  return Object.entries(record).flatMap((entry) => {
    if (entry[0] === WINNOW_KEY) return decided;
    return replaced.has(entry[0]) ? [] : [entry];
  });
}
