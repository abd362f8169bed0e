import type Database from 'better-sqlite3';
import { z } from 'zod';
import { jsonColumn, RowShape } from './row-shape.ts';

const figures = new RowShape('report_figure', z.object({ name: z.string(), figure: jsonColumn(z.unknown()) }), [
  'name',
]);

/** Figures of the report that take long to compute and never change, by name. */
export class FigureStore {
  readonly #database: Database.Database;
  readonly #clock: { now(): number };

  constructor(database: Database.Database, clock: { now(): number }) {
    this.#database = database;
    this.#clock = clock;
  }

  /** Undefined also where an earlier version stored a figure of another shape. */
  find<Figure extends z.ZodType>(name: string, figure: Figure): z.output<Figure> | undefined {
    const statement = this.#database.prepare('SELECT name, figure FROM report_figure WHERE name = ?');
    const stored = figures.first(statement, name);
    return stored === undefined ? undefined : figure.safeParse(stored.figure).data;
  }

  /** Replaces a figure of the same name. */
  save(name: string, figure: object): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO report_figure (name, figure, created_at_ms) VALUES (?, ?, ?)')
      .run(name, JSON.stringify(figure), this.#clock.now());
  }
}
