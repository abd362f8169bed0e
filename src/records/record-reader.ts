import { PoolError } from '../domain/errors.ts';
import { namedFormat, RECORD_EXTENSIONS, type RecordFormat } from '../domain/record-format.ts';

/**
 * One line, row or element of a source, numbered from 1: the value that was parsed, or why there is none.
 * A value is anything JSON can hold; whether it is a usable record is decided by `parseRecord`.
 */
export type ReadRecord =
  | { readonly line: number; readonly value: unknown }
  | { readonly line: number; readonly cause: string };

/**
 * Reads the records of one source, in order and lazily. What is wrong with a single record is yielded, so
 * that the reader can go on; what is wrong with the whole source is thrown.
 * @param file the source as the user named it, for messages
 * @param bytes its content: decompressed, without a byte order mark, readable once
 * @throws PoolError when the source as a whole cannot be read
 */
export type RecordReader = (file: string, bytes: AsyncIterable<Buffer>) => AsyncIterable<ReadRecord>;

/** Why a record with such bytes cannot be used. */
export const NOT_UTF8 = 'it holds bytes that are not valid UTF-8';

/** The name by which standard input is given as a source. */
export const STANDARD_INPUT = '-';

/** What `SourceLocation.line` counts in each format, from 1; a table's header is its row 1. */
export const LOCATION_UNIT: Readonly<Record<RecordFormat, string>> = {
  jsonl: 'line',
  json: 'record',
  csv: 'row',
  tsv: 'row',
  parquet: 'row',
};

/**
 * The format of a source by its extension, the one below `.gz` where there is that. Standard input is
 * JSONL. Whether a source really is gzipped is seen later, by its first bytes.
 * @throws PoolError naming the extensions that are read
 */
export function poolFormat(file: string): RecordFormat {
  if (file === STANDARD_INPUT) return 'jsonl';
  const { format, extension } = namedFormat(file);
  if (format !== undefined) return format;
  const ending = extension === '' ? 'its name has no extension' : `its extension is "${extension}"`;
  throw new PoolError(`The format of ${sourceName(file)} is unknown: ${ending}.`, {
    hint: `Name it ${RECORD_EXTENSIONS.join(', ')} (each may end in .gz), or pipe it in as JSONL and give "-" as the pool.`,
  });
}

/** A source as messages name it. */
export function sourceName(file: string): string {
  return file === STANDARD_INPUT ? 'standard input' : `"${file}"`;
}

/** Turns what the system, zlib or a parser said about a whole source into an error a person can act on. */
export function readFailure(file: string, error: unknown): PoolError {
  if (error instanceof PoolError) return error;
  const name = sourceName(file);
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  switch (code) {
    case 'ENOENT':
      return new PoolError(`There is no file ${name}.`, { hint: 'Check the path.', cause: error });
    case 'EISDIR':
      return new PoolError(`${name} is a folder, not a file.`, {
        hint: 'Name the files in it; several may be given.',
        cause: error,
      });
    case 'EACCES':
    case 'EPERM':
      return new PoolError(`${name} may not be read: permission denied.`, {
        hint: 'Check its permissions.',
        cause: error,
      });
    case 'Z_BUF_ERROR':
      return new PoolError(`The gzip data of ${name} ends too early: the file is truncated.`, {
        hint: 'Download or compress it again.',
        cause: error,
      });
    case 'Z_DATA_ERROR':
      return new PoolError(`The gzip data of ${name} is damaged (${messageOf(error)}).`, {
        hint: 'Download or compress it again.',
        cause: error,
      });
    default:
      return new PoolError(`${name} cannot be read: ${messageOf(error)}.`, { cause: error });
  }
}

/** The message of anything thrown, on one line and without its final full stop. */
export function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/\s+/g, ' ').replace(/\.$/, '');
}
