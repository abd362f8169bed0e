import { LabelError } from '../domain/errors.ts';
import { JsonLimitError, jsonProblem } from '../domain/foreign-json.ts';
import { isJsonObject } from '../domain/instruction.ts';
import { parseExactJson } from '../records/exact-json.ts';
import { recordsOfJson } from '../records/json-records.ts';
import { readLooseJson } from '../records/loose-json.ts';
import { formatByName } from '../records/record-format.ts';
import { RECORD_FORMATS } from '../records/registry.ts';
import type { ForeignRecord, LabelFile } from './label-file.ts';
import { quoted } from './label-shapes.ts';
import { readLabelTable } from './read-label-table.ts';

const BYTE_ORDER_MARK = '\uFEFF';

/** Characters that no line of a text file begins with or holds, but that are soon met in any other file. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const BINARY = /[\0-\x08\x0e-\x1f]/;
/** The most characters of the first line that are looked at. */
const LOOKED_AT = 4096;

/** Fields that a record has, holding anything but a list, and a wrapper around a list of records has not. */
const RECORD_FIELDS = ['id', 'winnow_id', 'external_id', 'data', 'text', 'fields'];

/**
 * Parses a label file of any tool: a JSON array or an object that holds one, JSON Lines, or
 * a table. The content decides; the name only between a comma and a tab, and whether damaged JSON
 * is read by lines. What of it cannot be read is in `unreadable`.
 * @param text the content, decoded
 * @param name as the user named it, for its extension and for messages
 * @throws LabelError when nothing can be read: the file is empty, binary, or JSON that breaks off
 */
export function readLabelFile(text: string, name: string): LabelFile {
  const content = text.startsWith(BYTE_ORDER_MARK) ? text.slice(BYTE_ORDER_MARK.length) : text;
  const [first = ''] = /\S/.exec(content) ?? [];
  if (first === '') throw new LabelError(`"${name}" is empty.`, { hint: 'Check the export.' });
  if (BINARY.test(firstLine(content))) {
    throw new LabelError(`"${name}" is not a text file.`, {
      hint: 'Export as JSON, JSON Lines or CSV in UTF-8; unpack an archive first, and save a spreadsheet as CSV.',
    });
  }
  const format = formatByName(name, RECORD_FORMATS).format?.name;
  if (first === '[' || first === '{') return readJson(content, name);
  return format === 'jsonl' || format === 'json' ? readLines(content, name) : readLabelTable(content, name);
}

function firstLine(content: string): string {
  const start = content.slice(0, LOOKED_AT).trimStart();
  const end = start.search(/[\r\n]/);
  return end === -1 ? start : start.slice(0, end);
}

function readJson(content: string, name: string): LabelFile {
  let value: unknown;
  try {
    value = parseExactJson(content);
  } catch {
    return readLines(content, name);
  }
  if (formatByName(name, RECORD_FORMATS).format?.name === 'jsonl' && isJsonObject(value))
    return readLines(content, name);
  const records: { place: string; value: unknown }[] = [];
  const unreadable: ForeignRecord[] = [];
  for (const [index, record] of recordsIn(value).entries()) {
    const place = `record ${index + 1}`;
    const excess = jsonProblem(record);
    if (excess === undefined) records.push({ place, value: record });
    else unreadable.push({ place, cause: excess });
  }
  return { format: 'json', records, unreadable };
}

/** An array's elements; those of the one list of records that an object is wrapped around; else the object itself. */
function recordsIn(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (!isJsonObject(value)) return [value];
  if (RECORD_FIELDS.some((field) => field in value && !Array.isArray(value[field]))) return [value];
  const [only, ...others] = Object.values(value).filter((field) => Array.isArray(field));
  return only !== undefined && others.length === 0 && only.every(isJsonObject) ? only : [value];
}

/** Lines end at LF only, as in JSON Lines; blank ones count but say nothing. */
function readLines(content: string, name: string): LabelFile {
  const records: { place: string; value: unknown }[] = [];
  const unreadable: ForeignRecord[] = [];
  for (const [index, line] of content.split('\n').entries()) {
    if (line.trim() === '') continue;
    const place = `line ${index + 1}`;
    const read = readLine(line);
    if ('cause' in read) unreadable.push({ place, cause: read.cause });
    else records.push({ place, value: read.value });
  }
  const whole = unreadable.length > 0 ? wholeValues(content, name) : undefined;
  if (whole !== undefined) return whole;
  if (records.length > 0) return { format: 'jsonl', records, unreadable };
  const [problem] = unreadable;
  throw new LabelError(`"${name}" is neither JSON nor JSON Lines: ${problem?.place}: ${problem?.cause}.`, {
    hint: 'Check that the export is complete.',
  });
}

/** NaN, a comma too many, or indented records one after another. */
function wholeValues(content: string, name: string): LabelFile | undefined {
  try {
    const values = recordsOfJson(name, content);
    const records = values.map((value, index) => ({ place: `record ${index + 1}`, value }));
    return records.every(({ value }) => jsonProblem(value) === undefined)
      ? { format: 'json', records, unreadable: [] }
      : undefined;
  } catch {
    return undefined;
  }
}

function readLine(line: string): { readonly value: unknown } | { readonly cause: string } {
  try {
    const value = parseExactJson(line);
    const excess = jsonProblem(value);
    if (excess !== undefined) return { cause: excess };
    return isJsonObject(value) ? { value } : { cause: `it is ${quoted(value)}, not an object` };
  } catch (error) {
    if (error instanceof JsonLimitError) return { cause: error.message };
    const loose = readLooseJson(line)?.value;
    if (isJsonObject(loose) && jsonProblem(loose) === undefined) return { value: loose };
    // The parser's own message could quote private text.
    return { cause: `it is not valid JSON: ${quoted(line.trim())}` };
  }
}
