import type Database from 'better-sqlite3';
import { z } from 'zod';
import type { JsonObject } from '../domain/instruction.ts';
import type { Evaluation, ModelRecord } from '../domain/round.ts';
import { flagColumn, jsonColumn, jsonObject, RowShape } from './row-shape.ts';

const refusedColumn = flagColumn.transform((refused): boolean | undefined => refused || undefined).optional();
const ratingRow = z.object({
  position: z.int(),
  /** Null where the judge gave no usable rating. */
  score: z.number().nullable(),
  reason: z.string(),
  costMicroUsd: z.int(),
  /** How often it was tried before. */
  generation: z.int(),
  /** A content filter refused the instruction: it is not rated again. */
  isRefused: refusedColumn,
});
/** A judge's rating of an instruction by itself. */
export type Rating = Readonly<z.output<typeof ratingRow>>;
const ratings = new RowShape('rating', ratingRow, ['position', 'generation']);
const judges = new RowShape('rating', z.string());
const costs = new RowShape('model', z.int());
const notes = new RowShape('training_note', jsonColumn(jsonObject));
const models = new RowShape(
  'model',
  z.object({
    round: z.int(),
    trainer: z.string(),
    name: z.string(),
    baseUrl: z.string().nullable(),
    costMicroUsd: z.int(),
  }) satisfies z.ZodType<ModelRecord>,
  ['round'],
);
const evaluations = new RowShape(
  'evaluation',
  z.object({
    subset: z.enum(['pool', 'held-out', 'test']),
    itemId: z.string(),
    answer: z.string(),
    answerModel: z.string(),
    confidence: z.number().nullable(),
    judge: z.string(),
    score: z.number().nullable(),
    reason: z.string(),
    costMicroUsd: z.int(),
    generation: z.int(),
    isRefused: refusedColumn,
  }) satisfies z.ZodType<Evaluation>,
  ['subset', 'itemId', 'generation'],
);

/** Ratings of the pool, trainings, models and their evaluations. Append-only. */
export class ModelStore {
  readonly #database: Database.Database;
  readonly #clock: { now(): number };

  constructor(database: Database.Database, clock: { now(): number }) {
    this.#database = database;
    this.#clock = clock;
  }

  /** All ratings of one judge, by position; the last try counts. */
  ratings(judge: string): Rating[] {
    const statement = this.#database.prepare(
      `SELECT position, score, reason, cost_micro_usd AS costMicroUsd, max(generation) AS generation, refused AS isRefused
       FROM rating
       WHERE judge = ? GROUP BY position ORDER BY position`,
    );
    return ratings.all(statement, judge);
  }

  /** The most that a training by this trainer has cost; 0 before the first. */
  dearestTraining(trainer: string): number {
    const statement = this.#database.prepare('SELECT coalesce(max(cost_micro_usd), 0) FROM model WHERE trainer = ?');
    return costs.only(statement.pluck(), trainer);
  }

  /** The judge of the latest rating; undefined before the first. */
  lastRater(): string | undefined {
    return judges.first(this.#database.prepare('SELECT judge FROM rating ORDER BY rowid DESC LIMIT 1').pluck());
  }

  saveRating(judge: string, rating: Rating): void {
    this.#database
      .prepare(
        `INSERT INTO rating (position, judge, generation, score, reason, cost_micro_usd, created_at_ms, refused)
         VALUES (@position, @judge, @generation, @score, @reason, @costMicroUsd, @now, @refused)`,
      )
      .run({
        ...rating,
        judge,
        reason: rating.reason.toWellFormed(),
        now: this.#clock.now(),
        refused: rating.isRefused ? 1 : 0,
      });
  }

  /** The trainer's latest notes of this round. */
  trainingNotes(round: number): JsonObject | undefined {
    const statement = this.#database.prepare(
      'SELECT notes FROM training_note WHERE round = ? ORDER BY id DESC LIMIT 1',
    );
    return notes.first(statement.pluck(), round);
  }

  saveTrainingNotes(round: number, notes: JsonObject): void {
    this.#database
      .prepare('INSERT INTO training_note (round, notes, created_at_ms) VALUES (?, ?, ?)')
      .run(round, JSON.stringify(notes), this.#clock.now());
  }

  /** By round. */
  models(): ModelRecord[] {
    const statement = this.#database.prepare(
      'SELECT round, trainer, name, base_url AS baseUrl, cost_micro_usd AS costMicroUsd FROM model ORDER BY round',
    );
    return models.all(statement);
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
    const statement = this.#database.prepare(
      `SELECT subset, item_id AS itemId, answer, answer_model AS answerModel, confidence, judge, score, reason,
         cost_micro_usd AS costMicroUsd, generation, refused AS isRefused
       FROM evaluation JOIN (
         SELECT round, subset, item_id, max(generation) AS generation, min(rowid) AS first FROM evaluation
         WHERE round = ? GROUP BY subset, item_id
       ) USING (round, subset, item_id, generation)
       ORDER BY first`,
    );
    return evaluations.all(statement, round);
  }

  saveEvaluation(round: number, evaluation: Evaluation): void {
    this.#database
      .prepare(
        `INSERT INTO evaluation (round, subset, item_id, generation, answer, answer_model, confidence, judge, score,
           reason, cost_micro_usd, created_at_ms, refused)
         VALUES (@round, @subset, @itemId, @generation, @answer, @answerModel, @confidence, @judge, @score,
           @reason, @costMicroUsd, @now, @refused)`,
      )
      .run({
        ...evaluation,
        round,
        itemId: evaluation.itemId.toWellFormed(),
        answer: evaluation.answer.toWellFormed(),
        reason: evaluation.reason.toWellFormed(),
        refused: evaluation.isRefused ? 1 : 0,
        now: this.#clock.now(),
      });
  }
}
