import { PoolError } from '../domain/errors.ts';

/**
 * One line, row or element of a source, numbered from 1: the value that was parsed, or why there is none.
 * A value is anything JSON can hold; whether it is a usable record is decided by `parseRecord`.
 */
export type ReadRecord =
  | { readonly line: number; readonly value: unknown }
  | { readonly line: number; readonly cause: string };

/** Why a record with such bytes cannot be used. */
export const NOT_UTF8 = 'it holds bytes that are not valid UTF-8';

/** The name that stands for standard input as a source. */
export const STANDARD_INPUT = '-';
/** The name of records that a program hands over itself, in `SourceLocation.file`. */
export const GIVEN_RECORDS = 'the given records';

/** A source as messages name it. */
export function sourceName(file: string): string {
  if (file === STANDARD_INPUT) return 'standard input';
  return file === GIVEN_RECORDS ? file : `"${file}"`;
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
