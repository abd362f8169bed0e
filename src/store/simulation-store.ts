import type Database from 'better-sqlite3';
import type { Clock } from '../domain/clock.ts';
import { BudgetExceededError } from '../domain/errors.ts';
import type { PlannedExpense } from '../domain/expense.ts';
import type { BudgetCaps } from '../domain/ledger.ts';
import { formatUsdExactly, type MicroUsd } from '../domain/money.ts';
import { ModelStore } from './model-store.ts';
import { openLocked } from './open-locked.ts';
import { RoundStore } from './round-store.ts';
import { claimIdentity, type RunIdentity } from './run-state.ts';
import { SqliteExpenses } from './sqlite-expenses.ts';
import { SqliteJournal } from './sqlite-journal.ts';
import { SqliteLedger } from './sqlite-ledger.ts';

/** A cell as it is kept. */
export interface StoredCell {
  /** Ids, rank 1 first. */
  readonly picked: readonly string[];
  readonly metrics: Readonly<Record<string, number | null>>;
  readonly notes: readonly string[];
}

/**
 * The state of one simulation: calls and trainings under one cap on money, and every cell that was made. Append-only.
 * Selections and trainings have a number each, which stands for the round in what is kept of them.
 */
export class SimulationStore {
  readonly path: string;
  readonly calls: SqliteLedger;
  readonly trainings: SqliteExpenses;
  /** Tries of trainings. */
  readonly rounds: RoundStore;
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
    this.trainings = new SqliteExpenses(database, clock, (trainings) => this.#checkMoney(trainings));
    this.rounds = new RoundStore(database, clock);
    this.models = new ModelStore(database, clock);
  }

  /** What is spent, or may be: calls whose fate is unknown and trainings under way among it. */
  spentMicroUsd(): MicroUsd {
    const { settledMicroUsd, reservedMicroUsd, lostMicroUsd } = this.calls.spending();
    const trainings = this.trainings.totals('training');
    return settledMicroUsd + reservedMicroUsd + lostMicroUsd + trainings.settledMicroUsd + trainings.reservedMicroUsd;
  }

  /** The number of a selection or training, from 1; undefined where it was never begun. */
  findNumber(key: string): number | undefined {
    return this.#database.prepare('SELECT number FROM simulation_part WHERE key = ?').pluck().get(key) as
      | number
      | undefined;
  }

  /** The number of a selection or training, the same whenever it is asked for. */
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
    const row = this.#database.prepare('SELECT picked, metrics, notes FROM simulation_cell WHERE key = ?').get(key) as
      | { readonly picked: string; readonly metrics: string; readonly notes: string }
      | undefined;
    if (!row) return undefined;
    return {
      picked: JSON.parse(row.picked) as string[],
      metrics: JSON.parse(row.metrics) as Record<string, number | null>,
      notes: JSON.parse(row.notes) as string[],
    };
  }

  saveCell(key: string, { picked, metrics, notes }: StoredCell): void {
    this.#database
      .prepare('INSERT INTO simulation_cell (key, picked, metrics, notes, created_at_ms) VALUES (?, ?, ?, ?, ?)')
      .run(key, JSON.stringify(picked), JSON.stringify(metrics), JSON.stringify(notes), this.#clock.now());
  }

  /** Each is held against what is spent and those before it. */
  #checkMoney(planned: readonly Pick<PlannedExpense, 'subject' | 'worstCaseMicroUsd'>[]): void {
    const cap = this.#maxMicroUsd;
    if (cap === undefined) return;
    let used = this.spentMicroUsd();
    for (const { subject, worstCaseMicroUsd } of planned) {
      // What is free fits even where the world has charged more than the cap.
      if (worstCaseMicroUsd > 0 && used + worstCaseMicroUsd > cap) {
        throw new BudgetExceededError(
          `${formatUsdExactly(used)} of ${formatUsdExactly(cap)} is spent or set aside; ` +
            `${subject} could cost ${formatUsdExactly(worstCaseMicroUsd)}.`,
          {
            cap: 'usd',
            callsUnderWay: this.calls.spending().reservedCalls,
            hint: 'Raise --max-usd and run the same command again: it goes on from here.',
          },
        );
      }
      used += worstCaseMicroUsd;
    }
  }
}

/**
 * Opens the state of a simulation, or begins it, for this process alone.
 * @throws StateError STATE_LOCKED, STATE_MISMATCH, STATE_NEWER, STATE_UNREADABLE
 */
export function openSimulationStore(
  path: string,
  identity: RunIdentity,
  options: { readonly clock: Clock; readonly version: string; readonly caps?: BudgetCaps },
): { readonly store: SimulationStore; close(): void } {
  const { opened, close } = openLocked(path, options.clock.now(), (database) => {
    claimIdentity(database, path, { kind: 'simulate', ...identity }, options);
    return new SimulationStore(database, { path, ...options });
  });
  return { store: opened, close };
}
