import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import type Database from 'better-sqlite3';
import type { Clock } from '../domain/clock.ts';
import { StateError } from '../domain/errors.ts';
import type { CampaignCaps } from '../domain/expense.ts';
import { CURRENT_DEFAULTS, defaultsIn } from './campaign-defaults.ts';
import { CampaignLedger } from './campaign-ledger.ts';
import { ComparisonStore } from './comparison-store.ts';
import { DeskStore } from './desk-store.ts';
import { DrawStore } from './draw-store.ts';
import { FigureStore } from './figure-store.ts';
import { GuidelinesStore } from './guidelines-store.ts';
import { ItemStore } from './item-store.ts';
import { LabelStore } from './label-store.ts';
import { LeadStore } from './lead-store.ts';
import { MapStore } from './map-store.ts';
import { ModelStore } from './model-store.ts';
import { isOutdated, openDatabase, openReadOnly } from './open-database.ts';
import { openLocked } from './open-locked.ts';
import { PeopleStore } from './people-store.ts';
import { PluginStore } from './plugin-store.ts';
import { RoundStore } from './round-store.ts';
import { storedIdentity } from './run-state.ts';
import { refuseSeveralNames } from './single-name.ts';
import { SqliteJournal } from './sqlite-journal.ts';
import { TrainingStore } from './training-store.ts';
import { transact } from './transact.ts';

/** Everything that is stored about a campaign. */
export interface CampaignState {
  readonly path: string;
  /** Identifies this campaign among all others, for jobs it starts elsewhere: twelve hex digits. */
  readonly key: string;
  /** The number of the set of defaults it began with. */
  readonly defaults: number;
  readonly ledger: CampaignLedger;
  readonly items: ItemStore;
  readonly rounds: RoundStore;
  readonly draws: DrawStore;
  readonly labels: LabelStore;
  readonly lead: LeadStore;
  readonly models: ModelStore;
  readonly trainings: TrainingStore;
  readonly comparisons: ComparisonStore;
  readonly desk: DeskStore;
  readonly people: PeopleStore;
  readonly guidelines: GuidelinesStore;
  readonly map: MapStore;
  readonly figures: FigureStore;
  readonly plugins: PluginStore;
  /** The queries of one round. */
  journal(round: number): SqliteJournal;
  /** Runs `change` as one transaction: no other process changes what it reads before it writes. */
  transaction<T>(change: () => T): T;
  close(): void;
}

export interface CampaignStateOptions {
  readonly clock: Pick<Clock, 'now'>;
  readonly caps: CampaignCaps;
  readonly version: string;
}

/**
 * Opens the file of a campaign, or creates it, for this process alone.
 * @throws StateError STATE_LOCKED, STATE_MISMATCH when it belongs to a run of `pick`, STATE_NEWER, STATE_UNREADABLE
 */
export function openCampaignState(path: string, options: CampaignStateOptions): CampaignState {
  const { opened, close } = openLocked(path, options.clock.now(), (database) => {
    startCampaign(database, path, options);
    return stores(database, path, new CampaignLedger(database, options), options.clock);
  });
  return { ...opened, close };
}

/**
 * Opens the file of a campaign to read it as it is now, even while another process works on it. Nothing is written,
 * and later changes are not seen. A file of an earlier version is converted in memory. Without a file, the campaign is
 * empty.
 * @throws StateError when it cannot be read, or a later winnow wrote it
 */
export function viewCampaignState(path: string, options: CampaignStateOptions): CampaignState {
  const database = openStarted(path) ?? emptyCampaign(path, options);
  try {
    const ledger = new CampaignLedger(database, { ...options, readOnly: true });
    return { ...stores(database, path, ledger, options.clock), close: () => database.close() };
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * Opens the file of a campaign while another process may have it open too, to store what people do meanwhile: labels,
 * drafts, points of the map. Every change is one `transaction`. It makes no calls of models.
 * @returns undefined where no campaign is started yet
 * @throws StateError as `openCampaignState` does; STATE_LOCKED only where its schema must be migrated first
 */
export function joinCampaignState(path: string, options: CampaignStateOptions): CampaignState | undefined {
  if (!existsSync(path)) return undefined;
  refuseSeveralNames(path);
  if (isOutdated(path)) openLocked(path, options.clock.now(), () => undefined).close();
  const database = openDatabase(path);
  try {
    if (!isStarted(database)) {
      database.close();
      return undefined;
    }
    const ledger = new CampaignLedger(database, { ...options, readOnly: true });
    return { ...stores(database, path, ledger, options.clock), close: () => database.close() };
  } catch (error) {
    database.close();
    throw error;
  }
}

function startCampaign(database: Database.Database, path: string, { clock, version }: CampaignStateOptions): void {
  database
    .prepare(
      'INSERT INTO run (id, identity, winnow_version, created_at_ms) VALUES (1, ?, ?, ?) ON CONFLICT (id) DO NOTHING',
    )
    .run(JSON.stringify({ campaign: newKey(path, clock.now()), defaults: CURRENT_DEFAULTS }), version, clock.now());
}

/** Undefined where there is no file, or where the process that created it ended before it started the campaign. */
function openStarted(path: string): Database.Database | undefined {
  const database = existsSync(path) ? openReadOnly(path) : undefined;
  if (database !== undefined && isStarted(database)) return database;
  database?.close();
  return undefined;
}

function isStarted(database: Database.Database): boolean {
  return database.prepare('SELECT 1 FROM run').get() !== undefined;
}

function emptyCampaign(path: string, options: CampaignStateOptions): Database.Database {
  const database = openDatabase(':memory:');
  startCampaign(database, path, options);
  return database;
}

function stores(
  database: Database.Database,
  path: string,
  ledger: CampaignLedger,
  clock: Pick<Clock, 'now'>,
): Omit<CampaignState, 'close'> {
  return {
    path,
    key: readKey(database, path),
    defaults: defaultsIn(storedIdentity(database)),
    ledger,
    items: new ItemStore(database, clock),
    rounds: new RoundStore(database, clock),
    draws: new DrawStore(database, clock),
    labels: new LabelStore(database, clock),
    lead: new LeadStore(database, clock),
    models: new ModelStore(database, clock),
    trainings: new TrainingStore(database, clock),
    desk: new DeskStore(database),
    people: new PeopleStore(database, clock),
    guidelines: new GuidelinesStore(database, clock),
    map: new MapStore(database),
    comparisons: new ComparisonStore(database, clock),
    figures: new FigureStore(database, clock),
    plugins: new PluginStore(database, clock),
    journal: (round) => new SqliteJournal(database, clock, round),
    transaction: (change) => transact(database, change),
  };
}

const KEY_DIGITS = 12;

function newKey(path: string, now: number): string {
  return createHash('sha256').update(`${path} ${now}`).digest('hex').slice(0, KEY_DIGITS);
}

function readKey(database: Database.Database, path: string): string {
  const { campaign, kind = 'pick' } = storedIdentity(database);
  if (typeof campaign !== 'string') {
    throw new StateError('STATE_MISMATCH', `${path} belongs to a run of winnow ${kind}, not to a campaign.`, {
      hint: 'Move it away, or start the campaign in another folder.',
    });
  }
  return campaign;
}
