import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { z } from 'zod';
import type { Clock } from '../domain/clock.ts';
import { StateError } from '../domain/errors.ts';
import type { BudgetCaps } from '../domain/ledger.ts';
import { option, sentence } from '../domain/wording.ts';
import { openLocked } from './open-locked.ts';
import { jsonColumn, RowShape } from './row-shape.ts';
import { SqliteJournal } from './sqlite-journal.ts';
import { SqliteLedger } from './sqlite-ledger.ts';

const identityColumn = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));
/**
 * What must stay the same for a run to continue: the pool, the seed, every option that changes which
 * instructions are picked. Caps, concurrency and output are not part of it. Keys are option names, and
 * `kind`: pick, score or simulate.
 */
export type RunIdentity = Readonly<z.output<typeof identityColumn>>;
const identities = new RowShape('run', jsonColumn(identityColumn));

/** The identity stored in a file. */
export function storedIdentity(database: Database.Database): RunIdentity {
  return identities.only(database.prepare('SELECT identity FROM run').pluck());
}

/** The identity in a file that is not opened for work; undefined where there is none, or it cannot be read. */
export function peekIdentity(path: string): RunIdentity | undefined {
  if (!existsSync(path)) return undefined;
  let database: Database.Database | undefined;
  try {
    database = new Database(path, { readonly: true, fileMustExist: true });
    return database.prepare('SELECT 1 FROM run').get() === undefined ? undefined : storedIdentity(database);
  } catch {
    return undefined;
  } finally {
    database?.close();
  }
}

/** What a state file belongs to, for messages. */
const KINDS = { pick: 'a pick', score: 'a scoring', simulate: 'a simulation', campaign: 'a campaign' } as const;
type RunKind = keyof typeof KINDS;

/** The state file of one run, opened by this process alone. */
export interface RunState {
  readonly path: string;
  readonly ledger: SqliteLedger;
  readonly journal: SqliteJournal;
  /** Whether an earlier process worked on this run. */
  readonly resumed: boolean;
  close(): void;
}

/**
 * Opens the state of a run, or creates it.
 * @throws StateError STATE_LOCKED, STATE_MISMATCH (naming each difference), STATE_NEWER, STATE_UNREADABLE
 */
export function openRunState(
  path: string,
  identity: RunIdentity,
  options: { clock: Clock; version: string; caps?: BudgetCaps },
): RunState {
  const { opened, close } = openRunFile(path, options.clock.now(), (database) => {
    const resumed = !claimIdentity(database, path, identity, options);
    const ledger = new SqliteLedger(database, options);
    return { path, ledger, journal: new SqliteJournal(database, options.clock), resumed };
  });
  return { ...opened, close };
}

/** Opens the state file of a run, which may have another. @throws StateError as `openLocked` does */
export const openRunFile: typeof openLocked = (path, now, use) => {
  try {
    return openLocked(path, now, use);
  } catch (error) {
    if (!(error instanceof StateError) || error.data.option === 'state') throw error;
    const hint = sentence`${error.hint ?? ''} Or use another file: ${option('state')}.`;
    throw new StateError(error.code, error.message, { hint, cause: error.cause, data: error.data });
  }
};

/**
 * Compares the identity of a run with the one its file was created with.
 * @returns true when the run is new, false when it continues
 * @throws StateError STATE_MISMATCH, naming each difference
 */
export function claimIdentity(
  database: Database.Database,
  path: string,
  identity: RunIdentity,
  options: { clock: Clock; version: string },
): boolean {
  const created = database
    .prepare(
      `INSERT INTO run (id, identity, winnow_version, created_at_ms) VALUES (1, ?, ?, ?)
       ON CONFLICT (id) DO NOTHING`,
    )
    .run(JSON.stringify(identity), options.version, options.clock.now());
  if (created.changes === 1) return true;
  const stored = storedIdentity(database);
  const [there, now] = [kindOf(stored), kindOf(identity)];
  // Listing every option would not help.
  if (there !== undefined && now !== undefined && there !== now) {
    throw new StateError('STATE_MISMATCH', `${path} is the state of ${KINDS[there]}, not of ${KINDS[now]}.`, {
      hint: sentence`Use another file: ${option('state')}.`,
    });
  }
  const differences = identityDifferences(stored, identity);
  if (differences.length > 0) {
    throw new StateError('STATE_MISMATCH', `${path} belongs to a different run (${differences.join('; ')}).`, {
      hint: sentence`Repeat the options it was started with to continue, or use another file to start over: ${option('state')}.`,
    });
  }
  return false;
}

/** What differs, an entry a key. */
export function identityDifferences(stored: RunIdentity, identity: RunIdentity): string[] {
  return (
    [...new Set([...Object.keys(stored), ...Object.keys(identity)])]
      // Files of earlier versions have no kind.
      .filter((key) => key !== 'kind')
      .filter((key) => (stored[key] ?? null) !== (identity[key] ?? null))
      .map((key) => `${key}: ${stored[key] ?? 'none'} there, ${identity[key] ?? 'none'} now`)
  );
}

/** @returns undefined where the identity has no kind */
function kindOf({ kind, campaign }: RunIdentity): RunKind | undefined {
  if (campaign !== undefined) return 'campaign';
  return Object.keys(KINDS).find((known): known is RunKind => known === kind);
}
