import { PoolError } from '../domain/errors.ts';
import { JsonLimitError } from '../domain/foreign-json.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../domain/instruction.ts';
import { parseExactJson } from './exact-json.ts';
import { readLooseJson, splitJsonValues } from './loose-json.ts';
import { parseRecord } from './parse-record.ts';
import { messageOf, sourceName } from './record-reader.ts';

/**
 * The records of a JSON text: an array; an object that is one record; an object in which one value is an array of records;
 * a data frame as pandas writes it; or several of these one after another, as when files were joined.
 * @param onTolerated is told what is no strict JSON
 * @throws PoolError where the text is no JSON, or which values are records is unclear
 */
export function recordsOfJson(file: string, text: string, onTolerated?: (what: string) => void): readonly unknown[] {
  let fault: unknown;
  try {
    return recordsIn(file, parseExactJson(text, onTolerated));
  } catch (error) {
    if (error instanceof PoolError) throw error;
    fault = error;
  }
  if (fault instanceof JsonLimitError) {
    throw new PoolError(`${sourceName(file)} cannot be read: ${fault.message}.`, {
      hint: 'Check the file.',
      cause: fault,
    });
  }
  const values = splitJsonValues(text) ?? [];
  if (values.length > 1) {
    onTolerated?.(`${values.length.toLocaleString('en-US')} JSON values one after another were read`);
    return values.flatMap((value) => recordsIn(file, parsed(file, value, text, onTolerated)));
  }
  return recordsIn(file, parsed(file, text, text, onTolerated));
}

function parsed(file: string, value: string, text: string, onTolerated?: (what: string) => void): unknown {
  try {
    return parseExactJson(value, onTolerated);
  } catch (error) {
    const loose = readLooseJson(value);
    if (loose === undefined) {
      throw new PoolError(`${sourceName(file)} is not valid JSON: ${messageOf(error)}${lineOf(error, text)}.`, {
        hint: 'Check that the file is complete.',
        cause: error,
      });
    }
    onTolerated?.(loose.tolerated);
    return loose.value;
  }
}

/** Where the parser stopped, where it says so. */
function lineOf(error: unknown, text: string): string {
  const [, position] = /at position (\d+)/.exec(messageOf(error)) ?? [];
  return position === undefined ? '' : ` (line ${text.slice(0, Number(position)).split('\n').length})`;
}

function recordsIn(file: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (!isJsonObject(value)) throw noRecords(file);
  if ('drafts' in parseRecord(value)) return [value];
  const frame = rowsOfFrame(value);
  if (frame !== undefined) return frame;
  const columns = rowsOfColumns(value);
  if (columns !== undefined) return columns;
  const arrays = Object.entries(value).filter(([, field]) => Array.isArray(field));
  const ofObjects = arrays.filter(([, field]) => (field as readonly JsonValue[]).some(isJsonObject));
  const [only] = ofObjects.length === 1 ? ofObjects : arrays.length === 1 ? arrays : [];
  if (only !== undefined) return only[1] as readonly unknown[];
  if (arrays.length === 0) {
    const values = Object.values(value);
    // Records by a key of their own.
    if (values.length > 0 && values.every(isJsonObject)) return values;
    // Why it is no record is said where it is used.
    return [value];
  }
  throw new PoolError(
    `${sourceName(file)} holds ${arrays.length} arrays (${arrays.map(([name]) => name).join(', ')}): which is the pool is unclear.`,
    { hint: NEEDED },
  );
}

const NEEDED = 'A JSON pool is an array of objects, an object that is one record, or an object with exactly one array.';

function noRecords(file: string): PoolError {
  return new PoolError(`${sourceName(file)} holds no array of records.`, { hint: NEEDED });
}

/** pandas writes a data frame as columns, each with its rows by number. */
function rowsOfFrame(value: JsonObject): JsonObject[] | undefined {
  const columns = Object.entries(value);
  const [first] = columns;
  if (first === undefined || !isJsonObject(first[1])) return undefined;
  const rows = Object.keys(first[1]);
  if (rows.length === 0 || !rows.every((row) => /^\d+$/.test(row))) return undefined;
  const isFrame = columns.every(([, cells]) => isJsonObject(cells) && rows.every((row) => Object.hasOwn(cells, row)));
  if (!isFrame) return undefined;
  return rows.map((row) => Object.fromEntries(columns.map(([name, cells]) => [name, (cells as JsonObject)[row]!])));
}

/** Lists of equal length by column (pandas' `list`, `to_dict` of datasets), or `{columns, data}` (pandas' `split`). */
function rowsOfColumns(value: JsonObject): JsonObject[] | undefined {
  const { columns: names, data } = value;
  if (Array.isArray(names) && Array.isArray(data) && names.every((name: JsonValue) => typeof name === 'string')) {
    if (!data.every((row: JsonValue) => Array.isArray(row) && row.length === names.length)) return undefined;
    return data.map((row: JsonValue) =>
      Object.fromEntries(names.map((name: string, at) => [name, (row as readonly JsonValue[])[at]!])),
    );
  }
  const columns = Object.entries(value);
  const lengths = new Set(columns.map(([, cells]) => (Array.isArray(cells) ? cells.length : -1)));
  const [length = -1] = lengths;
  if (columns.length < 2 || lengths.size !== 1 || length < 1) return undefined;
  const row = (at: number): JsonObject =>
    Object.fromEntries(columns.map(([name, cells]) => [name, (cells as readonly JsonValue[])[at]!]));
  // Lists of records are something else.
  return 'drafts' in parseRecord(row(0)) ? Array.from({ length }, (_, at) => row(at)) : undefined;
}
