import type Database from 'better-sqlite3';
import { z } from 'zod';
import type { Clock } from '../domain/clock.ts';
import type { BudgetCaps, CallLedger, PaidReply, PlannedCall, Spending, TokenLogprobs } from '../domain/ledger.ts';
import type { ReportedUsage } from '../domain/usage.ts';
import { BatchStore } from './batch-store.ts';
import { type CapNames, checkCaps } from './call-caps.ts';
import { ContextStore } from './context-store.ts';
import { RateStore } from './rate-store.ts';
import { flagColumn, jsonColumn, RowShape } from './row-shape.ts';
import { transact } from './transact.ts';

/** What a provider said of its tokens, where the reply is settled at other figures. */
export const reportedColumn = jsonColumn(
  z
    .object({ inputTokens: z.int(), cachedInputTokens: z.int(), outputTokens: z.int() })
    .partial() satisfies z.ZodType<ReportedUsage>,
).nullable();

const replies = new RowShape(
  'reply',
  z.object({
    attempt: z.int(),
    text: z.string(),
    model: z.string(),
    stop: z.enum(['complete', 'length', 'refusal']),
    inputTokens: z.int(),
    cachedInputTokens: z.int(),
    outputTokens: z.int(),
    costMicroUsd: z.int(),
    logprobs: jsonColumn(
      z.array(
        z.object({
          token: z.string(),
          alternatives: z.array(z.object({ token: z.string(), logprob: z.number() })),
        }) satisfies z.ZodType<TokenLogprobs>,
      ),
    ).nullable(),
    reported: reportedColumn,
    filtered: flagColumn,
  }),
  ['attempt'],
);
const totalsRow = z.object({
  settledMicroUsd: z.int(),
  reservedMicroUsd: z.int(),
  lostMicroUsd: z.int(),
  settledCalls: z.int(),
  reservedCalls: z.int(),
  lostCalls: z.int(),
  recountedCalls: z.int(),
  inputTokens: z.int(),
  cachedInputTokens: z.int(),
  outputTokens: z.int(),
  unsettledTokens: z.int(),
}) satisfies z.ZodType<Spending>;
type Totals = z.output<typeof totalsRow>;
const totals = new RowShape('attempt', totalsRow);
const batchedRow = z.object({ attempt: z.int(), tokens: z.int(), microUsd: z.int() });
const batched = new RowShape('attempt', batchedRow, ['attempt']);

export interface SqliteLedgerOptions {
  readonly caps?: BudgetCaps;
  readonly clock: Pick<Clock, 'now'>;
  /** Write nothing: open calls of another process count as reserved. */
  readonly readOnly?: boolean;
  readonly capNames?: Partial<CapNames>;
  /** Throws where a call does not fit under a cap that it shares with other spending. Runs in the transaction. */
  readonly checkShared?: (call: PlannedCall) => void;
}

/**
 * The ledger of one state file. Opening it marks attempts that an earlier process left open as lost:
 * their worst case stays counted, because the provider may bill it. Attempts in batches stay open: the provider works on
 * them without us.
 *
 * The totals are kept in memory (the file lock makes this the only writer) and read from the tables
 * once, so a reservation costs the same after 10 calls and after 100,000.
 */
export class SqliteLedger implements CallLedger {
  readonly rates: RateStore;
  readonly contexts: ContextStore;
  readonly batches: BatchStore;
  readonly #database: Database.Database;
  readonly #caps: BudgetCaps;
  readonly #capNames: Partial<CapNames>;
  readonly #checkShared: ((call: PlannedCall) => void) | undefined;
  readonly #clock: Pick<Clock, 'now'>;
  #totals: Totals;
  /** Open attempts: number → what is reserved for them. */
  #underWay = new Map<number, { tokens: number; microUsd: number }>();

