import type Database from 'better-sqlite3';
import { z } from 'zod';
import { RowShape } from './row-shape.ts';

const linkRow = z.object({
  id: z.int(),
  annotator: z.string(),
  createdAtMs: z.int(),
  /** Null while the link gives access. */
  revokedAtMs: z.int().nullable(),
});
/** A person's link to the annotation page. A person may have several, one after the other. */
export type PersonalLink = Readonly<z.output<typeof linkRow>>;
const links = new RowShape('personal_link', linkRow, ['id']);
const names = new RowShape('annotation', z.string());

/** Who has access to the annotation page, and who has worked on the campaign. Append-only. */
export class PeopleStore {
  readonly #database: Database.Database;
  readonly #clock: { now(): number };

  constructor(database: Database.Database, clock: { now(): number }) {
    this.#database = database;
    this.#clock = clock;
  }

  /** In the order they were made, revoked ones among them. */
  links(): PersonalLink[] {
    return links.all(this.#select(''));
  }

  link(id: number): PersonalLink | undefined {
    return links.first(this.#select('WHERE id = ?'), id);
  }

  addLink(annotator: string): PersonalLink {
    const { lastInsertRowid } = this.#database
      .prepare('INSERT INTO personal_link (annotator, created_at_ms) VALUES (?, ?)')
      .run(annotator, this.#clock.now());
    return this.link(Number(lastInsertRowid))!;
  }

  /** Does nothing where it is revoked already. */
  revokeLink(id: number): void {
    this.#database
      .prepare('INSERT INTO revoked_link (link_id, created_at_ms) VALUES (?, ?) ON CONFLICT DO NOTHING')
      .run(id, this.#clock.now());
  }

  /** Everyone with a label, a draft, a reserved item or a link; sorted. O(labels). */
  names(): string[] {
    const statement = this.#database.prepare(
      `SELECT annotator FROM annotation WHERE annotator IS NOT NULL UNION SELECT annotator FROM working_copy
       UNION SELECT annotator FROM hold UNION SELECT annotator FROM personal_link ORDER BY 1`,
    );
    return names.all(statement.pluck());
  }

  #select(where: string): Database.Statement {
    return this.#database.prepare(
      `SELECT id, annotator, personal_link.created_at_ms AS createdAtMs, revoked_link.created_at_ms AS revokedAtMs
       FROM personal_link LEFT JOIN revoked_link ON link_id = id ${where} ORDER BY id`,
    );
  }
}
