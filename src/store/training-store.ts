import type Database from 'better-sqlite3';
import { z } from 'zod';
import { RowShape } from './row-shape.ts';
import { transact } from './transact.ts';

/** Ids of the annotations of a try, in the order of the training file. */
export interface TriedLabels {
  readonly train: readonly number[];
  readonly heldOut: readonly number[];
}

const counts = new RowShape('training_failure', z.int());
const tries = new RowShape('training_try', z.int());
const labels = new RowShape('training_try_label', z.int());

/** Tries to train the seed model of a round, numbered from 1. A try that failed is followed by the next. Append-only. */
export class TrainingStore {
  readonly #database: Database.Database;
  readonly #clock: { now(): number };

  constructor(database: Database.Database, clock: { now(): number }) {
    this.#database = database;
    this.#clock = clock;
  }

  /** The number of the try that is open or comes next. */
  currentTry(round: number): number {
    const statement = this.#database.prepare('SELECT count(*) + 1 FROM training_failure WHERE round = ?');
    return counts.only(statement.pluck(), round);
  }

  /** The labels of the current try; undefined before it starts. */
  started(round: number): TriedLabels | undefined {
    const number = this.currentTry(round);
    const found = this.#database.prepare('SELECT number FROM training_try WHERE round = ? AND number = ?').pluck();
    if (tries.first(found, round, number) === undefined) return undefined;
    const statement = this.#database
      .prepare(
        `SELECT annotation_id FROM training_try_label WHERE round = ? AND number = ? AND held_out = ? ORDER BY ordinal`,
      )
      .pluck();
    return { train: labels.all(statement, round, number, 0), heldOut: labels.all(statement, round, number, 1) };
  }

  /** Starts the current try. `alongside` writes in the same transaction. */
  start(round: number, { train, heldOut }: TriedLabels, alongside: () => void): void {
    transact(this.#database, () => {
      alongside();
      const number = this.currentTry(round);
      this.#database
        .prepare('INSERT INTO training_try (round, number, created_at_ms) VALUES (?, ?, ?)')
        .run(round, number, this.#clock.now());
      const insert = this.#database.prepare(
        'INSERT INTO training_try_label (round, number, held_out, ordinal, annotation_id) VALUES (?, ?, ?, ?, ?)',
      );
      for (const [ordinal, id] of train.entries()) insert.run(round, number, 0, ordinal, id);
      for (const [ordinal, id] of heldOut.entries()) insert.run(round, number, 1, ordinal, id);
    });
  }

  /** The current try failed: the next one may start. `alongside` writes in the same transaction. */
  fail(round: number, message: string, alongside: () => void): void {
    transact(this.#database, () => {
      alongside();
      this.#database
        .prepare('INSERT INTO training_failure (round, number, message, created_at_ms) VALUES (?, ?, ?, ?)')
        .run(round, this.currentTry(round), message.toWellFormed(), this.#clock.now());
    });
  }
}
