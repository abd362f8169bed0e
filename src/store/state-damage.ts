import Database from 'better-sqlite3';
import { StateError } from '../domain/errors.ts';
import { command, type Sentence, sentence } from '../domain/wording.ts';

const DAMAGE = /^SQLITE_(?:CORRUPT|NOTADB|FORMAT|IOERR_SHORT_READ|IOERR_CORRUPTFS)/;

/** Whether SQLite could not make sense of a file. */
export function isDamage(error: unknown): boolean {
  return error instanceof Error && 'code' in error && DAMAGE.test(String(error.code));
}

/** What to do about a damaged file. */
export function recoverHint(path: string): Sentence {
  return sentence`Save what can be read in a new file: ${command('recover')} ${path}. Or restore a backup.`;
}

/** Runs `work`; where the file turns out to be damaged, the error is typed. @throws StateError STATE_UNREADABLE */
export function withTypedDamage<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!isDamage(error)) throw error;
    throw new StateError('STATE_UNREADABLE', `${path} is damaged: ${(error as Error).message}.`, {
      hint: recoverHint(path),
      cause: error,
      data: { file: path },
    });
  }
}

/** What SQLite also says of a file whose content is not what was written, of pages that look sound. */
const CONTRADICTION = /^SQLITE_(?:ERROR$|CONSTRAINT|MISMATCH|RANGE)/;

/**
 * An error of SQLite that no store expects, as a StateError; any other error as it is. A full disk or a lock is another
 * matter.
 */
export function asStateError(error: unknown): unknown {
  if (!(error instanceof Database.SqliteError) || !(isDamage(error) || CONTRADICTION.test(error.code))) return error;
  return new StateError('STATE_UNREADABLE', `The state file is damaged: ${error.message}.`, {
    hint: recoverHint('<state file>'),
    cause: error,
  });
}

const QUERIES = ['run', 'get', 'all'] as const;

/** Makes every query of a database, now and later, report damage as `withTypedDamage` does. */
export function reportDamage(database: Database.Database, path: string): Database.Database {
  const typed =
    <Arguments extends unknown[], Result>(method: (...given: Arguments) => Result) =>
    (...given: Arguments): Result =>
      withTypedDamage(path, () => method(...given));
  const prepare = typed(database.prepare.bind(database));
  return Object.assign(database, {
    exec: typed(database.exec.bind(database)),
    pragma: typed(database.pragma.bind(database)),
    prepare: (sql: string) => {
      const statement = prepare(sql);
      const queries = QUERIES.map((name) => [name, typed(statement[name].bind(statement))]);
      return Object.assign(statement, Object.fromEntries(queries));
    },
  });
}
