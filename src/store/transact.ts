import type Database from 'better-sqlite3';

/**
 * Runs `change` as one transaction, or as part of the one that is under way. It has the file to itself from the
 * beginning: another process may be writing labels, and what was read would be older than what is written.
 */
export function transact<T>(database: Database.Database, change: () => T): T {
  return database.transaction(change).immediate();
}
