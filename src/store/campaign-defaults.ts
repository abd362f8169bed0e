import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { storedIdentity } from './run-state.ts';

/** Raised when defaults of winnow.yaml change. Campaigns store the number they began with. */
export const CURRENT_DEFAULTS = 2;
/** Of campaigns that store no number: those of winnow 0.1. */
const FIRST_DEFAULTS = 1;

/**
 * The defaults that a campaign began with. A campaign that has not started, or a file that cannot be read, has the
 * current ones; opening the file reports what is wrong with it.
 * @param path of the campaign's state file
 */
export function campaignDefaults(path: string): number {
  if (!existsSync(path)) return CURRENT_DEFAULTS;
  let database: Database.Database | undefined;
  try {
    database = new Database(path, { readonly: true, fileMustExist: true });
    const isStarted = database.prepare('SELECT 1 FROM run').get() !== undefined;
    if (!isStarted) return CURRENT_DEFAULTS;
    const { defaults = FIRST_DEFAULTS } = storedIdentity(database);
    return Number(defaults);
  } catch {
    return CURRENT_DEFAULTS;
  } finally {
    database?.close();
  }
}
