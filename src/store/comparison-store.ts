import type Database from 'better-sqlite3';
import { z } from 'zod';
import type { JsonObject } from '../domain/instruction.ts';
import { jsonColumn, jsonObject, RowShape } from './row-shape.ts';
import { transact } from './transact.ts';

/** The labels of the model: those that were selected, or as many that were drawn at random. */
export type ComparedArm = 'selected' | 'random';

const started = z.object({ labels: z.array(z.int()) });
const trained = z.object({
  trainer: z.string(),
  name: z.string(),
  baseUrl: z.string().nullable(),
  costMicroUsd: z.int(),
});
const events = new RowShape(
  'comparison_event',
  z.object({ event: z.enum(['started', 'noted', 'failed', 'trained']), details: jsonColumn(jsonObject) }),
);

/** Where a training for a comparison stands. */
export interface ComparedTraining {
  /** From 1. A try that failed is followed by the next. */
  readonly attempt: number;
  /** Ids of the annotations of this try; undefined before it starts. */
  readonly labels: readonly number[] | undefined;
  /** The trainer's latest notes, of any try: it tells its tries apart itself. */
  readonly notes: JsonObject | undefined;
  readonly model: Readonly<z.output<typeof trained>> | undefined;
}

/** Trainings of models that are only compared with each other. Append-only. */
export class ComparisonStore {
  readonly #database: Database.Database;
  readonly #clock: { now(): number };

  constructor(database: Database.Database, clock: { now(): number }) {
    this.#database = database;
    this.#clock = clock;
  }

  training(round: number, arm: ComparedArm): ComparedTraining {
    const statement = this.#database.prepare(
      'SELECT event, details FROM comparison_event WHERE round = ? AND arm = ? ORDER BY id',
    );
    const all = events.all(statement, round, arm);
    const since = all.findLastIndex(({ event }) => event === 'failed') + 1;
    const last = (wanted: string) => all.slice(since).findLast(({ event }) => event === wanted)?.details;
    const model = last('trained');
    const start = last('started');
    return {
      attempt: all.filter(({ event }) => event === 'failed').length + 1,
      labels: start === undefined ? undefined : started.parse(start).labels,
      notes: all.findLast(({ event }) => event === 'noted')?.details,
      model: model === undefined ? undefined : trained.parse(model),
    };
  }

  start(round: number, arm: ComparedArm, labels: readonly number[], alongside: () => void): void {
    this.#add(round, arm, 'started', { labels: [...labels] }, alongside);
  }

  note(round: number, arm: ComparedArm, notes: JsonObject): void {
    this.#add(round, arm, 'noted', notes);
  }

  /** The try failed: the next one may start. */
  fail(round: number, arm: ComparedArm, message: string, alongside: () => void): void {
    this.#add(round, arm, 'failed', { message: message.toWellFormed() }, alongside);
  }

  finish(round: number, arm: ComparedArm, model: z.output<typeof trained>, alongside: () => void): void {
    this.#add(round, arm, 'trained', model, alongside);
  }

  /** @param alongside writes in the same transaction */
  #add(round: number, arm: ComparedArm, event: string, details: JsonObject, alongside: () => void = () => {}): void {
    transact(this.#database, () => {
      alongside();
      this.#database
        .prepare('INSERT INTO comparison_event (round, arm, event, details, created_at_ms) VALUES (?, ?, ?, ?, ?)')
        .run(round, arm, event, JSON.stringify(details), this.#clock.now());
    });
  }
}
