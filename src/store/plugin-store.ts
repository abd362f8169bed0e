import type Database from 'better-sqlite3';
import { z } from 'zod';
import type { Clock } from '../domain/clock.ts';
import { RowShape } from './row-shape.ts';
import { transact } from './transact.ts';

const pluginRow = z.object({ name: z.string(), version: z.string(), firstUsedAtMs: z.int() });
/** A version of a plugin that a campaign was run with. */
export type UsedPlugin = Readonly<z.output<typeof pluginRow>>;
const plugins = new RowShape('plugin', pluginRow, ['name', 'version']);

/** The plugins a campaign has been run with. Versions are added and never replaced. */
export class PluginStore {
  readonly #database: Database.Database;
  readonly #clock: Pick<Clock, 'now'>;

  constructor(database: Database.Database, clock: Pick<Clock, 'now'>) {
    this.#database = database;
    this.#clock = clock;
  }

  /** In the order of first use. */
  all(): UsedPlugin[] {
    const statement = 'SELECT name, version, first_used_at_ms AS firstUsedAtMs FROM plugin ORDER BY id';
    return plugins.all(this.#database.prepare(statement));
  }

  /**
   * Adds the plugins in use.
   * @returns those that were used in another version before, with the last such version
   */
  use(used: readonly Pick<UsedPlugin, 'name' | 'version'>[]): { name: string; version: string; before: string }[] {
    return transact(this.#database, () => {
      const known = this.all();
      const insert = this.#database.prepare(
        'INSERT INTO plugin (name, version, first_used_at_ms) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
      );
      return used.flatMap(({ name, version }) => {
        const isNew = insert.run(name, version, this.#clock.now()).changes > 0;
        const before = known.findLast((plugin) => plugin.name === name);
        return isNew && before !== undefined ? [{ name, version, before: before.version }] : [];
      });
    });
  }
}
