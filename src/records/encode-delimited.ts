import { pipeline, Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import { OutputError } from '../domain/errors.ts';
import { JSON_LIMITS } from '../domain/foreign-json.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../domain/instruction.ts';
import type { EncodeOptions } from './record-format.ts';
import { CELLS_PROTECTED, protectText } from './spreadsheet-cells.ts';

/**
 * A table with a header, quoted as RFC 4180 says; null and absent are empty cells, the empty text is
 * a quoted one, lists and objects are JSON text. A text that a spreadsheet could run as a formula has an apostrophe
 * before it; the column `winnow_protected` then says so, and `readDelimited` restores such texts. Lone surrogates become U+FFFD.
 */
export function encodeDelimited(
  records: readonly JsonObject[],
  delimiter: ',' | '\t',
  { rawCells = false }: EncodeOptions = {},
): AsyncIterable<Buffer> {
  const columns = rawCells ? columnsOf(records) : protectedColumns(columnsOf(records), records.length);
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

/** The columns with all texts protected, and the column that says so; as they are if no text needs it. */
function protectedColumns(columns: readonly Column[], rows: number): readonly Column[] {
  const changed = new Array<boolean>(rows).fill(false);
  const texts = columns.map(({ name, values }) => ({
    name: protectText(name),
    values: values.map((value, row) => {
      const text = typeof value === 'string' ? protectText(value) : value;
      changed[row] ||= text !== value;
      return text;
    }),
  }));
  if (!changed.includes(true) && texts.every(({ name }, index) => name === columns[index]!.name)) return columns;
  return [...texts.filter(({ name }) => name !== CELLS_PROTECTED), { name: CELLS_PROTECTED, values: changed }];
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
 * @throws OutputError for more columns than a table can have
 */
export function columnsOf(records: readonly JsonObject[]): readonly Column[] {
  const columns = new Map<string, JsonValue[]>();
  for (const [row, record] of records.entries()) {
    for (const [name, value] of flatEntries(record)) {
      let values = columns.get(name);
      if (values === undefined) {
        if (columns.size === JSON_LIMITS.fields) throw tooWide();
        values = new Array<JsonValue>(records.length).fill(null);
        columns.set(name, values);
      }
      values[row] = value;
    }
  }
  return [...columns].map(([name, values]) => ({ name, values }));
}

function tooWide(): OutputError {
  const limit = JSON_LIMITS.fields.toLocaleString('en-US');
  return new OutputError(`The records have more than ${limit} different fields, too many for the columns of a table.`, {
    hint: 'Write JSONL instead: name the output .jsonl and run again. Nothing is paid for twice.',
  });
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
