import { isUtf8 } from 'node:buffer';
import { pipeline, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { PoolError } from '../domain/errors.ts';
import { JSON_LIMITS } from '../domain/foreign-json.ts';
import type { JsonObject } from '../domain/instruction.ts';
import { columnCheck, encodeDelimited } from './encode-delimited.ts';
import { peek, skipped } from './open-source.ts';
import type { RecordFormat } from './record-format.ts';
import { messageOf, NAME_THE_ENCODING, NOT_UTF8, type ReadRecord, sourceName } from './record-reader.ts';
import { CELLS_PROTECTED, restoreCell } from './spreadsheet-cells.ts';
import { type Delimiter, findDialect } from './table-dialect.ts';
import { readTsvRows } from './tsv-rows.ts';

/** How much of a table is looked at to find out how it is separated. */
const SNIFFED_BYTES = 64 * 1024;

/**
 * Reads CSV or TSV with a header, row by row; every value is a string, an empty cell the empty one.
 * Rows are numbered as a spreadsheet shows them: the header is row 1, a row may span several lines.
 * Blank lines are skipped and not numbered. What separates cells is found from the beginning of the file. For quotes
 * between tabs see `readTsvRows`.
 * Cells that were protected from spreadsheets when the table was written are restored.
 * @throws PoolError when the header is unusable, a row is too large, the quoting is broken (from there on it is unclear
 *   where rows end), or at the end when most rows do not fit the header: then those that do may be shifted
 */
export async function* readDelimited(
  file: string,
  bytes: AsyncIterable<Buffer>,
  usual: Delimiter,
  onTolerated?: (what: string) => void,
): AsyncGenerator<ReadRecord> {
  const { head, all } = await peek(bytes, SNIFFED_BYTES);
  const { delimiter, skippedBytes, note } = findDialect(head.toString('utf8'), usual);
  if (note !== undefined) onTolerated?.(note);
  const parser = parse({
    delimiter,
    // Cells stay bytes until they are known to be UTF-8: the parser would put U+FFFD in place of what is not.
    encoding: null,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: JSON_LIMITS.characters,
  });
  const source = withFewCells(file, skipped(all, skippedBytes), delimiter);
  const rows: AsyncIterable<Buffer[]> =
    delimiter === '\t' ? readTsvRows(source) : pipeline(Readable.from(source), parser, () => {});
  let header: Header | undefined;
  let line = 0;
  let misfits = 0;
  try {
    for await (const cells of rows) {
      if (header !== undefined && isBlankLine(cells, header.names)) continue;
      line += 1;
      if (header === undefined) header = parseHeader(file, cells);
      else {
        if (cells.length !== header.names.length) misfits += 1;
        yield parseRow(header, cells, line);
      }
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    if (error.code === 'CSV_MAX_RECORD_SIZE') throw tooLarge(file, line + 1, JSON_LIMITS.characters, 'bytes');
    throw new PoolError(`${sourceName(file)} is not a valid table: ${messageOf(error)}.`, {
      hint: 'A cell that holds a quote must be enclosed in quotes, with each quote inside it doubled.',
      cause: error,
    });
  }
  const rowCount = line - 1;
  if (2 * misfits > rowCount && misfits < rowCount) {
    throw new PoolError(
      `${count(misfits)} of the ${count(rowCount)} rows of ${sourceName(file)} do not fit its header of ${count(header!.names.length)} columns.`,
      {
        hint: 'Check that the header names every column, and that cells with a separator or a line break are in quotes.',
      },
    );
  }
}

interface Header {
  readonly names: readonly string[];
  /** Whether the cells were protected from spreadsheets. */
  readonly isProtected: boolean;
  /** Of several columns without a name, the names they are given; only their cells with a text are read. */
  readonly unnamed: ReadonlySet<string>;
}

function parseHeader(file: string, cells: readonly Buffer[]): Header {
  if (cells.length > JSON_LIMITS.fields) {
    throw new PoolError(
      `The header of ${sourceName(file)} has ${count(cells.length)} columns; the limit is ${count(JSON_LIMITS.fields)}.`,
      { hint: 'Keep the columns that you need. A table needs a header as its first row.' },
    );
  }
  if (!cells.every((cell) => isUtf8(cell))) {
    throw new PoolError(`The header of ${sourceName(file)} cannot be read: ${NOT_UTF8}.`, {
      hint: NAME_THE_ENCODING,
    });
  }
  const written = cells.map((cell) => cell.toString('utf8'));
  const isProtected = written.includes(CELLS_PROTECTED);
  const restored = isProtected ? written.map(restoreCell) : written;
  // Spreadsheets save empty columns beside the table.
  const isUnnamed = (name: string) => name === '' && restored.indexOf('') !== restored.lastIndexOf('');
  const unnamed = new Set(restored.flatMap((name, column) => (isUnnamed(name) ? [`column ${column + 1}`] : [])));
  const names = restored.map((name, column) => (isUnnamed(name) ? `column ${column + 1}` : name));
  const seen = new Set<string>();
  const repeated = names.find((name) => seen.size === seen.add(name).size);
  if (repeated === undefined) return { names, isProtected, unnamed };
  throw new PoolError(`The header of ${sourceName(file)} names the column "${repeated}" twice.`, {
    hint: 'Rename or remove one of them. A table needs a header as its first row.',
  });
}

function isBlankLine(cells: readonly Buffer[], header: readonly string[]): boolean {
  return cells.length === 1 && header.length > 1 && cells[0]!.toString('latin1').trim() === '';
}

function parseRow({ names, isProtected, unnamed }: Header, cells: readonly Buffer[], line: number): ReadRecord {
  // Tables that were put together from several files have the header again.
  if (cells.length > 1 && cells.length === names.length && repeats(names, cells)) {
    return { line, cause: 'it repeats the header', isNothing: true };
  }
  if (cells.length !== names.length) {
    return {
      line,
      cause: `it has ${cells.length} column${cells.length === 1 ? '' : 's'}, but the header has ${names.length}`,
    };
  }
  if (!cells.every((cell) => isUtf8(cell))) return { line, cause: NOT_UTF8 };
  const entries = names.map((name, column) => [name, cells[column]!.toString('utf8')] as const);
  const value = Object.fromEntries(
    unnamed.size === 0 ? entries : entries.filter(([name, cell]) => cell !== '' || !unnamed.has(name)),
  );
  return { line, value: isProtected ? restored(value) : value };
}

/** Without the column that says so. */
function restored(record: Readonly<Record<string, string>>): JsonObject {
  const { [CELLS_PROTECTED]: _, ...cells } = record;
  return Object.fromEntries(Object.entries(cells).map(([name, cell]) => [name, restoreCell(cell)]));
}

/** Far more than a table that can be used has, and few enough to hold in memory. */
const MOST_CELLS_IN_ROW = 1_000_000;
const [LINE_FEED, CARRIAGE_RETURN, QUOTE] = [0x0a, 0x0d, 0x22];

/** The same bytes, but a row of too many cells ends the reading: the parser holds each of them. */
async function* withFewCells(file: string, bytes: AsyncIterable<Buffer>, delimiter: Delimiter): AsyncGenerator<Buffer> {
  const separator = delimiter.charCodeAt(0);
  const hasQuotes = delimiter !== '\t';
  let [cells, row, isQuoted, isBlank] = [0, 1, false, true];
  for await (const chunk of bytes) {
    for (const byte of chunk) {
      if (!isQuoted && (byte === LINE_FEED || byte === CARRIAGE_RETURN)) {
        if (!isBlank) row += 1;
        cells = 0;
        isBlank = true;
        continue;
      }
      isBlank = false;
      if (byte === QUOTE && hasQuotes) isQuoted = !isQuoted;
      else if (byte === separator && !isQuoted) cells += 1;
    }
    if (cells > MOST_CELLS_IN_ROW) throw tooLarge(file, row, MOST_CELLS_IN_ROW, 'cells');
    yield chunk;
  }
}

function tooLarge(file: string, row: number, limit: number, of: 'bytes' | 'cells'): PoolError {
  return new PoolError(`${sourceName(file)}, row ${row}: it is longer than ${count(limit)} ${of}.`, {
    hint: 'Is a quote never closed? A cell that holds a quote must be enclosed in quotes, with each quote inside it doubled.',
    data: { file, line: row, limit },
  });
}

function count(number: number): string {
  return number.toLocaleString('en-US');
}

/** Letter case and spaces around a name make no difference. */
function repeats(header: readonly string[], cells: readonly Buffer[]): boolean {
  const plain = (name: string) => name.trim().toLowerCase();
  return header.every((name, column) => {
    const cell = cells[column]!;
    // Long cells are not decoded.
    return cell.length <= 2 * Buffer.byteLength(name) + 8 && plain(cell.toString('utf8')) === plain(name);
  });
}

/** CSV with a header. */
export const csvFormat: RecordFormat = {
  name: 'csv',
  summary: 'CSV with a header',
  extensions: ['.csv'],
  unit: 'row',
  read: ({ file, content, onTolerated }) => readDelimited(file, content(), ',', onTolerated),
  encode: (records, options) => encodeDelimited(records, ',', options),
  columnCheck,
};

/** TSV with a header. */
export const tsvFormat: RecordFormat = {
  name: 'tsv',
  summary: 'TSV with a header',
  extensions: ['.tsv'],
  unit: 'row',
  read: ({ file, content, onTolerated }) => readDelimited(file, content(), '\t', onTolerated),
  encode: (records, options) => encodeDelimited(records, '\t', options),
  columnCheck,
};
