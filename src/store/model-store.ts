import type Database from 'better-sqlite3';
import type { JsonObject } from '../domain/instruction.ts';
import type { MicroUsd } from '../domain/money.ts';
import type { Evaluation, ModelRecord } from '../domain/round.ts';

/** What a judge thinks of an instruction by itself; null where no usable judgment came. */
export interface Rating {
  readonly position: number;
  readonly score: number | null;
  readonly reason: string;
  readonly costMicroUsd: MicroUsd;
  /** How often it was tried before. */
  readonly generation: number;
}

/** Ratings of the pool, trainings, models and how they did. Append-only. */
export class ModelStore {
  readonly #database: Database.Database;
  readonly #clock: { now(): number };

  constructor(database: Database.Database, clock: { now(): number }) {
    this.#database = database;
    this.#clock = clock;
  }

  /** What one judge has rated, by position; the last try counts. */
  ratings(judge: string): Rating[] {
    return this.#database
      .prepare(
        `SELECT position, score, reason, cost_micro_usd AS costMicroUsd, max(generation) AS generation FROM rating
         WHERE judge = ? GROUP BY position ORDER BY position`,
      )
      .all(judge) as Rating[];
  }

  /** Whose rating is the latest; undefined before the first. */
  lastRater(): string | undefined {
    return this.#database.prepare('SELECT judge FROM rating ORDER BY rowid DESC LIMIT 1').pluck().get() as
      | string
      | undefined;
  }

  saveRating(judge: string, rating: Rating): void {
    this.#database
      .prepare(
        `INSERT INTO rating (position, judge, generation, score, reason, cost_micro_usd, created_at_ms)
         VALUES (@position, @judge, @generation, @score, @reason, @costMicroUsd, @now)`,
      )
      .run({ ...rating, judge, reason: rating.reason.toWellFormed(), now: this.#clock.now() });
  }

  /** What a trainer noted last in this round. */
  trainingNotes(round: number): JsonObject | undefined {
    const notes = this.#database
      .prepare('SELECT notes FROM training_note WHERE round = ? ORDER BY id DESC LIMIT 1')
      .pluck()
      .get(round) as string | undefined;
    return notes === undefined ? undefined : (JSON.parse(notes) as JsonObject);
  }

  saveTrainingNotes(round: number, notes: JsonObject): void {
    this.#database
      .prepare('INSERT INTO training_note (round, notes, created_at_ms) VALUES (?, ?, ?)')
      .run(round, JSON.stringify(notes), this.#clock.now());
  }

  /** By round. */
  models(): ModelRecord[] {
    return this.#database
      .prepare(
        `SELECT round, trainer, name, base_url AS baseUrl, cost_micro_usd AS costMicroUsd FROM model ORDER BY round`,
      )
      .all() as ModelRecord[];
  }

  saveModel(model: ModelRecord, details: JsonObject): void {
    this.#database
      .prepare(
        `INSERT INTO model (round, trainer, name, base_url, cost_micro_usd, details, created_at_ms)
         VALUES (@round, @trainer, @name, @baseUrl, @costMicroUsd, @details, @now)`,
      )
      .run({ ...model, details: JSON.stringify(details), now: this.#clock.now() });
  }

  /** Of one model, in the order items were first evaluated; the last try counts. */
  evaluations(round: number): Evaluation[] {
    return this.#database
      .prepare(
        `SELECT subset, item_id AS itemId, answer, answer_model AS answerModel, judge, score, reason,
           cost_micro_usd AS costMicroUsd, generation
         FROM evaluation JOIN (
           SELECT round, subset, item_id, max(generation) AS generation, min(rowid) AS first FROM evaluation
           WHERE round = ? GROUP BY subset, item_id
         ) USING (round, subset, item_id, generation)
         ORDER BY first`,
      )
      .all(round) as Evaluation[];
  }

  saveEvaluation(round: number, evaluation: Evaluation): void {
    this.#database
      .prepare(
        `INSERT INTO evaluation (round, subset, item_id, generation, answer, answer_model, judge, score, reason,
           cost_micro_usd, created_at_ms)
         VALUES (@round, @subset, @itemId, @generation, @answer, @answerModel, @judge, @score, @reason,
           @costMicroUsd, @now)`,
      )
      .run({
        ...evaluation,
        round,
        itemId: evaluation.itemId.toWellFormed(),
        answer: evaluation.answer.toWellFormed(),
        reason: evaluation.reason.toWellFormed(),
        now: this.#clock.now(),
      });
  }
}
