import type Database from 'better-sqlite3';
import { z } from 'zod';
import type { Clock } from '../domain/clock.ts';
import { BudgetExceededError } from '../domain/errors.ts';
import type { PlannedExpense } from '../domain/expense.ts';
import type { BudgetCaps } from '../domain/ledger.ts';
import { formatUsdExactly, type MicroUsd } from '../domain/money.ts';
import { option, sentence } from '../domain/wording.ts';
import { ModelStore } from './model-store.ts';
import { jsonColumn, RowShape } from './row-shape.ts';
import { claimIdentity, openRunFile, type RunIdentity } from './run-state.ts';
import { SqliteExpenses } from './sqlite-expenses.ts';
import { SqliteJournal } from './sqlite-journal.ts';
import { SqliteLedger } from './sqlite-ledger.ts';
import { TrainingStore } from './training-store.ts';
import { transact } from './transact.ts';

/** A cell as it is stored. */
export interface StoredCell {
  /** Ids, rank 1 first. */
  readonly picked: readonly string[];
  readonly metrics: Readonly<Record<string, number | null>>;
  readonly notes: readonly string[];
}

const cells = new RowShape(
  'simulation_cell',
  z.object({
    picked: jsonColumn(z.array(z.string())),
    metrics: jsonColumn(z.record(z.string(), z.number().nullable())),
    notes: jsonColumn(z.array(z.string())),
  }) satisfies z.ZodType<StoredCell>,
);
const partNumbers = new RowShape('simulation_part', z.int());

/**
 * The state of one simulation: calls and trainings under one cap on money, and every finished cell. Append-only.
 * Each selection and each training has a number. The other tables store it as the round.
 */
export class SimulationStore {
  readonly path: string;
  readonly calls: SqliteLedger;
  /** What trainings cost. */
  readonly expenses: SqliteExpenses;
  readonly trainings: TrainingStore;
  /** Notes of trainings, and the models. */
  readonly models: ModelStore;
  readonly #database: Database.Database;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #maxMicroUsd: MicroUsd | undefined;

  constructor(
    database: Database.Database,
    { path, clock, caps = {} }: { path: string; clock: Pick<Clock, 'now'>; caps?: BudgetCaps },
  ) {
    this.path = path;
    this.#database = database;
    this.#clock = clock;
    const { maxMicroUsd, ...others } = caps;
    this.#maxMicroUsd = maxMicroUsd;
    this.calls = new SqliteLedger(database, {
      clock,
      caps: others,
      checkShared: (call) => this.#checkMoney([call]),
    });
    this.expenses = new SqliteExpenses(database, clock, (expenses) => this.#checkMoney(expenses));
    this.trainings = new TrainingStore(database, clock);
    this.models = new ModelStore(database, clock);
  }

  /** Runs `change` as one transaction. */
  transaction<T>(change: () => T): T {
    return transact(this.#database, change);
  }

  /** What is spent or may be, including calls that may be billed and open trainings. */
  spentMicroUsd(): MicroUsd {
    const { settledMicroUsd, reservedMicroUsd, lostMicroUsd } = this.calls.spending();
    const trainings = this.expenses.totals('training');
    return settledMicroUsd + reservedMicroUsd + lostMicroUsd + trainings.settledMicroUsd + trainings.reservedMicroUsd;
  }

  /** The part of it whose end is open or unknown. */
  setAsideMicroUsd(): MicroUsd {
    const { reservedMicroUsd, lostMicroUsd } = this.calls.spending();
    return reservedMicroUsd + lostMicroUsd + this.expenses.totals('training').reservedMicroUsd;
  }

  /** The number of a selection or training, from 1; undefined where it was never started. */
  findNumber(key: string): number | undefined {
    return partNumbers.first(this.#database.prepare('SELECT number FROM simulation_part WHERE key = ?').pluck(), key);
  }

  /** The number of a selection or training. The same key always gets the same number. */
  numberOf(key: string): number {
    this.#database
      .prepare('INSERT INTO simulation_part (key, created_at_ms) VALUES (?, ?) ON CONFLICT (key) DO NOTHING')
      .run(key, this.#clock.now());
    return this.findNumber(key)!;
  }

  journal(number: number): SqliteJournal {
    return new SqliteJournal(this.#database, this.#clock, number);
  }

  findCell(key: string): StoredCell | undefined {
    return cells.first(this.#database.prepare('SELECT picked, metrics, notes FROM simulation_cell WHERE key = ?'), key);
  }

  saveCell(key: string, { picked, metrics, notes }: StoredCell): void {
    this.#database
      .prepare('INSERT INTO simulation_cell (key, picked, metrics, notes, created_at_ms) VALUES (?, ?, ?, ?, ?)')
      .run(key, JSON.stringify(picked), JSON.stringify(metrics), JSON.stringify(notes), this.#clock.now());
  }

  /** Each is checked together with what is spent and those before it. */
  #checkMoney(planned: readonly Pick<PlannedExpense, 'subject' | 'worstCaseMicroUsd'>[]): void {
    const cap = this.#maxMicroUsd;
    if (cap === undefined) return;
    let used = this.spentMicroUsd();
    for (const { subject, worstCaseMicroUsd } of planned) {
      // Free work fits even where more than the cap was charged.
      if (worstCaseMicroUsd > 0 && used + worstCaseMicroUsd > cap) {
        throw new BudgetExceededError(
          `${formatUsdExactly(used)} of ${formatUsdExactly(cap)} is spent or set aside; ` +
            `${subject} could cost ${formatUsdExactly(worstCaseMicroUsd)}.`,
          {
            cap: 'usd',
            limit: cap,
            callsUnderWay: this.calls.spending().reservedCalls,
            hint: sentence`Raise ${option('maxMicroUsd')} and run the same command again: it goes on from here.`,
          },
        );
      }
      used += worstCaseMicroUsd;
    }
  }
}

/**
 * Opens the state of a simulation, or creates it, for this process alone.
 * @throws StateError STATE_LOCKED, STATE_MISMATCH, STATE_NEWER, STATE_UNREADABLE
 */
export function openSimulationStore(
  path: string,
  identity: RunIdentity,
  options: { readonly clock: Clock; readonly version: string; readonly caps?: BudgetCaps },
): { readonly store: SimulationStore; close(): void } {
  const { opened, close } = openRunFile(path, options.clock.now(), (database) => {
    claimIdentity(database, path, { kind: 'simulate', ...identity }, options);
    return new SimulationStore(database, { path, ...options });
  });
  return { store: opened, close };
}
