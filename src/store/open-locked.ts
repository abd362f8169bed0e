import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type Database from 'better-sqlite3';
import { lockFile } from './file-lock.ts';
import { openDatabase } from './open-database.ts';

/**
 * Opens a state file for this process alone and builds upon it what `use` makes of it.
 * @returns that, and how to close the file and let others in; closed already where `use` throws
 * @throws StateError STATE_LOCKED, STATE_NEWER, STATE_UNREADABLE
 */
export function openLocked<T>(
  path: string,
  now: number,
  use: (database: Database.Database) => T,
): { readonly opened: T; close(): void } {
  const file = canonicalPath(path);
  const lock = lockFile(file, now);
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

/** The file itself, whatever links lead to it: two names of one file must meet at one lock. */
function canonicalPath(path: string): string {
  if (path === ':memory:') return path;
  if (existsSync(path)) return realpathSync(path);
  const folder = dirname(path);
  return existsSync(folder) ? join(realpathSync(folder), basename(path)) : path;
}
