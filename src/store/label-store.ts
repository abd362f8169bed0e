import type Database from 'better-sqlite3';
import type { JsonObject } from '../domain/instruction.ts';
import type { Annotation, Verdict } from '../domain/label.ts';
import type { MicroUsd } from '../domain/money.ts';
import { transact } from './transact.ts';

/** An annotation that was taken in. */
export interface StoredAnnotation extends Omit<Annotation, 'itemId' | 'verdict'> {
  /** In the order they were taken in. */
  readonly id: number;
  readonly position: number;
  /** Drafts are not taken in. */
  readonly verdict: Exclude<Verdict, 'draft'>;
  readonly costMicroUsd: MicroUsd;
}

export type NewAnnotation = Omit<StoredAnnotation, 'id'> & {
  /** By its content: the same annotation is taken in once. */
  readonly key: string;
};

/** What people said, which of it is held out, and what each model was trained on. Append-only. */
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

  /** Takes an import in, whole. `alongside` is written in the same transaction, after the annotations. */
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
           source_id, comment, cost_micro_usd)
         VALUES (@key, @importId, @position, @verdict, @response, @annotator, @seconds, @submittedAtMs,
           @sourceId, @comment, @costMicroUsd)`,
      );
      for (const annotation of annotations) {
        insert.run({
          ...annotation,
          importId,
          response: annotation.response?.toWellFormed() ?? null,
          annotator: annotation.annotator?.toWellFormed() ?? null,
          sourceId: annotation.sourceId?.toWellFormed() ?? null,
          comment: annotation.comment?.toWellFormed() ?? null,
        });
      }
      alongside();
    });
  }

  /** Where labels came from, each source once, with the time of the first; in that order. */
  sources(): { readonly source: string; readonly tool: string; readonly atMs: number }[] {
    return this.#database
      .prepare(
        'SELECT source, tool, min(created_at_ms) AS atMs FROM label_import GROUP BY source, tool ORDER BY min(id)',
      )
      .all() as { source: string; tool: string; atMs: number }[];
  }

  /** Everybody's work on an item. */
  costOf(position: number): MicroUsd {
    return this.#database
      .prepare('SELECT coalesce(sum(cost_micro_usd), 0) FROM annotation WHERE position = ?')
      .pluck()
      .get(position) as MicroUsd;
  }

  /** What the annotations of an item are known by, in the order they were taken in. */
  keysOf(position: number): string[] {
    return this.#database
      .prepare('SELECT key FROM annotation WHERE position = ? ORDER BY id')
      .pluck()
      .all(position) as string[];
  }

  /** In the order they were taken in. @param after only those that were taken in after the one of this id */
  annotations(after = 0): StoredAnnotation[] {
    return this.#annotations('id > ?', after);
  }

  /** Of one item, in the order they were taken in. */
  annotationsOf(position: number): StoredAnnotation[] {
    return this.#annotations('position = ?', position);
  }

  /** Position → whether its label is held out. Given once, never changed. */
  assignments(): Map<number, boolean> {
    const rows = this.#database.prepare('SELECT position, held_out FROM assignment').all() as {
      position: number;
      held_out: number;
    }[];
    return new Map(rows.map(({ position, held_out }) => [position, held_out === 1]));
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
    return this.#database
      .prepare(`SELECT position, annotation_id AS annotationId FROM training_example WHERE round = ? ORDER BY position`)
      .all(round) as { position: number; annotationId: number }[];
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
    const rows = this.#database
      .prepare(
        `SELECT id, position, verdict, response, annotator, seconds, submitted_at_ms AS submittedAtMs,
           source_id AS sourceId, comment, cost_micro_usd AS costMicroUsd
         FROM annotation WHERE ${where} ORDER BY id`,
      )
      .all(value) as (Omit<StoredAnnotation, 'comment'> & { comment: string | null })[];
    return rows.map(({ comment, ...row }) => (comment === null ? row : { ...row, comment }));
  }
}