  constructor(database: Database.Database, options: SqliteLedgerOptions) {
    this.rates = new RateStore(database);
    this.contexts = new ContextStore(database);
    this.#database = database;
    this.#caps = options.caps ?? {};
    this.#capNames = options.capNames ?? {};
    this.#checkShared = options.checkShared;
    this.#clock = options.clock;
    this.batches = new BatchStore(database, this, options.clock);
    if (!options.readOnly) this.#loseOrphans();
    this.#totals = this.#readTotals();
    for (const { attempt, ...reserved } of this.#readBatched()) this.#underWay.set(attempt, reserved);
  }

  /** Does several changes as one transaction. */
  together<T>(change: () => T): T {
    const [totals, underWay] = [{ ...this.#totals }, new Map(this.#underWay)];
    try {
      return transact(this.#database, change);
    } catch (error) {
      // Nothing of it was stored.
      this.#totals = totals;
      this.#underWay = underWay;
      throw error;
    }
  }

  reserve(call: PlannedCall): number {
    const attempt = transact(this.#database, () => {
      checkCaps(call, this.#caps, { spent: this.#totals, callsUnderWay: this.#underWay.size, names: this.#capNames });
      this.#checkShared?.(call);
      this.#database
        .prepare(
          `INSERT INTO call (request_hash, kind, subject, provider, model)
           VALUES (@requestHash, @kind, @subject, @provider, @model) ON CONFLICT (request_hash) DO NOTHING`,
        )
        .run(call);
      const inserted = this.#database
        .prepare(
          `INSERT INTO attempt (call_id, worst_case_tokens, worst_case_micro_usd, started_at_ms)
           SELECT id, @worstCaseTokens, @worstCaseMicroUsd, @now FROM call WHERE request_hash = @requestHash`,
        )
        .run({ ...call, now: this.#clock.now() });
      return Number(inserted.lastInsertRowid);
    });
    this.#underWay.set(attempt, { tokens: call.worstCaseTokens, microUsd: call.worstCaseMicroUsd });
    this.#totals.reservedCalls += 1;
    this.#totals.reservedMicroUsd += call.worstCaseMicroUsd;
    this.#totals.unsettledTokens += call.worstCaseTokens;
    return attempt;
  }

  settle(attempt: number, reply: PaidReply): void {
    transact(this.#database, () => {
      this.#insertOutcome(attempt, 'settled');
      this.#database
        .prepare(
          `INSERT INTO reply VALUES
           (@attempt, @text, @model, @stop, @inputTokens, @cachedInputTokens, @outputTokens, @costMicroUsd, @logprobs,
            @reported, @filtered)`,
        )
        .run({
          attempt,
          ...reply,
          ...reply.usage,
          text: reply.text.toWellFormed(),
          logprobs: reply.logprobs === undefined ? null : JSON.stringify(reply.logprobs),
          reported: reply.reported === undefined ? null : JSON.stringify(reply.reported),
          filtered: reply.isFiltered ? 1 : 0,
        });
    });
    const reserved = this.#takeReservation(attempt);
    this.#totals.unsettledTokens -= reserved.tokens;
    this.#totals.settledCalls += 1;
    if (reply.reported !== undefined) this.#totals.recountedCalls += 1;
    this.#totals.settledMicroUsd += reply.costMicroUsd;
    this.#totals.inputTokens += reply.usage.inputTokens;
    this.#totals.cachedInputTokens += reply.usage.cachedInputTokens;
    this.#totals.outputTokens += reply.usage.outputTokens;
  }

  release(attempt: number, error: string): void {
    transact(this.#database, () => this.#insertOutcome(attempt, 'released', error));
    this.#totals.unsettledTokens -= this.#takeReservation(attempt).tokens;
  }

  lose(attempt: number, error: string): void {
    transact(this.#database, () => this.#insertOutcome(attempt, 'lost', error));
    this.#totals.lostMicroUsd += this.#takeReservation(attempt).microUsd;
    this.#totals.lostCalls += 1;
  }

  findReply(requestHash: string): PaidReply | undefined {
    const statement = this.#database.prepare(
      `SELECT attempt.id AS attempt, reply.text, reply.model, reply.stop, reply.input_tokens AS inputTokens,
         reply.cached_input_tokens AS cachedInputTokens, reply.output_tokens AS outputTokens,
         reply.cost_micro_usd AS costMicroUsd, reply.logprobs, reply.reported, reply.filtered
       FROM reply JOIN attempt ON attempt.id = reply.attempt_id JOIN call ON call.id = attempt.call_id
       WHERE call.request_hash = ? ORDER BY reply.attempt_id LIMIT 1`,
    );
    const row = replies.first(statement, requestHash);
    if (!row) return undefined;
    const {
      text,
      model,
      stop,
      costMicroUsd,
      inputTokens,
      cachedInputTokens,
      outputTokens,
      logprobs,
      reported,
      filtered,
    } = row;
    const usage = { inputTokens, cachedInputTokens, outputTokens };
    return {
      ...{ text, model, stop, usage, costMicroUsd },
      ...(logprobs === null ? {} : { logprobs }),
      ...(reported === null ? {} : { reported }),
      ...(filtered ? { isFiltered: true } : {}),
    };
  }

  spending(): Spending {
    return { ...this.#totals };
  }

  #takeReservation(attempt: number): { tokens: number; microUsd: number } {
    const reserved = this.#underWay.get(attempt);
    if (!reserved) throw new Error(`Attempt ${attempt} is not under way.`);
    this.#underWay.delete(attempt);
    this.#totals.reservedCalls -= 1;
    this.#totals.reservedMicroUsd -= reserved.microUsd;
    return reserved;
  }

  #insertOutcome(attempt: number, state: 'settled' | 'released' | 'lost', error?: string): void {
    this.#database
      .prepare('INSERT INTO outcome (attempt_id, state, ended_at_ms, error) VALUES (?, ?, ?, ?)')
      .run(attempt, state, this.#clock.now(), error?.toWellFormed() ?? null);
  }

  #loseOrphans(): void {
    this.#database
      .prepare(
        `INSERT INTO outcome (attempt_id, state, ended_at_ms, error)
         SELECT id, 'lost', ?, 'the process ended before the answer came' FROM attempt
         WHERE id NOT IN (SELECT attempt_id FROM outcome) AND id NOT IN (SELECT attempt_id FROM batch_call)`,
      )
      .run(this.#clock.now());
  }

  #readBatched(): z.output<typeof batchedRow>[] {
    return batched.all(
      this.#database.prepare(
        `SELECT id AS attempt, worst_case_tokens AS tokens, worst_case_micro_usd AS microUsd FROM attempt
         WHERE id IN (SELECT attempt_id FROM batch_call) AND id NOT IN (SELECT attempt_id FROM outcome)`,
      ),
    );
  }

  #readTotals(): Totals {
    return totals.only(
      this.#database.prepare(
        `SELECT
           coalesce(sum(reply.cost_micro_usd), 0) AS settledMicroUsd,
           coalesce(sum(attempt.worst_case_micro_usd) FILTER (WHERE outcome.state IS NULL), 0) AS reservedMicroUsd,
           coalesce(sum(attempt.worst_case_micro_usd) FILTER (WHERE outcome.state = 'lost'), 0) AS lostMicroUsd,
           count(reply.attempt_id) AS settledCalls,
           count(*) FILTER (WHERE outcome.state IS NULL) AS reservedCalls,
           count(*) FILTER (WHERE outcome.state = 'lost') AS lostCalls,
           count(reply.reported) AS recountedCalls,
           coalesce(sum(reply.input_tokens), 0) AS inputTokens,
           coalesce(sum(reply.cached_input_tokens), 0) AS cachedInputTokens,
           coalesce(sum(reply.output_tokens), 0) AS outputTokens,
           coalesce(sum(attempt.worst_case_tokens) FILTER (WHERE outcome.state = 'lost' OR outcome.state IS NULL), 0)
             AS unsettledTokens
         FROM attempt
         LEFT JOIN outcome ON outcome.attempt_id = attempt.id
         LEFT JOIN reply ON reply.attempt_id = attempt.id`,
      ),
    );
  }
}
