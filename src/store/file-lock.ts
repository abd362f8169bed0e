import { lstatSync, mkdirSync, statSync } from 'node:fs';
import { hostname, platform, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { StateError } from '../domain/errors.ts';
import { PRIVATE_FOLDER } from '../domain/file-permissions.ts';
import { refuseNetworkFileSystem } from './network-file-system.ts';
import { createPrivateFile } from './private-file.ts';
import { processStartMs } from './process-start.ts';
import { refuseSeveralNames } from './single-name.ts';

export interface FileLock {
  release(): void;
}

const holderRow = z.object({ pid: z.int(), host: z.string(), since: z.string() });
type Holder = z.output<typeof holderRow>;

/**
 * Makes this process the only one to work on a state file, under any name others open it by: the name beside it is
 * locked, and the device and inode of the file itself, which is created where there is none.
 * @throws StateError STATE_LOCKED, naming the holder; STATE_UNREADABLE where it cannot be locked for certain: on a
 *   network file system, by one of several names that are no symbolic links, or where the lock file cannot be created
 */
export function lockState(path: string, now: number): FileLock {
  if (path === ':memory:') return { release: () => undefined };
  const byName = lockFile(path, now);
  try {
    refuseNetworkFileSystem(path);
    createPrivateFile(path);
    const { dev, ino } = statSync(path, { bigint: true });
    const byInode = lockFile(path, now, join(inodeLockFolder(), `${dev}-${ino}.lock`));
    const release = () => {
      byInode.release();
      byName.release();
    };
    try {
      refuseSeveralNames(path);
    } catch (error) {
      byInode.release();
      throw error;
    }
    return { release };
  } catch (error) {
    byName.release();
    throw error instanceof StateError ? error : cannotLock(path, `${path}.lock`, error);
  }
}

/** Of this user, on this machine. A folder that another user made is not used. */
function inodeLockFolder(): string {
  const { uid } = userInfo();
  const folder = join(platform() === 'win32' ? tmpdir() : '/tmp', `winnow-locks-${uid}`);
  mkdirSync(folder, { recursive: true, mode: PRIVATE_FOLDER });
  const found = lstatSync(folder);
  if (!found.isDirectory() || (uid >= 0 && found.uid !== uid)) throw new Error(`${folder} belongs to another user`);
  return folder;
}

/**
 * Holds a lock file. The lock is an open write transaction on it. The operating system releases it when the process ends for any reason, so it is never
 * stale. The committed row stays readable and tells other processes who holds the lock. Where the two see the file through
 * different file systems (an overlay and its upper folder), only the row shows that it is held.
 * The small lock file stays: deleting it while another process waits would let two in.
 * @param path what messages name
 * @throws StateError STATE_LOCKED, naming the holder; STATE_UNREADABLE where the lock file cannot be created
 */
export function lockFile(path: string, now: number, lockPath = `${path}.lock`): FileLock {
  const database = openLockDatabase(path, lockPath);
  try {
    database.exec('BEGIN IMMEDIATE');
    database.exec('CREATE TABLE IF NOT EXISTS holder (pid INTEGER, host TEXT, since TEXT)');
    const before = readHolder(database);
    if (before !== undefined && isRunning(before)) throw inUse(path, before);
    const holder: Holder = { pid: process.pid, host: hostname(), since: new Date(now).toISOString() };
    database.exec('DELETE FROM holder');
    database.prepare('INSERT INTO holder VALUES (@pid, @host, @since)').run(holder);
    // Another process may be reading who holds the lock, or be about to see that this one does, which takes it no time.
    database.pragma('busy_timeout = 5000');
    database.exec('COMMIT');
    database.exec('BEGIN IMMEDIATE');
    return { release: () => releaseLock(database) };
  } catch (error) {
    if (database.inTransaction) database.exec('ROLLBACK');
    const holder = readHolder(database);
    database.close();
    if (error instanceof StateError) throw error;
    throw (error as { code?: string }).code === 'SQLITE_BUSY' ? inUse(path, holder) : cannotLock(path, lockPath, error);
  }
}

function inUse(path: string, holder: Holder | undefined): StateError {
  const who = holder ? `process ${holder.pid} on ${holder.host}, since ${holder.since}` : 'another process';
  return new StateError('STATE_LOCKED', `${path} is in use by ${who}.`, {
    hint: 'Wait for it to end or stop it, then run the same command again.',
  });
}

/** Whether the process is another one of this machine that still runs: one that began later only has its number. */
function isRunning({ pid, host, since }: Holder): boolean {
  if (pid === process.pid || host !== hostname()) return false;
  const startMs = processStartMs(pid);
  return startMs !== undefined && startMs <= Date.parse(since);
}

/** The row goes too: the process may go on without the file. */
function releaseLock(database: Database.Database): void {
  try {
    database.exec('DELETE FROM holder');
    database.exec('COMMIT');
  } catch {
    // The disk is full or gone. The lock itself ends with the file.
  } finally {
    database.close();
  }
}

function openLockDatabase(path: string, lockPath: string): Database.Database {
  try {
    createPrivateFile(lockPath);
    return new Database(lockPath, { timeout: 0 });
  } catch (error) {
    throw cannotLock(path, lockPath, error);
  }
}

function cannotLock(path: string, lockPath: string, cause: unknown): StateError {
  return new StateError('STATE_UNREADABLE', `Cannot lock ${path} by ${lockPath}: ${(cause as Error).message}.`, {
    hint: 'Check the folder and its permissions.',
    data: { file: path },
    cause,
  });
}

function readHolder(database: Database.Database): Holder | undefined {
  try {
    return holderRow.safeParse(database.prepare('SELECT pid, host, since FROM holder').get()).data;
  } catch {
    return undefined;
  }
}
