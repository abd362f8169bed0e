import { mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { StateError } from '../domain/errors.ts';

export interface FileLock {
  release(): void;
}

interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly since: string;
}

/**
 * Makes this process the only one to work on a state file. The lock is an open write transaction on
 * `<path>.lock`: the operating system drops it when the process ends, however it ends, so nothing is
 * ever stale, while the committed row stays readable and tells others who holds it.
 * The small lock file stays behind; deleting it while another process waits would let two in.
 * @throws StateError STATE_LOCKED, naming the holder; STATE_UNREADABLE where there can be no such file
 */
export function lockFile(path: string, now: number): FileLock {
  if (path === ':memory:') return { release: () => undefined };
  const database = openLockDatabase(path);
  try {
    const holder: Holder = { pid: process.pid, host: hostname(), since: new Date(now).toISOString() };
    database.exec('BEGIN IMMEDIATE');
    database.exec('CREATE TABLE IF NOT EXISTS holder (pid INTEGER, host TEXT, since TEXT)');
    database.exec('DELETE FROM holder');
    database.prepare('INSERT INTO holder VALUES (@pid, @host, @since)').run(holder);
    database.exec('COMMIT');
    database.exec('BEGIN IMMEDIATE');
  } catch (error) {
    const holder = readHolder(database);
    database.close();
    if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw cannotLock(path, error);
    const who = holder ? `process ${holder.pid} on ${holder.host}, since ${holder.since}` : 'another process';
    throw new StateError('STATE_LOCKED', `${path} is in use by ${who}.`, {
      hint: 'Wait for it to end or stop it, then run the same command again; or name another file with --state.',
    });
  }
  return { release: () => database.close() };
}

function openLockDatabase(path: string): Database.Database {
  try {
    mkdirSync(dirname(path), { recursive: true });
    return new Database(`${path}.lock`, { timeout: 0 });
  } catch (error) {
    throw cannotLock(path, error);
  }
}

function cannotLock(path: string, cause: unknown): StateError {
  return new StateError('STATE_UNREADABLE', `Cannot lock ${path} by ${path}.lock: ${(cause as Error).message}.`, {
    hint: 'Name a state file in a folder that can be written to, with --state.',
    cause,
  });
}

function readHolder(database: Database.Database): Holder | undefined {
  try {
    if (database.inTransaction) database.exec('ROLLBACK');
    return database.prepare('SELECT pid, host, since FROM holder').get() as Holder | undefined;
  } catch {
    return undefined;
  }
}
