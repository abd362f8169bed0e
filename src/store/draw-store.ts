import type Database from 'better-sqlite3';
import { z } from 'zod';
import type { DrawnItem } from '../domain/round.ts';
import { RowShape } from './row-shape.ts';
import { transact } from './transact.ts';

const drawnItems = new RowShape(
  'drawn_item',
  z.object({
    round: z.int(),
    position: z.int(),
    purpose: z.enum(['test', 'control']),
    stratum: z.string(),
    stratumSize: z.int(),
  }) satisfies z.ZodType<DrawnItem>,
  ['round', 'position'],
);

/** What rounds drew at random. Append-only. */
export class DrawStore {
  readonly #database: Database.Database;
  readonly #clock: { now(): number };

  constructor(database: Database.Database, clock: { now(): number }) {
    this.#database = database;
    this.#clock = clock;
  }

  /** In order of round and position. */
  all(): DrawnItem[] {
    const statement = this.#database.prepare(
      'SELECT round, position, purpose, stratum, stratum_size AS stratumSize FROM drawn_item ORDER BY round, position',
    );
    return drawnItems.all(statement);
  }

  save(items: readonly DrawnItem[]): void {
    const insert = this.#database.prepare(
      `INSERT INTO drawn_item (round, position, purpose, stratum, stratum_size, created_at_ms)
       VALUES (@round, @position, @purpose, @stratum, @stratumSize, @now)`,
    );
    transact(this.#database, () => {
      for (const item of items) insert.run({ ...item, stratum: item.stratum.toWellFormed(), now: this.#clock.now() });
    });
  }
}
