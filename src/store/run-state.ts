import type Database from 'better-sqlite3';
import type { Clock } from '../domain/clock.ts';
import { StateError } from '../domain/errors.ts';
import type { BudgetCaps } from '../domain/ledger.ts';
import { openLocked } from './open-locked.ts';
import { SqliteJournal } from './sqlite-journal.ts';
import { SqliteLedger } from './sqlite-ledger.ts';

/**
 * What must stay the same for a run to go on: the pool, the seed, every option that changes which
 * instructions are chosen. Caps, concurrency and output are not among them. Keys are option names, but for `kind`: pick, score
 * or simulate.
 */
export type RunIdentity = Readonly<Record<string, string | number | boolean | null>>;

/** What a state file can be of, in the words of messages. */
const KINDS = { pick: 'a pick', score: 'a scoring', simulate: 'a simulation', campaign: 'a campaign' } as const;
type RunKind = keyof typeof KINDS;

/** One run's state file, open and held by this process alone. */
export interface RunState {
  readonly path: string;
  readonly ledger: SqliteLedger;
  readonly journal: SqliteJournal;
  /** Whether an earlier process worked on this run. */
  readonly resumed: boolean;
  close(): void;
}

/**
 * Opens the state of a run, or begins it.
 * @throws StateError STATE_LOCKED, STATE_MISMATCH (naming each difference), STATE_NEWER, STATE_UNREADABLE
 */
export function openRunState(
  path: string,
  identity: RunIdentity,
  options: { clock: Clock; version: string; caps?: BudgetCaps },
): RunState {
  const { opened, close } = openLocked(path, options.clock.now(), (database) => {
    const resumed = !claimIdentity(database, path, identity, options);
    const ledger = new SqliteLedger(database, options);
    return { path, ledger, journal: new SqliteJournal(database, options.clock), resumed };
  });
  return { ...opened, close };
}

/**
 * Holds the identity of a run against the one its file was begun with.
 * @returns true when the run begins, false when it goes on
 * @throws StateError STATE_MISMATCH, naming each difference
 */
export function claimIdentity(
  database: Database.Database,
  path: string,
  identity: RunIdentity,
  options: { clock: Clock; version: string },
): boolean {
  const begun = database
    .prepare(
      `INSERT INTO run (id, identity, winnow_version, created_at_ms) VALUES (1, ?, ?, ?)
       ON CONFLICT (id) DO NOTHING`,
    )
    .run(JSON.stringify(identity), options.version, options.clock.now());
  if (begun.changes === 1) return true;
  const stored = JSON.parse(database.prepare('SELECT identity FROM run').pluck().get() as string) as RunIdentity;
  const [there, now] = [kindOf(stored), kindOf(identity)];
  // Every option would differ.
  if (there !== undefined && now !== undefined && there !== now) {
    throw new StateError('STATE_MISMATCH', `${path} is the state of ${KINDS[there]}, not of ${KINDS[now]}.`, {
      hint: 'Name another file with --state.',
    });
  }
  const differences = [...new Set([...Object.keys(stored), ...Object.keys(identity)])]
    // Files of earlier versions do not say what they are of.
    .filter((key) => key !== 'kind')
    .filter((key) => (stored[key] ?? null) !== (identity[key] ?? null))
    .map((key) => `${key}: ${stored[key] ?? 'none'} there, ${identity[key] ?? 'none'} now`);
  if (differences.length > 0) {
    throw new StateError('STATE_MISMATCH', `${path} belongs to a different run (${differences.join('; ')}).`, {
      hint: 'Repeat the options it was begun with to go on, or name another file with --state to begin anew.',
    });
  }
  return false;
}

/** @returns undefined where it does not say */
function kindOf({ kind, campaign }: RunIdentity): RunKind | undefined {
  if (campaign !== undefined) return 'campaign';
  return Object.keys(KINDS).find((known): known is RunKind => known === kind);
}
