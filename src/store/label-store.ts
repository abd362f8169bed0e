import type Database from 'better-sqlite3';
import { z } from 'zod';
import type { JsonObject } from '../domain/instruction.ts';
import type { Annotation, Verdict } from '../domain/label.ts';
import type { MicroUsd } from '../domain/money.ts';
import type { Answers } from '../domain/questions.ts';
import { flagColumn, jsonColumn, jsonObject, RowShape } from './row-shape.ts';
import { transact } from './transact.ts';

/** An annotation that was imported or submitted. */
export interface StoredAnnotation extends Omit<Annotation, 'itemId' | 'verdict'> {
  /** Counts up in the order of import. */
  readonly id: number;
  readonly position: number;
  /** Drafts are not stored. */
  readonly verdict: Exclude<Verdict, 'draft'>;
  readonly costMicroUsd: MicroUsd;
}

export type NewAnnotation = Omit<StoredAnnotation, 'id'> & {
  /** A hash of its content: the same annotation is stored once. */
  readonly key: string;
};

const annotationRows = new RowShape(
  'annotation',
  z.object({
    id: z.int(),
    position: z.int(),
    verdict: z.enum(['accepted', 'rejected', 'skipped']),
    response: z.string().nullable(),
    annotator: z.string().nullable(),
    seconds: z.number().nullable(),
    submittedAtMs: z.int().nullable(),
    sourceId: z.string().nullable(),
    comment: z.string().nullable(),
    note: z.string().nullable(),
    doubtful: flagColumn,
    answers: jsonColumn(jsonObject).nullable(),
    costMicroUsd: z.int(),
  }),
  ['id'],
);
const keys = new RowShape('annotation', z.string());
const costs = new RowShape('annotation', z.int());
const positions = new RowShape('annotation', z.int());
const sourceRows = new RowShape('label_import', z.object({ source: z.string(), tool: z.string(), atMs: z.int() }), [
  'source',
  'tool',
]);
const assignmentRows = new RowShape('assignment', z.object({ position: z.int(), heldOut: flagColumn }), ['position']);
const exampleRows = new RowShape('training_example', z.object({ position: z.int(), annotationId: z.int() }), [
  'position',
]);

/** Labels, which of them are held out, and what each model was trained on. Append-only. */
export class LabelStore {
  readonly #database: Database.Database;
  readonly #clock: { now(): number };

  constructor(database: Database.Database, clock: { now(): number }) {
    this.#database = database;
    this.#clock = clock;
  }

  has(key: string): boolean {
    return this.#database.prepare('SELECT 1 FROM annotation WHERE key = ?').pluck().get(key) === 1;
  }

  /** The position of the item that an annotation is for. */
  positionOf(key: string): number | undefined {
    return positions.first(this.#database.prepare('SELECT position FROM annotation WHERE key = ?').pluck(), key);
  }

  /** Stores a whole import in one transaction. `alongside` writes in the same transaction, after the annotations. */
  saveImport(
    { source, tool, summary }: { source: string; tool: string; summary: JsonObject },
    annotations: readonly NewAnnotation[],
    alongside: () => void,
  ): void {
    transact(this.#database, () => {
      const importId = this.#database
        .prepare('INSERT INTO label_import (source, tool, summary, created_at_ms) VALUES (?, ?, ?, ?)')
        .run(source, tool, JSON.stringify(summary), this.#clock.now()).lastInsertRowid;
      const insert = this.#database.prepare(
        `INSERT INTO annotation (key, import_id, position, verdict, response, annotator, seconds, submitted_at_ms,
           source_id, comment, note, doubtful, answers, cost_micro_usd)
         VALUES (@key, @importId, @position, @verdict, @response, @annotator, @seconds, @submittedAtMs,
           @sourceId, @comment, @note, @doubtful, @answers, @costMicroUsd)`,
      );
      for (const annotation of annotations) {
        insert.run({
          ...annotation,
          importId,
          response: annotation.response?.toWellFormed() ?? null,
          annotator: annotation.annotator?.toWellFormed() ?? null,
          sourceId: annotation.sourceId?.toWellFormed() ?? null,
          comment: annotation.comment?.toWellFormed() ?? null,
          note: annotation.note?.toWellFormed() ?? null,
          doubtful: annotation.doubtful === true ? 1 : 0,
          answers: annotation.answers === undefined ? null : JSON.stringify(annotation.answers),
        });
      }
      alongside();
    });
  }

