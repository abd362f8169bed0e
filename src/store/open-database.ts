import { chmodSync, copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { StateError } from '../domain/errors.ts';
import { PRIVATE_FILE } from '../domain/file-permissions.ts';
import { sentence } from '../domain/wording.ts';
import { MIGRATIONS } from './migrations.ts';
import { createPrivateFile } from './private-file.ts';
import { refuseSeveralNames } from './single-name.ts';
import { isDamage, recoverHint, reportDamage } from './state-damage.ts';
import { transact } from './transact.ts';

/** "wnow": marks our files. */
const APPLICATION_ID = 0x776e6f77;

/**
 * How long to wait for another process's write. SQLite does not queue writers: one that writes all the time on a slow
 * disk can keep another waiting for seconds.
 */
const BUSY_TIMEOUT_MS = 60_000;

/**
 * Opens (or creates) a state file and migrates its schema. A write is durable when it returns
 * (`synchronous = FULL`), because it records money.
 * @param path a file, or `:memory:`
 * @param migrations the steps of the schema; for tests
 * @throws StateError STATE_UNREADABLE when it is not a state file, STATE_NEWER when a later winnow wrote it
 */
export function openDatabase(path: string, migrations = MIGRATIONS): Database.Database {
  let database: Database.Database | undefined;
  try {
    createPrivateFile(path);
    database = new Database(path, { timeout: BUSY_TIMEOUT_MS });
    // Before the first change: other programs' files stay as they are.
    const version = readVersion(database, path, migrations.length);
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    database.pragma('foreign_keys = ON');
    migrate(database, version, migrations);
    return reportDamage(database, path);
  } catch (error) {
    database?.close();
    if (error instanceof StateError) throw error;
    throw new StateError('STATE_UNREADABLE', `Cannot use ${path} as a state file: ${(error as Error).message}.`, {
      hint: isDamage(error)
        ? sentence`${recoverHint(path)} If it is not a winnow state file, move it away.`
        : 'If it is not a winnow state file, move it away.',
      cause: error,
    });
  }
}

/**
 * Opens a state file that another process may be writing to, as it is at this moment. Later changes are not seen, so
 * everything that is read is consistent. Nothing is written: a file of an earlier version is copied to memory and
 * migrated there.
 * @returns undefined where nothing has been written to the file yet
 * @throws StateError as `openDatabase` does
 */
export function openReadOnly(path: string): Database.Database | undefined {
  let database: Database.Database | undefined;
  try {
    refuseSeveralNames(path);
    database = openToRead(path);
    database.exec('BEGIN');
    const version = readVersion(database, path, MIGRATIONS.length);
    if (version === MIGRATIONS.length) return reportDamage(database, path);
    if (version === 0) {
      database.close();
      return undefined;
    }
    const copy = copyToMemory(database);
    database.close();
    database = copy;
    migrate(database, version, MIGRATIONS);
    return reportDamage(database, path);
  } catch (error) {
    database?.close();
    throw unreadable(path, error);
  }
}

/** SQLite needs a file of its own beside one with a write-ahead log; in a read-only folder, a copy is read. */
function openToRead(path: string): Database.Database {
  const options = { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS };
  let database: Database.Database | undefined;
  try {
    database = new Database(path, options);
    database.pragma('user_version');
    return database;
  } catch (error) {
    database?.close();
    if (!READ_ONLY_FOLDER.test(String((error as { code?: string }).code))) throw error;
  }
  const folder = mkdtempSync(join(tmpdir(), 'winnow-view-'));
  try {
    const copy = join(folder, 'state.db');
    for (const ending of ['', '-wal']) {
      if (existsSync(`${path}${ending}`)) copyFileSync(`${path}${ending}`, `${copy}${ending}`);
    }
    chmodSync(copy, PRIVATE_FILE);
    database = new Database(copy);
    return copyToMemory(database);
  } finally {
    database?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const READ_ONLY_FOLDER = /^SQLITE_(?:READONLY|CANTOPEN)/;

/** Bytes 18 and 19 of a database file say whether it has a write-ahead log (2) or not (1). */
const LOG_BYTES = [18, 19];

/** A database in memory has no write-ahead log, so a copy must not claim one. Source: sqlite.org/c3ref/deserialize.html */
function copyToMemory(database: Database.Database): Database.Database {
  const bytes = database.serialize();
  for (const position of LOG_BYTES) bytes[position] = 1;
  return new Database(bytes);
}

/** Whether an earlier winnow wrote it, so that opening it migrates it. @throws StateError as `openReadOnly` does */
export function isOutdated(path: string): boolean {
  let database: Database.Database | undefined;
  try {
    database = new Database(path, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
    return readVersion(database, path, MIGRATIONS.length) < MIGRATIONS.length;
  } catch (error) {
    throw unreadable(path, error);
  } finally {
    database?.close();
  }
}

function unreadable(path: string, error: unknown): StateError {
  if (error instanceof StateError) return error;
  return new StateError('STATE_UNREADABLE', `Cannot read ${path}: ${(error as Error).message}.`, {
    hint: isDamage(error) ? recoverHint(path) : 'Move it away if it is not a winnow state file.',
    cause: error,
  });
}

function readVersion(database: Database.Database, path: string, newest: number): number {
  const version = database.pragma('user_version', { simple: true }) as number;
  const isOurs = database.pragma('application_id', { simple: true }) === APPLICATION_ID;
  const isNew = version === 0 && database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0;
  if (!isOurs && !isNew) {
    throw new StateError('STATE_UNREADABLE', `${path} is an SQLite file, but not one that winnow made.`, {
      hint: 'Move it away.',
      data: { file: path },
    });
  }
  if (version > newest) {
    throw new StateError(
      'STATE_NEWER',
      `${path} has schema version ${version}; this winnow knows versions up to ${newest}.`,
      { hint: 'Update winnow.', data: { file: path } },
    );
  }
  return version;
}

/** Runs the steps of the schema from a version on, all or none: one wait for the disk, and no file between two versions. */
export function migrate(database: Database.Database, version: number, migrations: readonly string[]): void {
  const steps = migrations.slice(version);
  if (steps.length === 0) return;
  transact(database, () => {
    for (const step of steps) database.exec(step);
    database.pragma(`application_id = ${APPLICATION_ID}`);
    database.pragma(`user_version = ${migrations.length}`);
  });
}
