import { PoolError } from '../domain/errors.ts';
import { option, sentence, type Wording } from '../domain/wording.ts';

/**
 * One line, row or element of a source, numbered from 1: the value that was parsed, or why there is none (`isNothing`:
 * because it is no record at all, such as a header that stands in the middle).
 * A value is anything JSON can hold; whether it is a usable record is decided by `parseRecord`.
 */
export type ReadRecord =
  | { readonly line: number; readonly value: unknown }
  | { readonly line: number; readonly cause: string; readonly limit?: number; readonly isNothing?: true };

/** Why a record with such bytes cannot be used. */
export const NOT_UTF8 = 'it holds bytes that are not valid UTF-8';
/** What to do about it. */
export const NAME_THE_ENCODING = sentence`Convert the file to UTF-8, or name its encoding with ${option('encoding')}, for example windows-1252.`;

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
  const fault = (message: string, hint?: Wording) => new PoolError(message, { hint, cause: error, data: { file } });
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  switch (code) {
    case 'ENOENT':
      return fault(`There is no file ${name}.`, 'Check the path.');
    case 'EISDIR':
      return fault(`${name} is a folder, not a file.`, 'Name the files in it; several may be given.');
    case 'EACCES':
    case 'EPERM':
      return fault(`${name} may not be read: permission denied.`, 'Check its permissions.');
    case 'Z_BUF_ERROR':
      return fault(`The gzip data of ${name} ends too early: the file is truncated.`, 'Download or compress it again.');
    case 'Z_DATA_ERROR':
      return fault(`The gzip data of ${name} is damaged (${messageOf(error)}).`, 'Download or compress it again.');
    case 'ERR_ENCODING_INVALID_ENCODED_DATA':
      return fault(`${name} holds bytes that its encoding does not have.`, sentence`Correct ${option('encoding')}.`);
    default:
      return fault(`${name} cannot be read: ${messageOf(error)}.`);
  }
}

/** The message of anything thrown, on one line and without its final full stop. */
export function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/\s+/g, ' ').replace(/\.$/, '');
}
