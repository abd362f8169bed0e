import type Database from 'better-sqlite3';

/** What a person has written of an item so far, as it was saved last. */
export interface WorkingCopy {
  readonly position: number;
  readonly annotator: string;
  /** Counts up from 1 with every change. */
  readonly revision: number;
  readonly response: string;
  /** Why it is turned down or passed over; empty where nothing is said. */
  readonly comment: string;
  /** Time at work on it. */
  readonly seconds: number;
  /** Whether it is what was submitted last. */
  readonly submitted: boolean;
  readonly updatedAtMs: number;
}

/** An item that somebody is at work on. */
export interface Hold {
  readonly position: number;
  readonly annotator: string;
  readonly sinceMs: number;
  /** Others may have the item from then on, unless it is prolonged. */
  readonly untilMs: number;
}

/** Who is at work on what, and what they have not submitted yet. The latest counts; earlier ones are not kept. */
export class DeskStore {
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    this.#database = database;
  }

  workingCopy(position: number, annotator: string): WorkingCopy | undefined {
    const row = this.#database
      .prepare(
        `SELECT position, annotator, revision, response, comment, seconds, submitted, updated_at_ms AS updatedAtMs
         FROM working_copy WHERE position = ? AND annotator = ?`,
      )
      .get(position, annotator) as (Omit<WorkingCopy, 'submitted'> & { submitted: number }) | undefined;
    return row && { ...row, submitted: row.submitted === 1 };
  }

  /** Items of which a person has written something that is not submitted: one person's, or everybody's; by position. */
  begun(annotator?: string): { readonly position: number; readonly annotator: string; readonly updatedAtMs: number }[] {
    const whose = annotator === undefined ? [] : [annotator];
    return this.#database
      .prepare(
        `SELECT position, annotator, updated_at_ms AS updatedAtMs FROM working_copy
         WHERE ${annotator === undefined ? '' : 'annotator = ? AND '}submitted = 0 AND (response <> '' OR comment <> '')
         ORDER BY position, annotator`,
      )
      .all(...whose) as { position: number; annotator: string; updatedAtMs: number }[];
  }

  saveWorkingCopy(copy: WorkingCopy): void {
    this.#database
      .prepare(
        `INSERT OR REPLACE INTO working_copy
           (position, annotator, revision, response, comment, seconds, submitted, updated_at_ms)
         VALUES (@position, @annotator, @revision, @response, @comment, @seconds, @submitted, @updatedAtMs)`,
      )
      .run({
        ...copy,
        response: copy.response.toWellFormed(),
        comment: copy.comment.toWellFormed(),
        submitted: copy.submitted ? 1 : 0,
      });
  }

  /** Those that last beyond `nowMs`, by position. */
  holds(nowMs: number): Hold[] {
    return this.#database
      .prepare(
        `SELECT position, annotator, since_ms AS sinceMs, until_ms AS untilMs FROM hold WHERE until_ms > ?
         ORDER BY position, annotator`,
      )
      .all(nowMs) as Hold[];
  }

  /** The one of a person on an item, also where it has run out. */
  hold(position: number, annotator: string): Hold | undefined {
    return this.#database
      .prepare(
        `SELECT position, annotator, since_ms AS sinceMs, until_ms AS untilMs FROM hold
         WHERE position = ? AND annotator = ?`,
      )
      .get(position, annotator) as Hold | undefined;
  }

  saveHold(hold: Hold): void {
    this.#database.prepare('INSERT OR REPLACE INTO hold VALUES (@position, @annotator, @sinceMs, @untilMs)').run(hold);
  }

  dropHold(position: number, annotator: string): void {
    this.#database.prepare('DELETE FROM hold WHERE position = ? AND annotator = ?').run(position, annotator);
  }

  /** How far steps and labels are: nothing is ever taken from them, so that where these are alike nothing has changed. */
  marks(): { readonly steps: number; readonly annotations: number } {
    return this.#database
      .prepare(
        `SELECT (SELECT coalesce(max(rowid), 0) FROM step) AS steps,
           (SELECT coalesce(max(id), 0) FROM annotation) AS annotations`,
      )
      .get() as { steps: number; annotations: number };
  }
}
