import { CsvError, parse } from 'csv-parse/sync';
import { LabelError } from '../domain/errors.ts';
import { JSON_LIMITS } from '../domain/foreign-json.ts';
import { formatByName } from '../records/record-format.ts';
import { RECORD_FORMATS } from '../records/registry.ts';
import type { ForeignRecord, LabelFile } from './label-file.ts';
import { quoted } from './label-shapes.ts';

const CHECK_THE_HEADER =
  'Check that the header names every column, and that cells with a separator or a line break are in quotes.';

/** The last is what spreadsheets write where the comma is the decimal sign. */
const DELIMITERS = [',', '\t', ';', '|'] as const;

/**
 * Reads a table whose first row names the columns; every value is a text. Rows are numbered as a spreadsheet
 * shows them, the header being row 1. Rows without any text say nothing. The delimiter is the tab in a
 * `.tsv`, else whichever of comma, tab and semicolon the header has most of; ties go to the first.
 * @throws LabelError when the header cannot be read, or most rows do not fit it: then those that do may be shifted
 */
export function readLabelTable(given: string, name: string): LabelFile {
  // Excel's own line that names the delimiter.
  const [line = '', declared] = /^sep=([,;|\t])\r?\n/i.exec(given) ?? [];
  const content = given.slice(line.length);
  const usual = formatByName(name, RECORD_FORMATS).format?.name === 'tsv' ? '\t' : delimiterOf(content);
  const delimiter = DELIMITERS.find((one) => one === declared) ?? usual;
  const { rows, failure } = parseRows(content, delimiter);
  const [header, ...others] = rows;
  if (header === undefined) {
    throw new LabelError(`"${name}" is not a valid table: ${failure}.`, {
      hint: 'A cell that holds a quote must be enclosed in quotes, with each quote inside it doubled.',
    });
  }
  if (header.length > JSON_LIMITS.fields) {
    throw new LabelError(`"${name}" has ${header.length} columns; the limit is ${JSON_LIMITS.fields}.`, {
      hint: 'Keep the columns of the export.',
    });
  }
  const columns = header.map((column) => column.trim());
  const named = namedColumns(columns);
  const records: { place: string; value: unknown }[] = [];
  const unreadable: ForeignRecord[] = repeatedColumns(columns);
  const misfits: ForeignRecord[] = [];
  for (const [index, cells] of others.entries()) {
    if (cells.every((cell) => !/\S/.test(cell))) continue;
    const place = `row ${index + 2}`;
    const surplus = cells.slice(columns.length);
    if (cells.length < columns.length || surplus.some((cell) => cell !== '')) {
      const has = `it has ${cells.length} column${cells.length === 1 ? '' : 's'}`;
      misfits.push({ place, cause: `${has}, but the header has ${columns.length}` });
    } else {
      records.push({ place, value: Object.fromEntries(named.map(([column, position]) => [column, cells[position]!])) });
    }
  }
  if (misfits.length > records.length && records.length > 0) throw misfit(name, misfits, records.length);
  unreadable.push(...misfits);
  if (failure !== undefined) unreadable.push({ place: `from row ${rows.length + 1} on`, cause: failure });
  return { format: 'csv', records, unreadable, delimiter };
}

function misfit(name: string, [first, ...others]: readonly ForeignRecord[], fittingCount: number): LabelError {
  const count = others.length + 1;
  return new LabelError(
    `${count} of the ${count + fittingCount} rows of "${name}" do not fit its header (${first!.place}: ${first!.cause}).`,
    { hint: CHECK_THE_HEADER },
  );
}

function delimiterOf(content: string): (typeof DELIMITERS)[number] {
  const [header = ''] = /^[^\r\n]*/.exec(content.trimStart()) ?? [];
  const counts = DELIMITERS.map((delimiter) => header.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))]!;
}

/**
 * The rows before the quoting breaks, and how it does: after that point rows cannot be separated. Between tabs quotes are
 * characters where they do not enclose cells, as in most such files.
 */
function parseRows(content: string, delimiter: string) {
  const parsed = parsedRows(content, delimiter, '"');
  return parsed.failure !== undefined && delimiter === '\t' ? parsedRows(content, delimiter, null) : parsed;
}

function parsedRows(
  content: string,
  delimiter: string,
  quote: '"' | null,
): { readonly rows: string[][]; readonly failure?: string } {
  const rows: string[][] = [];
  try {
    parse(content, {
      delimiter,
      quote,
      record_delimiter: ['\r\n', '\n', '\r'],
      max_record_size: JSON_LIMITS.characters,
      relax_column_count: true,
      relax_quotes: delimiter === '\t',
      on_record: (cells: string[]) => {
        rows.push(cells);
        return null;
      },
    });
    return { rows };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { rows, failure: `the quoting of its cells is broken (${describe(error)})` };
  }
}

function describe(error: CsvError): string {
  return error.code === 'CSV_QUOTE_NOT_CLOSED' ? 'a quote is never closed' : error.message.replace(/\s+/g, ' ');
}

/** A column that is named twice is read where it first stands; those without a name are not read. */
function repeatedColumns(columns: readonly string[]): ForeignRecord[] {
  const seen = new Set<string>();
  return columns
    .filter((column) => column !== '' && seen.size === seen.add(column).size)
    .map((column) => ({ place: 'row 1', cause: `the column ${quoted(column)} is there twice; the first is read` }));
}

/** The columns that are read, with their positions. */
function namedColumns(columns: readonly string[]): readonly (readonly [string, number])[] {
  const positions = new Map<string, number>();
  for (const [position, column] of columns.entries()) {
    if (column !== '' && !positions.has(column)) positions.set(column, position);
  }
  return [...positions];
}
