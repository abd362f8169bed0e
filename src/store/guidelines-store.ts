import { createHash } from 'node:crypto';
import type Database from 'better-sqlite3';
import { z } from 'zod';
import { RowShape } from './row-shape.ts';

const followedRows = new RowShape('followed_guidelines', z.object({ annotationId: z.int(), version: z.string() }));
const VERSION_DIGITS = 12;

/** Guidelines for annotators, and which version each answer was made under. Append-only. */
export class GuidelinesStore {
  readonly #database: Database.Database;
  readonly #clock: { now(): number };

  constructor(database: Database.Database, clock: { now(): number }) {
    this.#database = database;
    this.#clock = clock;
  }

  /** Stores a text once. @returns its version: hex digits that follow from the text */
  save(text: string): string {
    const stored = text.toWellFormed();
    const version = createHash('sha256').update(stored).digest('hex').slice(0, VERSION_DIGITS);
    this.#database
      .prepare('INSERT INTO guidelines (version, text, created_at_ms) VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
      .run(version, stored, this.#clock.now());
    return version;
  }

  /** Notes which version the annotator had read. Does nothing for an unknown version, or where one is noted already. */
  noteFollowed(annotationId: number, version: string): void {
    this.#database
      .prepare(
        `INSERT INTO followed_guidelines (annotation_id, version)
         SELECT ?, version FROM guidelines WHERE version = ? ON CONFLICT DO NOTHING`,
      )
      .run(annotationId, version);
  }

  /** Version by the id of the annotation, where one is known. */
  followed(): Map<number, string> {
    const statement = this.#database.prepare('SELECT annotation_id AS annotationId, version FROM followed_guidelines');
    return new Map(followedRows.all(statement).map(({ annotationId, version }) => [annotationId, version]));
  }
}
