import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type Database from 'better-sqlite3';
import { lockState } from './file-lock.ts';
import { openDatabase } from './open-database.ts';

/**
 * Opens a state file for this process alone.
 * @param use builds what is returned as `opened`; where it throws, the file is closed
 * @returns the result of `use`, and how to close the file and release the lock
 * @throws StateError STATE_LOCKED, STATE_NEWER, STATE_UNREADABLE
 */
export function openLocked<T>(
  path: string,
  now: number,
  use: (database: Database.Database) => T,
): { readonly opened: T; close(): void } {
  const file = canonicalPath(path);
  const lock = lockState(file, now);
  let database: Database.Database | undefined;
  const close = () => {
    database?.close();
    lock.release();
  };
  try {
    database = openDatabase(file);
    return { opened: use(database), close };
  } catch (error) {
    close();
    throw error;
  }
}

/** The file behind any links: two names of one file must share one lock. */
function canonicalPath(path: string): string {
  if (path === ':memory:') return path;
  if (existsSync(path)) return realpathSync.native(path);
  const folder = dirname(path);
  return existsSync(folder) ? join(realpathSync.native(folder), basename(path)) : path;
}
