import type Database from 'better-sqlite3';
import { z } from 'zod';
import type { Pick, Query, QueryPick, QueryResult, SelectionJournal } from '../domain/selection.ts';
import { flagColumn, jsonColumn, RowShape } from './row-shape.ts';
import { transact } from './transact.ts';

const queries = new RowShape(
  'query',
  z.object({
    number: z.int(),
    positions: jsonColumn(z.array(z.int())),
    picks: z.int(),
  }) satisfies z.ZodType<Query>,
  ['number'],
);
const results = new RowShape(
  'query_result',
  z.object({
    id: z.int(),
    state: z.enum(['chosen', 'failed', 'reopened']),
    failure: z.string().nullable(),
    model: z.string().nullable(),
    costMicroUsd: z.int().nullable(),
    agreement: z.number().nullable(),
  }),
  ['id'],
);
const queryPicks = new RowShape(
  'query_pick',
  z.object({ position: z.int(), score: z.number(), reason: z.string() }) satisfies z.ZodType<QueryPick>,
  ['position'],
);
const resultCounts = new RowShape('query_result', z.int());
const selections = new RowShape('selection', z.object({ id: z.int(), complete: flagColumn }), ['id']);
const pickRows = new RowShape('pick', z.array(z.union([z.string(), z.number(), z.null()])));
const retryCounts = new RowShape('retry', z.int());

/** The queries of one round, their results, and the selections made from them. */
export class SqliteJournal implements SelectionJournal {
  readonly #database: Database.Database;
  readonly #clock: { now(): number };
  readonly #round: number;

  /** @param round 0 for a run of `pick`, which has only one */
  constructor(database: Database.Database, clock: { now(): number }, round = 0) {
    this.#database = database;
    this.#clock = clock;
    this.#round = round;
  }

  loadQueries(): readonly Query[] | undefined {
    const statement = this.#database.prepare(
      'SELECT number, positions, picks FROM query WHERE round = ? ORDER BY number',
    );
    const planned = queries.all(statement, this.#round);
    return planned.length === 0 ? undefined : planned;
  }

  saveQueries(queries: readonly Query[]): void {
    const insert = this.#database.prepare('INSERT INTO query (round, number, positions, picks) VALUES (?, ?, ?, ?)');
    transact(this.#database, () => {
      for (const query of queries) insert.run(this.#round, query.number, JSON.stringify(query.positions), query.picks);
    });
  }

  loadResult(query: number): QueryResult | undefined {
    const statement = this.#database.prepare(
      `SELECT id, state, failure, model, cost_micro_usd AS costMicroUsd, agreement FROM query_result
       WHERE round = ? AND query_number = ? ORDER BY id DESC LIMIT 1`,
    );
    const row = results.first(statement, this.#round, query);
    if (!row || row.state === 'reopened') return undefined;
    if (row.state === 'failed') return { state: 'failed', failure: row.failure ?? '' };
    const picks = queryPicks.all(
      this.#database.prepare(
        'SELECT position, score, reason FROM query_pick WHERE query_result_id = ? ORDER BY ordinal',
      ),
      row.id,
    );
    const agreement = row.agreement === null ? {} : { agreement: row.agreement };
    return {
      state: 'chosen',
      choice: { picks, model: row.model ?? '', costMicroUsd: row.costMicroUsd ?? 0, ...agreement },
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
    const statement = this.#database.prepare(
      "SELECT count(*) FROM query_result WHERE round = ? AND query_number = ? AND state = 'reopened'",
    );
    return resultCounts.only(statement.pluck(), this.#round, query);
  }

  retries(): number {
    const statement = this.#database.prepare('SELECT count(*) FROM retry WHERE round = ?');
    return retryCounts.only(statement.pluck(), this.#round);
  }

  /** Lets every failed query, and every measurement without a usable value, be asked again. @returns the number of queries */
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

  /** A selection that is the last one again, as where a finished run is repeated, is not added a second time. */
  saveSelection(picks: readonly (Pick & { readonly id: string })[], complete: boolean): void {
    transact(this.#database, () => {
      if (this.#isLast(picks, complete)) return;
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

  #isLast(picks: readonly (Pick & { readonly id: string })[], complete: boolean): boolean {
    const last = selections.first(
      this.#database.prepare('SELECT id, complete FROM selection WHERE round = ? ORDER BY id DESC LIMIT 1'),
      this.#round,
    );
    if (last?.complete !== complete) return false;
    const stored = pickRows.all(
      this.#database
        .prepare(
          `SELECT rank, position, instruction_id, score, reason, strategy, query_number, model, cost_micro_usd
           FROM pick WHERE selection_id = ? ORDER BY rank`,
        )
        .raw(),
      last.id,
    );
    const given = picks.map((pick) => [
      pick.rank,
      pick.position,
      pick.id.toWellFormed(),
      pick.score,
      pick.reason.toWellFormed(),
      pick.strategy,
      pick.query,
      pick.model,
      pick.costMicroUsd,
    ]);
    return JSON.stringify(stored) === JSON.stringify(given);
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
