import type Database from 'better-sqlite3';
import { z } from 'zod';
import type { JsonObject } from '../domain/instruction.ts';
import { type HandedOut, type RoundPlan, STOP_RULES, type Stop } from '../domain/round.ts';
import { jsonColumn, RowShape } from './row-shape.ts';
import { transact } from './transact.ts';

const plans = new RowShape(
  'round',
  jsonColumn(
    z.object({
      number: z.int(),
      kind: z.enum(['seed', 'necessity']),
      from: z.enum(['pool', 'failures']),
      strategy: z.string(),
      options: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
      count: z.int(),
      seed: z.int(),
      weighted: z.boolean(),
      failureWeight: z.number().exactOptional(),
      threshold: z.number(),
      worstCaseLabelMicroUsd: z.int(),
      overlap: z.object({ share: z.number(), worstCaseMicroUsd: z.int() }).exactOptional(),
      control: z.int().exactOptional(),
      test: z.int().exactOptional(),
      adapted: z.object({ strategy: z.string(), reason: z.string() }).exactOptional(),
      labelTerms: z
        .object({
          perLabelUsd: z.int().exactOptional(),
          perMinuteUsd: z.int().exactOptional(),
          mostMinutes: z.number(),
          annotators: z.int(),
          overlap: z.number(),
        })
        .exactOptional(),
    }) satisfies z.ZodType<RoundPlan>,
  ),
);
const planTimes = new RowShape('round', z.object({ number: z.int(), atMs: z.int() }), ['number']);
const startTimes = new RowShape('run', z.int());
const stepNames = new RowShape('step', z.string());

const handedOutRow = z.object({
  round: z.int(),
  rank: z.int(),
  position: z.int(),
  reason: z.string(),
}) satisfies z.ZodType<HandedOut>;
const handedOutRows = new RowShape('pick', handedOutRow, ['round', 'rank']);
const storedPickRow = handedOutRow.extend({
  id: z.string(),
  score: z.number().nullable(),
  strategy: z.string(),
  model: z.string().nullable(),
  costMicroUsd: z.int(),
});
/** A pick as it was handed out, with everything that is recorded about it. */
export type StoredPick = Readonly<z.output<typeof storedPickRow>>;
const storedPicks = new RowShape('pick', storedPickRow, ['round', 'rank']);

const voteAgreements = new RowShape('query_result', z.object({ round: z.int(), agreement: z.number() }), ['round']);
const withdrawals = new RowShape('withdrawal', z.object({ round: z.int(), position: z.int() }), ['round', 'position']);
const stops = new RowShape('stop', z.object({ rule: z.enum(STOP_RULES), message: z.string(), round: z.int() }), [
  'round',
]);

const evaluationPlanRow = z.object({
  /** Instructions to answer. */
  positions: jsonColumn(z.array(z.int())),
  /** How many candidates there were. */
  remaining: z.int(),
  /** Unlabeled, but excluded by their quality ratings at the time: the model has not been tested on them. */
  leftOut: jsonColumn(z.array(z.int())),
});
/** Which instructions the model of a round answers. Kept, so that an interrupted evaluation asks the same again. */
export type EvaluationPlan = Readonly<z.output<typeof evaluationPlanRow>>;
const evaluationPlans = new RowShape('evaluation_plan', evaluationPlanRow);

/** The rounds of a campaign: their plans, which steps are done, what was handed out. Append-only. */
export class RoundStore {
  readonly #database: Database.Database;
  readonly #clock: { now(): number };

  constructor(database: Database.Database, clock: { now(): number }) {
    this.#database = database;
    this.#clock = clock;
  }

