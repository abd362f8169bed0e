import type Database from 'better-sqlite3';
import { isDiskFull } from '../domain/disk-full.ts';
import { StateError } from '../domain/errors.ts';
import { withTypedDamage } from './state-damage.ts';

/**
 * Runs `change` as one transaction, or as part of the open one. It locks the file for writing from the start: another
 * process may be writing labels, and what was read must not be older than what is written.
 * @throws StateError STATE_FULL where the disk has no space, STATE_UNREADABLE for a damaged file; what `change` throws
 */
export function transact<T>(database: Database.Database, change: () => T): T {
  try {
    return withTypedDamage(database.name, () => database.transaction(change).immediate());
  } catch (error) {
    if (!isDiskFull(error) || error instanceof StateError) throw error;
    throw new StateError('STATE_FULL', `${database.name} cannot be written: ${(error as Error).message}.`, {
      hint: 'Free some space, then run the same command again: everything that was paid for and stored is kept.',
      data: { file: database.name },
      cause: error,
    });
  }
}
