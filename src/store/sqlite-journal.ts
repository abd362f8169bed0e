import type Database from 'better-sqlite3';
import type { Pick, Query, QueryPick, QueryResult, SelectionJournal } from '../domain/selection.ts';
import { transact } from './transact.ts';

/** The queries of one round, how each ended, and the selections made from them. */
export class SqliteJournal implements SelectionJournal {
  readonly #database: Database.Database;
  readonly #clock: { now(): number };
  readonly #round: number;

  /** @param round 0 for a run of `pick`, which has no other */
  constructor(database: Database.Database, clock: { now(): number }, round = 0) {
    this.#database = database;
    this.#clock = clock;
    this.#round = round;
  }

  loadQueries(): readonly Query[] | undefined {
    const rows = this.#database
      .prepare('SELECT number, positions, picks FROM query WHERE round = ? ORDER BY number')
      .all(this.#round) as {
      number: number;
      positions: string;
      picks: number;
    }[];
    if (rows.length === 0) return undefined;
    return rows.map((row) => ({ ...row, positions: JSON.parse(row.positions) as number[] }));
  }

  saveQueries(queries: readonly Query[]): void {
    const insert = this.#database.prepare('INSERT INTO query (round, number, positions, picks) VALUES (?, ?, ?, ?)');
    transact(this.#database, () => {
      for (const query of queries) insert.run(this.#round, query.number, JSON.stringify(query.positions), query.picks);
    });
  }

  loadResult(query: number): QueryResult | undefined {
    const row = this.#database
      .prepare('SELECT * FROM query_result WHERE round = ? AND query_number = ? ORDER BY id DESC LIMIT 1')
      .get(this.#round, query) as ResultRow | undefined;
    if (!row || row.state === 'reopened') return undefined;
    if (row.state === 'failed') return { state: 'failed', failure: row.failure ?? '' };
    const picks = this.#database
      .prepare('SELECT position, score, reason FROM query_pick WHERE query_result_id = ? ORDER BY ordinal')
      .all(row.id) as QueryPick[];
    const agreement = row.agreement === null ? {} : { agreement: row.agreement };
    return {
      state: 'chosen',
      choice: { picks, model: row.model ?? '', costMicroUsd: row.cost_micro_usd ?? 0, ...agreement },
    };
  }

  saveResult(query: number, result: QueryResult): void {
    transact(this.#database, () => {
      if (result.state === 'failed') {
        this.#insertResult({ query, state: 'failed', failure: result.failure.toWellFormed() });
        return;
      }
      const { picks, model, costMicroUsd, agreement } = result.choice;
      const id = this.#insertResult({ query, state: 'chosen', model, costMicroUsd, agreement });
      const insert = this.#database.prepare('INSERT INTO query_pick VALUES (?, ?, ?, ?, ?)');
      picks.forEach((pick, ordinal) => {
        insert.run(id, ordinal, pick.position, pick.score, pick.reason.toWellFormed());
      });
    });
  }

  generation(query: number): number {
    return this.#database
      .prepare("SELECT count(*) FROM query_result WHERE round = ? AND query_number = ? AND state = 'reopened'")
      .pluck()
      .get(this.#round, query) as number;
  }

  retries(): number {
    return this.#database.prepare('SELECT count(*) FROM retry WHERE round = ?').pluck().get(this.#round) as number;
  }

  /** Lets every failed query, and what got no usable value, be asked anew. @returns how many queries there were */
  reopenFailed(): number {
    const failed = (this.loadQueries() ?? []).filter(({ number }) => this.loadResult(number)?.state === 'failed');
    transact(this.#database, () => {
      this.#database
        .prepare('INSERT INTO retry (round, created_at_ms) VALUES (?, ?)')
        .run(this.#round, this.#clock.now());
      for (const { number } of failed) this.#insertResult({ query: number, state: 'reopened' });
    });
    return failed.length;
  }

  saveSelection(picks: readonly (Pick & { readonly id: string })[], complete: boolean): void {
    transact(this.#database, () => {
      const selection = this.#database
        .prepare('INSERT INTO selection (round, complete, created_at_ms) VALUES (?, ?, ?)')
        .run(this.#round, complete ? 1 : 0, this.#clock.now()).lastInsertRowid;
      const insert = this.#database.prepare(
        `INSERT INTO pick VALUES
         (@selection, @rank, @position, @id, @score, @reason, @strategy, @round, @query, @model, @costMicroUsd)`,
      );
      for (const pick of picks) {
        insert.run({
          ...pick,
          selection,
          round: this.#round,
          id: pick.id.toWellFormed(),
          reason: pick.reason.toWellFormed(),
        });
      }
    });
  }

  #insertResult(row: {
    query: number;
    state: string;
    failure?: string;
    model?: string;
    costMicroUsd?: number;
    agreement?: number | undefined;
  }): number | bigint {
    return this.#database
      .prepare(
        `INSERT INTO query_result (round, query_number, state, failure, model, cost_micro_usd, agreement, created_at_ms)
         VALUES (@round, @query, @state, @failure, @model, @costMicroUsd, @agreement, @now)`,
      )
      .run({
        failure: null,
        model: null,
        costMicroUsd: null,
        ...row,
        round: this.#round,
        agreement: row.agreement ?? null,
        now: this.#clock.now(),
      }).lastInsertRowid;
  }
}

interface ResultRow {
  readonly id: number;
  readonly state: 'chosen' | 'failed' | 'reopened';
  readonly failure: string | null;
  readonly model: string | null;
  readonly cost_micro_usd: number | null;
  readonly agreement: number | null;
}
