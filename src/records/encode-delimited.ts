import { pipeline, Readable } from 'node:stream';
import { type CastingContext, stringify } from 'csv-stringify';
import { OutputError } from '../domain/errors.ts';
import { JSON_LIMITS } from '../domain/foreign-json.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../domain/instruction.ts';
import type { EncodeOptions } from './record-format.ts';
import { CELLS_PROTECTED, protectText } from './spreadsheet-cells.ts';

/**
 * A table with a header, quoted as RFC 4180 says; null and absent are empty cells, the empty text is
 * a quoted one, lists and objects are JSON text. A text that a spreadsheet could run as a formula has an apostrophe
 * before it; the column `winnow_protected` then says so, and `readDelimited` restores such texts. Lone surrogates become U+FFFD.
 * Between tabs quotes can be characters; where a text has lines, the whole header is quoted, and `readTsvRows` trusts them.
 */
export function encodeDelimited(
  records: readonly JsonObject[],
  delimiter: ',' | '\t',
  { rawCells = false }: EncodeOptions = {},
): AsyncIterable<Buffer> {
  const names = columnNames(records);
  const isProtected = !rawCells && needsProtection(names, records);
  const rows = isProtected ? protectedRows(names, records) : plainRows(names, records);
  const stringifier = stringify({
    delimiter,
    // Quotes tell the empty text from null, and a U+FEFF in the first cell from a byte order mark.
    quoted_match: /^$|\uFEFF/,
    ...(delimiter === '\t' && hasLineEnds(records)
      ? {
          cast: {
            string: (value: string, { records: row }: CastingContext) => (row === 0 ? { value, quoted: true } : value),
          },
        }
      : {}),
  });
  // The stringifier itself reports the pipeline's failure to its reader.
  return pipeline(Readable.from(rows), stringifier, () => {});
}

function hasLineEnds(records: readonly JsonObject[]): boolean {
  return records.some((record) =>
    flatEntries(record).some(([, value]) => typeof value === 'string' && /[\r\n]/.test(value)),
  );
}

type Cells = readonly (string | null)[];

function* plainRows(names: readonly string[], records: readonly JsonObject[]): Generator<Cells> {
  if (names.length === 0) return;
  yield names;
  for (const record of records) yield rowOf(names, record).map(cellOf);
}

/** All texts protected, and in the last column whether that changed any. */
function* protectedRows(names: readonly string[], records: readonly JsonObject[]): Generator<Cells> {
  const kept = names.filter((name) => name !== CELLS_PROTECTED);
  yield [...kept.map(protectText), CELLS_PROTECTED];
  for (const record of records) {
    const values = rowOf(kept, record);
    const texts = values.map((value) => (typeof value === 'string' ? protectText(value) : value));
    const isChanged = texts.some((text, column) => text !== values[column]);
    yield [...texts.map(cellOf), String(isChanged)];
  }
}

function needsProtection(names: readonly string[], records: readonly JsonObject[]): boolean {
  const isChanged = (value: JsonValue) => typeof value === 'string' && protectText(value) !== value;
  return names.some(isChanged) || records.some((record) => flatEntries(record).some(([, value]) => isChanged(value)));
}

function cellOf(value: JsonValue): string | null {
  if (value === null) return null;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** The key under which a record carries what was decided about it. */
const WINNOW_KEY = 'winnow';

/**
 * The columns that records make together: their keys in the order first seen, with `winnow: {rank, …}`
 * spread to `winnow_rank` and so on in its place. Where a record has a field of such a name itself (its
 * pool is a table written earlier), the new value takes its place.
 * @throws OutputError for more columns than a table can have
 */
export function columnNames(records: readonly JsonObject[]): readonly string[] {
  const names = new Set<string>();
  for (const record of records) {
    for (const [name] of flatEntries(record)) names.add(name);
    if (names.size > JSON_LIMITS.fields) throw tooWide();
  }
  return [...names];
}

/** A record's value for each column; absent and null are both null. */
export function rowOf(names: readonly string[], record: JsonObject): readonly JsonValue[] {
  const values = new Map(flatEntries(record));
  return names.map((name) => values.get(name) ?? null);
}

/** Room for what `winnow_…` adds to a record. */
const OWN_COLUMNS = 32;

/**
 * Counts the columns of a table while its records are read, before what winnow adds is known.
 * @returns takes the next record; throws OutputError for more columns than the table can have
 */
export function columnCheck(): (record: JsonObject) => void {
  const names = new Set<string>();
  return (record) => {
    for (const name in record) names.add(name);
    if (names.size > JSON_LIMITS.fields - OWN_COLUMNS) throw tooWide();
  };
}

function tooWide(): OutputError {
  const limit = JSON_LIMITS.fields.toLocaleString('en-US');
  return new OutputError(`The records have more different fields than a table can have columns (${limit}).`, {
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
