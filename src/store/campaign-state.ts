import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import type Database from 'better-sqlite3';
import type { Clock } from '../domain/clock.ts';
import { StateError } from '../domain/errors.ts';
import type { CampaignCaps } from '../domain/expense.ts';
import { CampaignLedger } from './campaign-ledger.ts';
import { DeskStore } from './desk-store.ts';
import { ItemStore } from './item-store.ts';
import { LabelStore } from './label-store.ts';
import { MapStore } from './map-store.ts';
import { ModelStore } from './model-store.ts';
import { isOutdated, openDatabase, openReadOnly } from './open-database.ts';
import { openLocked } from './open-locked.ts';
import { RoundStore } from './round-store.ts';
import { SqliteJournal } from './sqlite-journal.ts';
import { transact } from './transact.ts';

/** Everything a campaign remembers. */
export interface CampaignState {
  readonly path: string;
  /** Tells this campaign from every other, for jobs it starts elsewhere: twelve hex digits. */
  readonly key: string;
  readonly ledger: CampaignLedger;
  readonly items: ItemStore;
  readonly rounds: RoundStore;
  readonly labels: LabelStore;
  readonly models: ModelStore;
  readonly desk: DeskStore;
  readonly map: MapStore;
  /** Of the queries of one round. */
  journal(round: number): SqliteJournal;
  /** Runs `change` as one transaction: what it reads is not changed by others before it writes. */
  transaction<T>(change: () => T): T;
  close(): void;
}

export interface CampaignStateOptions {
  readonly clock: Pick<Clock, 'now'>;
  readonly caps: CampaignCaps;
  readonly version: string;
}

/**
 * Opens a campaign's file, or begins it, for this process alone.
 * @throws StateError STATE_LOCKED, STATE_MISMATCH when it belongs to a run of `pick`, STATE_NEWER, STATE_UNREADABLE
 */
export function openCampaignState(path: string, options: CampaignStateOptions): CampaignState {
  const { opened, close } = openLocked(path, options.clock.now(), (database) => {
    beginCampaign(database, path, options);
    return stores(database, path, new CampaignLedger(database, options), options.clock);
  });
  return { ...opened, close };
}

/**
 * Opens a campaign's file to look at it as it is now, whoever else is at work on it. Nothing can be written through
 * it, and what others write later is not seen. Where there is none yet, the campaign is an empty one.
 * @throws StateError when it cannot be read, or was written by another winnow
 */
export function viewCampaignState(path: string, options: CampaignStateOptions): CampaignState {
  const database = openBegun(path) ?? emptyCampaign(path, options);
  try {
    const ledger = new CampaignLedger(database, { ...options, readOnly: true });
    return { ...stores(database, path, ledger, options.clock), close: () => database.close() };
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * Opens a campaign's file beside whoever has it for themselves, to take in what people do meanwhile: labels, drafts,
 * points of the map. Every change is one `transaction`. Calls of models are not made through it.
 * @returns undefined where no campaign is begun yet
 * @throws StateError as `openCampaignState` does; STATE_LOCKED only where its schema must be brought up to date first
 */
export function joinCampaignState(path: string, options: CampaignStateOptions): CampaignState | undefined {
  if (!existsSync(path)) return undefined;
  if (isOutdated(path)) openLocked(path, options.clock.now(), () => undefined).close();
  const database = openDatabase(path);
  try {
    if (!isBegun(database)) {
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

function beginCampaign(database: Database.Database, path: string, { clock, version }: CampaignStateOptions): void {
  database
    .prepare(
      'INSERT INTO run (id, identity, winnow_version, created_at_ms) VALUES (1, ?, ?, ?) ON CONFLICT (id) DO NOTHING',
    )
    .run(JSON.stringify({ campaign: newKey(path, clock.now()) }), version, clock.now());
}

/** Undefined where there is no file, or where the process that made it ended before the campaign was begun. */
function openBegun(path: string): Database.Database | undefined {
  const database = existsSync(path) ? openReadOnly(path) : undefined;
  if (database !== undefined && isBegun(database)) return database;
  database?.close();
  return undefined;
}

function isBegun(database: Database.Database): boolean {
  return database.prepare('SELECT 1 FROM run').get() !== undefined;
}

function emptyCampaign(path: string, options: CampaignStateOptions): Database.Database {
  const database = openDatabase(':memory:');
  beginCampaign(database, path, options);
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
    ledger,
    items: new ItemStore(database, clock),
    rounds: new RoundStore(database, clock),
    labels: new LabelStore(database, clock),
    models: new ModelStore(database, clock),
    desk: new DeskStore(database),
    map: new MapStore(database),
    journal: (round) => new SqliteJournal(database, clock, round),
    transaction: (change) => transact(database, change),
  };
}

const KEY_DIGITS = 12;

function newKey(path: string, now: number): string {
  return createHash('sha256').update(`${path} ${now}`).digest('hex').slice(0, KEY_DIGITS);
}

function readKey(database: Database.Database, path: string): string {
  const identity = database.prepare('SELECT identity FROM run').pluck().get() as string;
  const { campaign, kind = 'pick' } = JSON.parse(identity) as { campaign?: string; kind?: string };
  if (campaign === undefined) {
    throw new StateError('STATE_MISMATCH', `${path} belongs to a run of winnow ${kind}, not to a campaign.`, {
      hint: 'Move it away, or begin the campaign in another folder.',
    });
  }
  return campaign;
}
