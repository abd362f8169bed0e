import type Database from 'better-sqlite3';
import { z } from 'zod';
import type { ContextMemory, ServedModelName } from '../domain/ledger.ts';
import { RowShape } from './row-shape.ts';

const contexts = new RowShape('stated_context', z.object({ contextTokens: z.int().positive().nullable() }));

/** How many tokens models hold, as their servers said when the run first asked. */
export class ContextStore implements ContextMemory {
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    this.#database = database;
  }

  /** @throws StateError STATE_UNREADABLE */
  find(served: ServedModelName): { readonly contextTokens: number | undefined } | undefined {
    const { provider, endpoint, model } = served;
    const statement =
      'SELECT context_tokens AS contextTokens FROM stated_context WHERE provider = ? AND endpoint = ? AND model = ?';
    const found = contexts.first(this.#database.prepare(statement), provider, endpoint, model);
    if (found !== undefined) return { contextTokens: found.contextTokens ?? undefined };
    // A run that has asked a model without knowing goes on so: its prompts are paid for.
    const asked = this.#database.prepare('SELECT 1 FROM call WHERE provider = ? AND model = ? LIMIT 1');
    return asked.get(provider, model) === undefined ? undefined : { contextTokens: undefined };
  }

  keep({ provider, endpoint, model }: ServedModelName, contextTokens: number | undefined): void {
    this.#database
      .prepare('INSERT OR IGNORE INTO stated_context VALUES (?, ?, ?, ?)')
      .run(provider, endpoint, model, contextTokens ?? null);
  }
}