  /** In order. */
  plans(): RoundPlan[] {
    return plans.all(this.#database.prepare('SELECT plan FROM round ORDER BY number').pluck());
  }

  /** When each round was planned, by its number. */
  planTimes(): Map<number, number> {
    const statement = this.#database.prepare('SELECT number, created_at_ms AS atMs FROM round ORDER BY number');
    return new Map(planTimes.all(statement).map(({ number, atMs }) => [number, atMs]));
  }

  /** When the campaign was started, before any round. */
  begunAtMs(): number {
    return startTimes.only(this.#database.prepare('SELECT created_at_ms FROM run').pluck());
  }

  savePlan(plan: RoundPlan): void {
    this.#database
      .prepare('INSERT INTO round (number, plan, created_at_ms) VALUES (?, ?, ?)')
      .run(plan.number, JSON.stringify(plan), this.#clock.now());
  }

  /** Replaces the plan of a round that has selected nothing yet. */
  replacePlan(plan: RoundPlan): void {
    this.#database.prepare('UPDATE round SET plan = ? WHERE number = ?').run(JSON.stringify(plan), plan.number);
  }

  isDone(round: number, step: string): boolean {
    return this.stepsDone(round).includes(step);
  }

  /** Names of the steps that are done, the first done first. */
  stepsDone(round: number): string[] {
    return stepNames.all(this.#database.prepare('SELECT name FROM step WHERE round = ? ORDER BY rowid').pluck(), round);
  }

  /**
   * The details of a step that is done; undefined until then.
   * @throws StateError where they are not of this shape
   */
  step<Details extends z.ZodType>(round: number, name: string, details: Details): z.output<Details> | undefined {
    const statement = this.#database.prepare('SELECT details FROM step WHERE round = ? AND name = ?').pluck();
    return new RowShape('step', jsonColumn(details), `round ${round}, ${name}`).first(statement, round, name);
  }

  /** Marks a step as done, permanently. `alongside` writes in the same transaction. */
  finishStep(round: number, name: string, details: JsonObject, alongside: () => void = () => undefined): void {
    transact(this.#database, () => {
      alongside();
      this.#database
        .prepare('INSERT INTO step (round, name, details, created_at_ms) VALUES (?, ?, ?, ?)')
        .run(round, name, JSON.stringify(details), this.#clock.now());
    });
  }

  evaluationPlan(round: number): EvaluationPlan | undefined {
    const statement = this.#database.prepare(
      'SELECT positions, remaining, left_out AS leftOut FROM evaluation_plan WHERE round = ?',
    );
    return evaluationPlans.first(statement, round);
  }

  saveEvaluationPlan(round: number, { positions, remaining, leftOut }: EvaluationPlan): void {
    this.#database
      .prepare(
        'INSERT INTO evaluation_plan (round, positions, remaining, left_out, created_at_ms) VALUES (?, ?, ?, ?, ?)',
      )
      .run(round, JSON.stringify(positions), remaining, JSON.stringify(leftOut), this.#clock.now());
  }

  /** What rounds handed out, in order of round and rank. The last selection of a round counts, once its step is done. */
  handedOut(): HandedOut[] {
    return handedOutRows.all(this.#picked('pick.rank, pick.position, pick.reason'));
  }

  /** The same, with everything that is recorded about each pick. */
  picks(): StoredPick[] {
    return storedPicks.all(
      this.#picked(
        `pick.rank, pick.position, pick.reason, pick.instruction_id AS id, pick.score, pick.strategy, pick.model,
         pick.cost_micro_usd AS costMicroUsd`,
      ),
    );
  }

  /** How much the votes on each query agreed, 0–1, where it had several; by round and query. The last result counts. */
  voteAgreements(): { readonly round: number; readonly agreement: number }[] {
    const statement = this.#database.prepare(
      `SELECT round, agreement FROM query_result
       WHERE id IN (SELECT max(id) FROM query_result GROUP BY round, query_number)
         AND state = 'chosen' AND agreement IS NOT NULL
       ORDER BY round, query_number`,
    );
    return voteAgreements.all(statement);
  }

  /** Positions that a round no longer waits for: they may be picked again. */
  withdrawn(): { readonly round: number; readonly position: number }[] {
    return withdrawals.all(this.#database.prepare('SELECT round, position FROM withdrawal'));
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
    return stops.first(this.#database.prepare('SELECT rule, message, round FROM stop ORDER BY id DESC LIMIT 1'));
  }

  saveStop(round: number, { rule, message }: Stop): void {
    this.#database
      .prepare('INSERT INTO stop (round, rule, message, created_at_ms) VALUES (?, ?, ?, ?)')
      .run(round, rule, message, this.#clock.now());
  }

  #picked(columns: string): Database.Statement {
    return this.#database.prepare(
      `SELECT selection.round, ${columns}
       FROM selection JOIN pick ON pick.selection_id = selection.id
       WHERE selection.id IN (SELECT max(id) FROM selection GROUP BY round)
         AND selection.round IN (SELECT round FROM step WHERE name = 'select')
       ORDER BY selection.round, pick.rank`,
    );
  }
}
