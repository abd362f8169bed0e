import type Database from 'better-sqlite3';
import { z } from 'zod';
import type { Answers } from '../domain/questions.ts';
import { flagColumn, jsonColumn, jsonObject, RowShape } from './row-shape.ts';

const workingCopyRow = z.object({
  position: z.int(),
  annotator: z.string(),
  /** Counts up from 1 with every change. */
  revision: z.int(),
  response: z.string(),
  /** Why the item is rejected or skipped; empty where no reason is given. */
  comment: z.string(),
  /** What they say about the item or their answer; may be empty. */
  note: z.string(),
  /** Whether they doubt their answer. */
  doubtful: flagColumn,
  /** To the item's questions. */
  answers: jsonColumn(jsonObject),
  /** Time spent on it. */
  seconds: z.number(),
  /** Whether this text was submitted. */
  submitted: flagColumn,
  updatedAtMs: z.int(),
});
/** What a person has written about an item, as last saved. */
export type WorkingCopy = Readonly<Omit<z.output<typeof workingCopyRow>, 'answers'>> & { readonly answers: Answers };
const workingCopies = new RowShape('working_copy', workingCopyRow, ['position', 'annotator']);
const unsubmitted = new RowShape(
  'working_copy',
  workingCopyRow.pick({ position: true, annotator: true, updatedAtMs: true }),
  ['position', 'annotator'],
);

const holdRow = z.object({
  position: z.int(),
  annotator: z.string(),
  sinceMs: z.int(),
  /** Others may take the item after this time, unless the hold is extended. */
  untilMs: z.int(),
  /** Whether it is only the next one that the person will see. */
  ahead: flagColumn,
});
/** An item that a person is working on, or is given next. */
export type Hold = Readonly<z.output<typeof holdRow>>;
const holds = new RowShape('hold', holdRow, ['position', 'annotator']);
const marks = new RowShape('step', z.object({ steps: z.int(), annotations: z.int(), actions: z.int() }));

/** Who is working on which item, and what they have not submitted yet. Only the latest version is kept. */
export class DeskStore {
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    this.#database = database;
  }

  workingCopy(position: number, annotator: string): WorkingCopy | undefined {
    const statement = this.#database.prepare(
      `SELECT position, annotator, revision, response, comment, note, doubtful, answers, seconds,
         submitted, updated_at_ms AS updatedAtMs
       FROM working_copy WHERE position = ? AND annotator = ?`,
    );
    return workingCopies.first(statement, position, annotator) as WorkingCopy | undefined;
  }

  /** Items with text that is written but not submitted, of one person or of all; by position. */
  begun(annotator?: string): { readonly position: number; readonly annotator: string; readonly updatedAtMs: number }[] {
    const whose = annotator === undefined ? [] : [annotator];
    const statement = this.#database.prepare(
      `SELECT position, annotator, updated_at_ms AS updatedAtMs FROM working_copy
       WHERE ${annotator === undefined ? '' : 'annotator = ? AND '}submitted = 0
         AND (response <> '' OR comment <> '' OR note <> '' OR doubtful = 1 OR answers <> '{}')
       ORDER BY position, annotator`,
    );
    return unsubmitted.all(statement, ...whose);
  }

  saveWorkingCopy(copy: WorkingCopy): void {
    this.#database
      .prepare(
        `INSERT OR REPLACE INTO working_copy
           (position, annotator, revision, response, comment, note, doubtful, answers, seconds, submitted,
           updated_at_ms)
         VALUES (@position, @annotator, @revision, @response, @comment, @note, @doubtful, @answers, @seconds,
           @submitted, @updatedAtMs)`,
      )
      .run({
        ...copy,
        response: copy.response.toWellFormed(),
        comment: copy.comment.toWellFormed(),
        note: copy.note.toWellFormed(),
        doubtful: copy.doubtful ? 1 : 0,
        answers: JSON.stringify(copy.answers),
        submitted: copy.submitted ? 1 : 0,
      });
  }

  /** Holds that end after `nowMs`, by position. */
  holds(nowMs: number): Hold[] {
    const statement = this.#database.prepare(
      `SELECT position, annotator, since_ms AS sinceMs, until_ms AS untilMs, ahead FROM hold WHERE until_ms > ?
       ORDER BY position, annotator`,
    );
    return holds.all(statement, nowMs);
  }

  /** A person's hold on an item, expired or not. */
  hold(position: number, annotator: string): Hold | undefined {
    const statement = this.#database.prepare(
      `SELECT position, annotator, since_ms AS sinceMs, until_ms AS untilMs, ahead FROM hold
       WHERE position = ? AND annotator = ?`,
    );
    return holds.first(statement, position, annotator);
  }

  saveHold(hold: Hold): void {
    this.#database
      .prepare(
        `INSERT OR REPLACE INTO hold (position, annotator, since_ms, until_ms, ahead)
         VALUES (@position, @annotator, @sinceMs, @untilMs, @ahead)`,
      )
      .run({ ...hold, ahead: hold.ahead ? 1 : 0 });
  }

  dropHold(position: number, annotator: string): void {
    this.#database.prepare('DELETE FROM hold WHERE position = ? AND annotator = ?').run(position, annotator);
  }

  /** The last step, label and action of a lead. None is ever deleted, so the same marks mean that nothing has changed. */
  marks(): { readonly steps: number; readonly annotations: number; readonly actions: number } {
    const statement = this.#database.prepare(
      `SELECT (SELECT coalesce(max(rowid), 0) FROM step) AS steps,
         (SELECT coalesce(max(id), 0) FROM annotation) AS annotations,
         (SELECT coalesce(max(id), 0) FROM lead_action) AS actions`,
    );
    return marks.only(statement);
  }
}
