import Database from 'better-sqlite3';
import { StateError } from '../domain/errors.ts';

/** What SQLite says of a file whose content is not what was written. A full disk or a lock is another matter. */
const DAMAGED = /^SQLITE_(?:CORRUPT|NOTADB|ERROR$|CONSTRAINT|MISMATCH|RANGE|FORMAT)/;

/**
 * An error of SQLite that means a damaged state file, as a StateError; any other error as it is. Damage is often met late,
 * when the page or table is read that has it.
 */
export function asStateError(error: unknown): unknown {
  if (!(error instanceof Database.SqliteError) || !DAMAGED.test(error.code)) return error;
  return new StateError('STATE_UNREADABLE', `The state file is damaged: ${error.message}.`, {
    hint: 'Restore the file from a backup, or move it away to start again.',
    cause: error,
  });
}