  /** Where labels came from, each source once, with the time of the first; in that order. */
  sources(): { readonly source: string; readonly tool: string; readonly atMs: number }[] {
    const statement = this.#database.prepare(
      'SELECT source, tool, min(created_at_ms) AS atMs FROM label_import GROUP BY source, tool ORDER BY min(id)',
    );
    return sourceRows.all(statement);
  }

  /** Of all annotations of an item together. */
  costOf(position: number): MicroUsd {
    const statement = this.#database.prepare(
      'SELECT coalesce(sum(cost_micro_usd), 0) FROM annotation WHERE position = ?',
    );
    return costs.only(statement.pluck(), position);
  }

  /** Keys of the annotations of an item, in the order of import. */
  keysOf(position: number): string[] {
    return keys.all(
      this.#database.prepare('SELECT key FROM annotation WHERE position = ? ORDER BY id').pluck(),
      position,
    );
  }

  /** In the order of import. @param after only those with a greater id */
  annotations(after = 0): StoredAnnotation[] {
    return this.#annotations('id > ?', after);
  }

  /** Of one item, in the order of import. */
  annotationsOf(position: number): StoredAnnotation[] {
    return this.#annotations('position = ?', position);
  }

  /** Position → whether its label is held out. Given once, never changed. */
  assignments(): Map<number, boolean> {
    const rows = assignmentRows.all(this.#database.prepare('SELECT position, held_out AS heldOut FROM assignment'));
    return new Map(rows.map(({ position, heldOut }) => [position, heldOut]));
  }

  assign(heldOut: ReadonlyMap<number, boolean>): void {
    const insert = this.#database.prepare(
      'INSERT INTO assignment (position, held_out, created_at_ms) VALUES (?, ?, ?)',
    );
    transact(this.#database, () => {
      for (const [position, isHeldOut] of heldOut) insert.run(position, isHeldOut ? 1 : 0, this.#clock.now());
    });
  }

  /** What the model of a round was trained on, by position; empty while that is not decided. */
  trainingExamples(round: number): { readonly position: number; readonly annotationId: number }[] {
    const statement = this.#database.prepare(
      'SELECT position, annotation_id AS annotationId FROM training_example WHERE round = ? ORDER BY position',
    );
    return exampleRows.all(statement, round);
  }

  saveTrainingExamples(round: number, examples: readonly { position: number; annotationId: number }[]): void {
    const insert = this.#database.prepare(
      'INSERT INTO training_example (round, position, annotation_id) VALUES (?, ?, ?)',
    );
    transact(this.#database, () => {
      for (const { position, annotationId } of examples) insert.run(round, position, annotationId);
    });
  }

  #annotations(where: string, value: number): StoredAnnotation[] {
    const statement = this.#database.prepare(
      `SELECT id, position, verdict, response, annotator, seconds, submitted_at_ms AS submittedAtMs,
         source_id AS sourceId, comment, note, doubtful, answers, cost_micro_usd AS costMicroUsd
       FROM annotation WHERE ${where} ORDER BY id`,
    );
    return annotationRows.all(statement, value).map(({ comment, note, doubtful, answers, ...row }) => ({
      ...row,
      ...(comment === null ? {} : { comment }),
      ...(note === null ? {} : { note }),
      ...(doubtful ? { doubtful } : {}),
      ...(answers === null ? {} : { answers: answers as Answers }),
    }));
  }
}
