import type Database from 'better-sqlite3';
import { transact } from './transact.ts';

/** Where an item is drawn. */
export interface MapPoint {
  readonly position: number;
  readonly x: number;
  readonly y: number;
}

/** The points of the report's map, by layout. Once drawn, a point stays where it is. */
export class MapStore {
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    this.#database = database;
  }

  /** By position. @param layout says what the points were computed from: the embedder, the method */
  points(layout: string): MapPoint[] {
    return this.#database
      .prepare('SELECT position, x, y FROM map_point WHERE layout = ? ORDER BY position')
      .all(layout) as MapPoint[];
  }

  /** The first points of a layout, in one transaction. Where it has some already they alone count: two layouts do not mix. */
  begin(layout: string, points: readonly MapPoint[]): void {
    transact(this.#database, () => {
      if (this.points(layout).length === 0) this.#insert(layout, points);
    });
  }

  /** In one transaction. Points that are there already stay. */
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
