import type Database from 'better-sqlite3';
import { z } from 'zod';
import { RowShape } from './row-shape.ts';
import { transact } from './transact.ts';

const mapPointRow = z.object({ position: z.int(), x: z.number(), y: z.number() });
/** Where an item is drawn. */
export type MapPoint = Readonly<z.output<typeof mapPointRow>>;
const mapPoints = new RowShape('map_point', mapPointRow, ['position']);

/** The points of the report's map, by layout. Once drawn, a point stays where it is. */
export class MapStore {
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    this.#database = database;
  }

  /** By position. @param layout says what the points were computed from: the embedder, the method */
  points(layout: string): MapPoint[] {
    const statement = this.#database.prepare('SELECT position, x, y FROM map_point WHERE layout = ? ORDER BY position');
    return mapPoints.all(statement, layout);
  }

  /** Adds the first points of a layout, in one transaction. A layout that has points already stays as it is. */
  begin(layout: string, points: readonly MapPoint[]): void {
    transact(this.#database, () => {
      if (this.points(layout).length === 0) this.#insert(layout, points);
    });
  }

  /** In one transaction. Existing points stay. */
  addPoints(layout: string, points: readonly MapPoint[]): void {
    transact(this.#database, () => this.#insert(layout, points));
  }

  #insert(layout: string, points: readonly MapPoint[]): void {
    const insert = this.#database.prepare(
      'INSERT INTO map_point (layout, position, x, y) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
    );
    for (const { position, x, y } of points) insert.run(layout, position, x, y);
  }
}
