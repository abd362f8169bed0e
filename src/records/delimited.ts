import { isUtf8 } from 'node:buffer';
import { pipeline, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { PoolError } from '../domain/errors.ts';
import { encodeDelimited } from './encode-delimited.ts';
import type { RecordFormat } from './record-format.ts';
import { messageOf, NOT_UTF8, type ReadRecord, sourceName } from './record-reader.ts';

type Delimiter = ',' | '\t';

/**
 * Reads CSV or TSV with a header, row by row; every value is a string, an empty cell the empty one.
 * Rows are numbered as a spreadsheet shows them: the header is row 1, a row may span several lines.
 * Blank lines are skipped and not numbered. A quote inside an unquoted TSV cell is an ordinary character.
 * @throws PoolError when the header is unusable or the quoting is broken: from there on it is unclear where rows end
 */
export async function* readDelimited(
  file: string,
  bytes: AsyncIterable<Buffer>,
  delimiter: Delimiter,
): AsyncGenerator<ReadRecord> {
  const parser = parse({
    delimiter,
    // Cells stay bytes until they are known to be UTF-8: the parser would put U+FFFD in place of what is not.
    encoding: null,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: delimiter === '\t',
    skip_empty_lines: true,
  });
  const rows: AsyncIterable<Buffer[]> = pipeline(Readable.from(bytes), parser, () => {});
  let header: readonly string[] | undefined;
  let line = 0;
  try {
    for await (const cells of rows) {
      if (header !== undefined && isBlankLine(cells, header)) continue;
      line += 1;
      if (header === undefined) header = parseHeader(file, cells);
      else yield parseRow(header, cells, line);
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new PoolError(`${sourceName(file)} is not a valid table: ${messageOf(error)}.`, {
      hint: 'A cell that holds a quote must be enclosed in quotes, with each quote inside it doubled.',
      cause: error,
    });
  }
}

function parseHeader(file: string, cells: readonly Buffer[]): readonly string[] {
  if (!cells.every((cell) => isUtf8(cell))) {
    throw new PoolError(`The header of ${sourceName(file)} cannot be read: ${NOT_UTF8}.`, {
      hint: 'Convert the file to UTF-8.',
    });
  }
  const header = cells.map((cell) => cell.toString('utf8'));
  const repeated = header.find((name, index) => header.indexOf(name) !== index);
  if (repeated === undefined) return header;
  throw new PoolError(`The header of ${sourceName(file)} names the column "${repeated}" twice.`, {
    hint: 'Rename or remove one of them. A table needs a header as its first row.',
  });
}

function isBlankLine(cells: readonly Buffer[], header: readonly string[]): boolean {
  return cells.length === 1 && header.length > 1 && cells[0]!.toString('latin1').trim() === '';
}

function parseRow(header: readonly string[], cells: readonly Buffer[], line: number): ReadRecord {
  if (cells.length !== header.length) {
    return {
      line,
      cause: `it has ${cells.length} column${cells.length === 1 ? '' : 's'}, but the header has ${header.length}`,
    };
  }
  if (!cells.every((cell) => isUtf8(cell))) return { line, cause: NOT_UTF8 };
  return { line, value: Object.fromEntries(header.map((name, column) => [name, cells[column]!.toString('utf8')])) };
}

/** CSV with a header. */
export const csvFormat: RecordFormat = {
  name: 'csv',
  summary: 'CSV with a header',
  extensions: ['.csv'],
  unit: 'row',
  read: ({ file, content }) => readDelimited(file, content(), ','),
  encode: (records) => encodeDelimited(records, ','),
};

/** TSV with a header. */
export const tsvFormat: RecordFormat = {
  name: 'tsv',
  summary: 'TSV with a header',
  extensions: ['.tsv'],
  unit: 'row',
  read: ({ file, content }) => readDelimited(file, content(), '\t'),
  encode: (records) => encodeDelimited(records, '\t'),
};
