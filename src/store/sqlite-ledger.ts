import type Database from 'better-sqlite3';
import type { Clock } from '../domain/clock.ts';
import { BudgetExceededError } from '../domain/errors.ts';
import type { BudgetCaps, CallLedger, PaidReply, PlannedCall, Spending } from '../domain/ledger.ts';
import { formatUsdExactly } from '../domain/money.ts';
import { transact } from './transact.ts';

/** What the user calls the caps. */
interface CapNames {
  readonly usd: string;
  readonly calls: string;
  readonly tokens: string;
}
const FLAGS: CapNames = { usd: '--max-usd', calls: '--max-calls', tokens: '--max-tokens' };

export interface SqliteLedgerOptions {
  readonly caps?: BudgetCaps;
  readonly clock: Pick<Clock, 'now'>;
  /** Look, but write nothing: what another process has under way counts as reserved. */
  readonly readOnly?: boolean;
  readonly capNames?: Partial<CapNames>;
  /** Throws where a call does not fit under a cap it shares with other spending; called within the transaction. */
  readonly checkShared?: (call: PlannedCall) => void;
}

type Totals = { -readonly [Key in keyof Spending]: Spending[Key] };

/**
 * The ledger of one state file. Opening it turns what an earlier process left under way into lost
 * attempts: their worst case stays counted, because the provider may bill it.
 *
 * The totals are held in memory (the file lock makes this the only writer) and read from the tables
 * once, so a reservation costs the same after 10 calls and after 100,000.
 */
export class SqliteLedger implements CallLedger {
  readonly #database: Database.Database;
  readonly #caps: BudgetCaps;
  readonly #capNames: CapNames;
  readonly #checkShared: ((call: PlannedCall) => void) | undefined;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #totals: Totals;
  /** Attempts under way: number → what is set aside for them. */
  readonly #underWay = new Map<number, { tokens: number; microUsd: number }>();

  constructor(database: Database.Database, options: SqliteLedgerOptions) {
    this.#database = database;
    this.#caps = options.caps ?? {};
    this.#capNames = { ...FLAGS, ...options.capNames };
    this.#checkShared = options.checkShared;
    this.#clock = options.clock;
    if (!options.readOnly) this.#loseOrphans();
    this.#totals = this.#readTotals();
  }

