import { copyFileSync, existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { OutputError, StateError } from '../domain/errors.ts';
import { lockFile } from './file-lock.ts';
import { MIGRATIONS } from './migrations.ts';
import { migrate, openDatabase } from './open-database.ts';
import { readableRows } from './readable-rows.ts';
import { replaceSchemaPages, schemaGuesses } from './schema-pages.ts';
import { isDamage } from './state-damage.ts';

/** What became of one table. */
export interface RecoveredTable {
  readonly name: string;
  readonly saved: number;
  /** Places where rows could not be read: one or more rows each. */
  readonly gaps: number;
  /** Rows that could be read but belong to others that could not, or contradict them. */
  readonly left: number;
}

/** What was saved of a damaged state file. */
export interface Recovery {
  readonly from: string;
  readonly to: string;
  /** Whether the list of tables itself was damaged and had to be replaced. */
  readonly rebuilt: boolean;
  /** Those with rows, or with damage. */
  readonly tables: readonly RecoveredTable[];
}

/**
 * Copies what can be read of a state file into a new one of the present version. The old file is not changed.
 * @throws StateError where nothing can be read, a later winnow wrote it, or another process uses it; OutputError where
 *   the new file exists
 */
export function recoverState(from: string, to: string, now: number): Recovery {
  if (!existsSync(from)) {
    throw new StateError('STATE_UNREADABLE', `There is no file "${from}".`, { hint: 'Check the path.' });
  }
  if (existsSync(to)) throw new OutputError(`"${to}" already exists.`, { hint: 'Name another file, or move it away.' });
  const file = realpathSync.native(from);
  const lock = existsSync(`${file}.lock`) ? lockFile(file, now) : undefined;
  const folder = mkdtempSync(join(tmpdir(), 'winnow-recover-'));
  try {
    const { database, version, rebuilt } = openDamaged(file, folder, from);
    try {
      const tables = copyTables(database, to, version);
      if (tables.every(({ saved }) => saved === 0)) throw nothingReadable(from);
      return { from, to, rebuilt, tables: tables.filter(({ saved, gaps, left }) => saved + gaps + left > 0) };
    } catch (error) {
      for (const ending of ['', '-wal', '-shm']) rmSync(`${to}${ending}`, { force: true });
      throw error;
    } finally {
      database.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
    lock?.release();
  }
}

interface DamagedFile {
  readonly database: Database.Database;
  readonly version: number;
  readonly rebuilt: boolean;
}

/** Opens a copy, so that neither reading nor the write-ahead log changes the file. @param from what messages name */
function openDamaged(file: string, folder: string, from: string): DamagedFile {
  const copy = join(folder, 'state.db');
  for (const ending of ['', '-wal']) {
    if (existsSync(`${file}${ending}`)) copyFileSync(`${file}${ending}`, `${copy}${ending}`);
  }
  const asIs = openCopy(copy);
  if (asIs !== undefined) {
    if (asIs.version > MIGRATIONS.length) {
      asIs.database.close();
      throw new StateError('STATE_NEWER', `A later version of winnow wrote ${from}.`, { hint: 'Update winnow.' });
    }
    return { ...asIs, rebuilt: false };
  }
  // The log belongs to the pages that are replaced.
  rmSync(`${copy}-wal`, { force: true });
  rmSync(`${copy}-shm`, { force: true });
  const best = bestGuess(copy, folder);
  const rebuilt = best === undefined ? undefined : openCopy(best);
  if (rebuilt === undefined) throw nothingReadable(from);
  return { ...rebuilt, rebuilt: true };
}

/** A copy with the first pages replaced, so that the most can be read. */
function bestGuess(copy: string, folder: string): string | undefined {
  let best: { readonly guess: string; readonly saved: number; readonly gaps: number } | undefined;
  for (const [index, schema] of schemaGuesses(copy).entries()) {
    const guess = join(folder, `guess-${index}.db`);
    copyFileSync(copy, guess);
    replaceSchemaPages(guess, schema);
    const opened = openCopy(guess);
    if (opened === undefined) {
      rmSync(guess);
      continue;
    }
    const tables = copyTables(opened.database, ':memory:', opened.version);
    opened.database.close();
    const [saved, gaps] = [
      tables.reduce((sum, table) => sum + table.saved, 0),
      tables.reduce((sum, table) => sum + table.gaps, 0),
    ];
    if (best === undefined || saved > best.saved || (saved === best.saved && gaps < best.gaps))
      best = { guess, saved, gaps };
    if (saved > 0 && gaps === 0) break;
  }
  return best?.guess;
}

/** Undefined where the list of tables cannot be read. */
function openCopy(path: string): { readonly database: Database.Database; readonly version: number } | undefined {
  const database = new Database(path);
  try {
    const version = database.pragma('user_version', { simple: true }) as number;
    const tables = database.prepare("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'run'").pluck();
    database.prepare('SELECT rowid FROM run LIMIT 0').all();
    if (version > 0 && tables.get() === 1) return { database, version };
  } catch (error) {
    if (!isDamage(error) && !/no such table|malformed/.test((error as Error).message)) throw error;
  }
  database.close();
  return undefined;
}

function copyTables(damaged: Database.Database, to: string, version: number): RecoveredTable[] {
  const target = openDatabase(to, MIGRATIONS.slice(0, version));
  try {
    target.pragma('foreign_keys = OFF');
    const names = target
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid")
      .pluck()
      .all() as string[];
    const copied = target.transaction(() => {
      const counts = names.map((name) => copyTable(damaged, target, name));
      // A reply that is lost had a cost: without its outcome, the attempt counts at its worst case again.
      target.exec("DELETE FROM outcome WHERE state = 'settled' AND attempt_id NOT IN (SELECT attempt_id FROM reply)");
      dropOrphans(target);
      return counts.map(({ read, ...table }) => {
        const saved = target.prepare(`SELECT count(*) FROM "${table.name}"`).pluck().get() as number;
        return { ...table, saved, left: read - saved };
      });
    })();
    // Also its steps may find rows that belong to lost ones.
    migrate(target, version, MIGRATIONS);
    target.transaction(() => dropOrphans(target))();
    return copied;
  } finally {
    target.close();
  }
}

function copyTable(damaged: Database.Database, target: Database.Database, name: string) {
  const columns = target.prepare(`SELECT name FROM pragma_table_info('${name}')`).pluck().all() as string[];
  const places = ['rowid', ...columns.map((column) => `"${column}"`)];
  const insert = target.prepare(
    `INSERT OR IGNORE INTO "${name}" (${places.join(', ')}) VALUES (${places.map(() => '?').join(', ')})`,
  );
  let [read, gaps] = [0, 0];
  try {
    for (const row of readableRows(damaged, name, columns, () => gaps++)) {
      read += 1;
      insertIfValid(insert, row);
    }
  } catch (error) {
    // The table itself is missing.
    if (!/no such (?:table|column)/.test((error as Error).message)) throw error;
    gaps += 1;
  }
  return { name, read, gaps };
}

/** A damaged row may have values of the wrong type, or none where one is needed. */
function insertIfValid(insert: Database.Statement, row: readonly unknown[]): void {
  try {
    insert.run(...row);
  } catch (error) {
    if (!String((error as { code?: string }).code).startsWith('SQLITE_CONSTRAINT')) throw error;
  }
}

/** Rows whose parents are lost, and then those that belonged to them. */
function dropOrphans(target: Database.Database): void {
  for (;;) {
    const orphans = target.pragma('foreign_key_check') as { readonly table: string; readonly rowid: number }[];
    if (orphans.length === 0) return;
    for (const { table, rowid } of orphans) target.prepare(`DELETE FROM "${table}" WHERE rowid = ?`).run(rowid);
  }
}

function nothingReadable(from: string): StateError {
  return new StateError('STATE_UNREADABLE', `Nothing in ${from} can be read.`, {
    hint: 'Restore a backup, or move the file away to start again.',
    data: { file: from },
  });
}
