import type Database from 'better-sqlite3';
import type { JsonObject } from '../domain/instruction.ts';
import type { MicroUsd } from '../domain/money.ts';
import type { HandedOut, RoundPlan, Stop } from '../domain/round.ts';
import { transact } from './transact.ts';

/** A choice as it was handed out, with all that is known of it. */
export interface StoredPick extends HandedOut {
  readonly id: string;
  readonly score: number | null;
  readonly strategy: string;
  readonly model: string | null;
  readonly costMicroUsd: MicroUsd;
}

/** The rounds of a campaign: what each set out to do, which steps are done, what was handed out. Append-only. */
export class RoundStore {
  readonly #database: Database.Database;
  readonly #clock: { now(): number };

  constructor(database: Database.Database, clock: { now(): number }) {
    this.#database = database;
    this.#clock = clock;
  }

  /** In order. */
  plans(): RoundPlan[] {
    const rows = this.#database.prepare('SELECT plan FROM round ORDER BY number').pluck().all() as string[];
    return rows.map((plan) => JSON.parse(plan) as RoundPlan);
  }

  /** When each round was planned, by its number. */
  planTimes(): Map<number, number> {
    const rows = this.#database.prepare('SELECT number, created_at_ms AS atMs FROM round ORDER BY number').all();
    return new Map((rows as { number: number; atMs: number }[]).map(({ number, atMs }) => [number, atMs]));
  }

  /** When the campaign was begun, before any round. */
  begunAtMs(): number {
    return this.#database.prepare('SELECT created_at_ms FROM run').pluck().get() as number;
  }

  savePlan(plan: RoundPlan): void {
    this.#database
      .prepare('INSERT INTO round (number, plan, created_at_ms) VALUES (?, ?, ?)')
      .run(plan.number, JSON.stringify(plan), this.#clock.now());
  }

  /** Plans a round anew that has selected nothing yet. */
  replacePlan(plan: RoundPlan): void {
    this.#database.prepare('UPDATE round SET plan = ? WHERE number = ?').run(JSON.stringify(plan), plan.number);
  }

  /** What a step that is done has to say; undefined while it is not done. */
  step(round: number, name: string): JsonObject | undefined {
    const details = this.#database
      .prepare('SELECT details FROM step WHERE round = ? AND name = ?')
      .pluck()
      .get(round, name) as string | undefined;
    return details === undefined ? undefined : (JSON.parse(details) as JsonObject);
  }

  /** Marks a step as done, once and for good. `alongside` is written in the same transaction. */
  finishStep(round: number, name: string, details: JsonObject, alongside: () => void = () => undefined): void {
    transact(this.#database, () => {
      alongside();
      this.#database
        .prepare('INSERT INTO step (round, name, details, created_at_ms) VALUES (?, ?, ?, ?)')
        .run(round, name, JSON.stringify(details), this.#clock.now());
    });
  }

  /** What rounds handed out, in order of round and rank. A round's last selection counts, once its step is done. */
  handedOut(): HandedOut[] {
    return this.#handedOut('pick.rank, pick.position, pick.reason') as HandedOut[];
  }

  /** The same, with all that is known of each choice. */
  picks(): StoredPick[] {
    return this.#handedOut(
      `pick.rank, pick.position, pick.reason, pick.instruction_id AS id, pick.score, pick.strategy, pick.model,
       pick.cost_micro_usd AS costMicroUsd`,
    ) as StoredPick[];
  }

  /** How alike the votes on each query were, 0–1, where it had several; by round and query. Its last result counts. */
  voteAgreements(): { readonly round: number; readonly agreement: number }[] {
    return this.#database
      .prepare(
        `SELECT round, agreement FROM query_result
         WHERE id IN (SELECT max(id) FROM query_result GROUP BY round, query_number)
           AND state = 'chosen' AND agreement IS NOT NULL
         ORDER BY round, query_number`,
      )
      .all() as { round: number; agreement: number }[];
  }

  /** Positions that a round no longer waits for: they may be chosen again. */
  withdrawn(): { readonly round: number; readonly position: number }[] {
    return this.#database.prepare('SELECT round, position FROM withdrawal').all() as {
      round: number;
      position: number;
    }[];
  }

  withdraw(round: number, positions: readonly number[], alongside: () => void): void {
    const insert = this.#database.prepare('INSERT INTO withdrawal (round, position, created_at_ms) VALUES (?, ?, ?)');
    transact(this.#database, () => {
      for (const position of positions) insert.run(round, position, this.#clock.now());
      alongside();
    });
  }

  /** Why the campaign last ended, and after which round. */
  lastStop(): (Stop & { readonly round: number }) | undefined {
    return this.#database.prepare('SELECT rule, message, round FROM stop ORDER BY id DESC LIMIT 1').get() as
      | (Stop & { round: number })
      | undefined;
  }

  saveStop(round: number, { rule, message }: Stop): void {
    this.#database
      .prepare('INSERT INTO stop (round, rule, message, created_at_ms) VALUES (?, ?, ?, ?)')
      .run(round, rule, message, this.#clock.now());
  }

  #handedOut(columns: string): unknown[] {
    return this.#database
      .prepare(
        `SELECT selection.round, ${columns}
         FROM selection JOIN pick ON pick.selection_id = selection.id
         WHERE selection.id IN (SELECT max(id) FROM selection GROUP BY round)
           AND selection.round IN (SELECT round FROM step WHERE name = 'select')
         ORDER BY selection.round, pick.rank`,
      )
      .all();
  }
}
