import type Database from 'better-sqlite3';
import { z } from 'zod';
import type { LearnedRates, RateMemory } from '../domain/rate-limits.ts';
import { RowShape } from './row-shape.ts';

const rate = z.number().positive().nullable();
const rates = new RowShape('learned_rate', z.object({ requestsPerMs: rate, tokensPerMs: rate }));

/** What was last learned of each model's rate limits. The one table whose rows are replaced: nothing depends on it. */
export class RateStore implements RateMemory {
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    this.#database = database;
  }

  /** @throws StateError STATE_UNREADABLE */
  find(provider: string, model: string): LearnedRates | undefined {
    const statement =
      'SELECT requests_per_ms AS requestsPerMs, tokens_per_ms AS tokensPerMs FROM learned_rate WHERE provider = ? AND model = ?';
    const found = rates.first(this.#database.prepare(statement), provider, model);
    return found && { requestsPerMs: found.requestsPerMs ?? undefined, tokensPerMs: found.tokensPerMs ?? undefined };
  }

  keep(provider: string, model: string, { requestsPerMs, tokensPerMs }: LearnedRates): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO learned_rate VALUES (?, ?, ?, ?)')
      .run(provider, model, requestsPerMs ?? null, tokensPerMs ?? null);
  }
}
