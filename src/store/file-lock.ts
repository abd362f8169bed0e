import { hostname } from 'node:os';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { StateError } from '../domain/errors.ts';
import { createPrivateFile } from './private-file.ts';

export interface FileLock {
  release(): void;
}

const holderRow = z.object({ pid: z.int(), host: z.string(), since: z.string() });
type Holder = z.output<typeof holderRow>;

/**
 * Makes this process the only one to work on a state file. The lock is an open write transaction on
 * `<path>.lock`. The operating system releases it when the process ends for any reason, so it is never
 * stale. The committed row stays readable and tells other processes who holds the lock.
 * The small lock file stays: deleting it while another process waits would let two in.
 * @throws StateError STATE_LOCKED, naming the holder; STATE_UNREADABLE where the lock file cannot be created
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
    // Another process may be reading who holds the lock, which takes it no time.
    database.pragma('busy_timeout = 5000');
    database.exec('COMMIT');
    database.pragma('busy_timeout = 0');
    database.exec('BEGIN IMMEDIATE');
  } catch (error) {
    const holder = readHolder(database);
    database.close();
    if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw cannotLock(path, error);
    const who = holder ? `process ${holder.pid} on ${holder.host}, since ${holder.since}` : 'another process';
    throw new StateError('STATE_LOCKED', `${path} is in use by ${who}.`, {
      hint: 'Wait for it to end or stop it, then run the same command again.',
    });
  }
  return { release: () => database.close() };
}

function openLockDatabase(path: string): Database.Database {
  try {
    createPrivateFile(`${path}.lock`);
    return new Database(`${path}.lock`, { timeout: 0 });
  } catch (error) {
    throw cannotLock(path, error);
  }
}

function cannotLock(path: string, cause: unknown): StateError {
  return new StateError('STATE_UNREADABLE', `Cannot lock ${path} by ${path}.lock: ${(cause as Error).message}.`, {
    hint: 'Check the folder and its permissions.',
    data: { file: path },
    cause,
  });
}

function readHolder(database: Database.Database): Holder | undefined {
  try {
    if (database.inTransaction) database.exec('ROLLBACK');
    return holderRow.safeParse(database.prepare('SELECT pid, host, since FROM holder').get()).data;
  } catch {
    return undefined;
  }
}
