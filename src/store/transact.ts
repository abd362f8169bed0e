import type Database from 'better-sqlite3';
import { withTypedDamage } from './state-damage.ts';

/**
 * Runs `change` as one transaction, or as part of the open one. It locks the file for writing from the start: another
 * process may be writing labels, and what was read must not be older than what is written.
 */
export function transact<T>(database: Database.Database, change: () => T): T {
  return withTypedDamage(database.name, () => database.transaction(change).immediate());
}