  reserve(call: PlannedCall): number {
    const attempt = transact(this.#database, () => {
      this.#checkCaps(call);
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
           (@attempt, @text, @model, @stop, @inputTokens, @cachedInputTokens, @outputTokens, @costMicroUsd, @logprobs)`,
        )
        .run({
          attempt,
          ...reply,
          ...reply.usage,
          text: reply.text.toWellFormed(),
          logprobs: reply.logprobs === undefined ? null : JSON.stringify(reply.logprobs),
        });
    });
    const reserved = this.#takeReservation(attempt);
    this.#totals.unsettledTokens -= reserved.tokens;
    this.#totals.settledCalls += 1;
    this.#totals.settledMicroUsd += reply.costMicroUsd;
    this.#totals.inputTokens += reply.usage.inputTokens;
    this.#totals.cachedInputTokens += reply.usage.cachedInputTokens;
    this.#totals.outputTokens += reply.usage.outputTokens;
  }

  release(attempt: number, error: string): void {
    this.#insertOutcome(attempt, 'released', error);
    this.#totals.unsettledTokens -= this.#takeReservation(attempt).tokens;
  }

  lose(attempt: number, error: string): void {
    this.#insertOutcome(attempt, 'lost', error);
    this.#totals.lostMicroUsd += this.#takeReservation(attempt).microUsd;
    this.#totals.lostCalls += 1;
  }

  findReply(requestHash: string): PaidReply | undefined {
    const row = this.#database
      .prepare(
        `SELECT reply.* FROM reply
         JOIN attempt ON attempt.id = reply.attempt_id JOIN call ON call.id = attempt.call_id
         WHERE call.request_hash = ? ORDER BY reply.attempt_id LIMIT 1`,
      )
      .get(requestHash) as ReplyRow | undefined;
    if (!row) return undefined;
    return {
      text: row.text,
      model: row.model,
      stop: row.stop,
      usage: {
        inputTokens: row.input_tokens,
        cachedInputTokens: row.cached_input_tokens,
        outputTokens: row.output_tokens,
      },
      costMicroUsd: row.cost_micro_usd,
      ...(row.logprobs === null ? {} : { logprobs: JSON.parse(row.logprobs) as NonNullable<PaidReply['logprobs']> }),
    };
  }

  spending(): Spending {
    return { ...this.#totals };
  }

  #checkCaps(call: PlannedCall): void {
    const totals = this.#totals;
    const { maxMicroUsd, maxCalls, maxTokens } = this.#caps;
    const callsUnderWay = this.#underWay.size;
    const usedUsd = totals.settledMicroUsd + totals.reservedMicroUsd + totals.lostMicroUsd;
    // What is free fits even where a provider has billed more than the cap.
    const isFree = call.worstCaseMicroUsd === 0;
    if (maxMicroUsd !== undefined && !isFree && usedUsd + call.worstCaseMicroUsd > maxMicroUsd) {
      throw new BudgetExceededError(
        `${formatUsdExactly(usedUsd)} of ${formatUsdExactly(maxMicroUsd)} is spent or set aside; ` +
          `the next call (${call.subject}) could cost ${formatUsdExactly(call.worstCaseMicroUsd)}.`,
        { cap: 'usd', callsUnderWay, hint: goOn(this.#capNames.usd) },
      );
    }
    const usedCalls = totals.settledCalls + totals.reservedCalls + totals.lostCalls;
    if (maxCalls !== undefined && usedCalls + 1 > maxCalls) {
      throw new BudgetExceededError(`${usedCalls} of ${maxCalls} calls are made or under way.`, {
        cap: 'calls',
        callsUnderWay,
        hint: goOn(this.#capNames.calls),
      });
    }
    const usedTokens = totals.inputTokens + totals.outputTokens + totals.unsettledTokens;
    if (maxTokens !== undefined && usedTokens + call.worstCaseTokens > maxTokens) {
      throw new BudgetExceededError(
        `${usedTokens} of ${maxTokens} tokens are used or set aside; ` +
          `the next call (${call.subject}) could use ${call.worstCaseTokens}.`,
        {
          cap: 'tokens',
          callsUnderWay,
          hint: goOn(this.#capNames.tokens),
        },
      );
    }
    this.#checkShared?.(call);
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
         WHERE id NOT IN (SELECT attempt_id FROM outcome)`,
      )
      .run(this.#clock.now());
  }

  #readTotals(): Totals {
    return this.#database
      .prepare(
        `SELECT
           coalesce(sum(reply.cost_micro_usd), 0) AS settledMicroUsd,
           coalesce(sum(attempt.worst_case_micro_usd) FILTER (WHERE outcome.state IS NULL), 0) AS reservedMicroUsd,
           coalesce(sum(attempt.worst_case_micro_usd) FILTER (WHERE outcome.state = 'lost'), 0) AS lostMicroUsd,
           count(reply.attempt_id) AS settledCalls,
           count(*) FILTER (WHERE outcome.state IS NULL) AS reservedCalls,
           count(*) FILTER (WHERE outcome.state = 'lost') AS lostCalls,
           coalesce(sum(reply.input_tokens), 0) AS inputTokens,
           coalesce(sum(reply.cached_input_tokens), 0) AS cachedInputTokens,
           coalesce(sum(reply.output_tokens), 0) AS outputTokens,
           coalesce(sum(attempt.worst_case_tokens) FILTER (WHERE outcome.state = 'lost' OR outcome.state IS NULL), 0)
             AS unsettledTokens
         FROM attempt
         LEFT JOIN outcome ON outcome.attempt_id = attempt.id
         LEFT JOIN reply ON reply.attempt_id = attempt.id`,
      )
      .get() as Totals;
  }
}

function goOn(cap: string): string {
  return `Raise ${cap} and run the same command again: it goes on from here.`;
}

interface ReplyRow {
  readonly text: string;
  readonly model: string;
  readonly stop: PaidReply['stop'];
  readonly input_tokens: number;
  readonly cached_input_tokens: number;
  readonly output_tokens: number;
  readonly cost_micro_usd: number;
  readonly logprobs: string | null;
}
