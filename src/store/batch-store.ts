import { createHash } from 'node:crypto';
import type Database from 'better-sqlite3';
import { z } from 'zod';
import type { BatchLedger, BatchOwner, HeldRequest, OpenBatch } from '../domain/batches.ts';
import type { Clock } from '../domain/clock.ts';
import { BudgetExceededError } from '../domain/errors.ts';
import type { PlannedCall } from '../domain/ledger.ts';
import type { MicroUsd } from '../domain/money.ts';
import { RowShape } from './row-shape.ts';
import { transact } from './transact.ts';

/** Hex digits of a batch's key: enough to be its own among all batches of an account. */
const KEY_DIGITS = 20;

const batches = new RowShape(
  'batch',
  z.object({
    id: z.int(),
    key: z.string(),
    dialect: z.string(),
    createdAtMs: z.int(),
    sentAtMs: z.int().nullable(),
    remoteId: z.string().nullable(),
    size: z.int(),
  }),
  ['id'],
);
const calls = new RowShape(
  'batch_call',
  z.object({
    attempt: z.int(),
    requestHash: z.string(),
    countedInputTokens: z.int(),
    fewestInputTokens: z.int().nullable(),
    mostInputTokens: z.int(),
    maxOutputTokens: z.int(),
  }),
  ['attempt'],
);

/** What a batch needs of the ledger it belongs to. */
export interface ReservingLedger {
  reserve(call: PlannedCall): number;
  together<T>(change: () => T): T;
}

/**
 * The batches of one state file. A batch is open while one of its attempts has no outcome. Finding the open ones costs
 * O(batches + open calls).
 */
export class BatchStore implements BatchLedger {
  readonly #database: Database.Database;
  readonly #ledger: ReservingLedger;
  readonly #clock: Pick<Clock, 'now'>;

  constructor(database: Database.Database, ledger: ReservingLedger, clock: Pick<Clock, 'now'>) {
    this.#database = database;
    this.#ledger = ledger;
    this.#clock = clock;
  }

  open(owner: BatchOwner): readonly OpenBatch[] {
    const found = batches.all(
      this.#database.prepare(
        `SELECT batch.id, batch.key, batch.dialect, batch.created_at_ms AS createdAtMs,
           (SELECT max(created_at_ms) FROM batch_event WHERE batch_id = batch.id AND state = 'sent') AS sentAtMs,
           (SELECT remote_id FROM batch_event WHERE batch_id = batch.id AND state = 'submitted' ORDER BY id DESC LIMIT 1)
             AS remoteId,
           (SELECT count(*) FROM batch_call WHERE batch_id = batch.id) AS size
         FROM batch WHERE provider = @provider AND model = @model AND endpoint = @endpoint AND id IN (
           SELECT batch_id FROM batch_call WHERE attempt_id NOT IN (SELECT attempt_id FROM outcome))
         ORDER BY batch.id`,
      ),
      owner,
    );
    return found.map(({ id, key, dialect, createdAtMs, sentAtMs, remoteId, size }) => ({
      ...{ key, dialect, createdAtMs, size },
      ...(sentAtMs === null ? {} : { sentAtMs }),
      ...(remoteId === null ? {} : { remoteId }),
      calls: this.#openCallsOf(id),
    }));
  }

  holds(requestHash: string): boolean {
    return (
      this.#database
        .prepare(
          `SELECT 1 FROM call JOIN attempt ON attempt.call_id = call.id
           JOIN batch_call ON batch_call.attempt_id = attempt.id
           WHERE call.request_hash = ? AND attempt.id NOT IN (SELECT attempt_id FROM outcome)`,
        )
        .get(requestHash) !== undefined
    );
  }

  openCalls(): number {
    return this.#database
      .prepare('SELECT count(*) FROM batch_call WHERE attempt_id NOT IN (SELECT attempt_id FROM outcome)')
      .pluck()
      .get() as number;
  }

  /** Set aside for calls in batches. */
  openMicroUsd(): MicroUsd {
    return this.#database
      .prepare(
        `SELECT coalesce(sum(worst_case_micro_usd), 0) FROM attempt
         WHERE id IN (SELECT attempt_id FROM batch_call) AND id NOT IN (SELECT attempt_id FROM outcome)`,
      )
      .pluck()
      .get() as number;
  }

  begin(
    owner: BatchOwner,
    given: readonly { readonly planned: PlannedCall; readonly held: HeldRequest }[],
    dialect: string,
  ): OpenBatch {
    return this.together(() => {
      const createdAtMs = this.#clock.now();
      const key = keyOf({ ...owner, createdAtMs, hashes: given.map(({ planned }) => planned.requestHash) });
      const batch = this.#database
        .prepare(
          `INSERT INTO batch (key, provider, model, endpoint, dialect, created_at_ms)
           VALUES (@key, @provider, @model, @endpoint, @dialect, @createdAtMs)`,
        )
        .run({ ...owner, key, dialect, createdAtMs });
      const insert = this.#database.prepare(
        `INSERT INTO batch_call VALUES
           (@attempt, @batch, @countedInputTokens, @mostInputTokens, @maxOutputTokens, @fewestInputTokens)`,
      );
      const reserved = [];
      for (const { planned, held } of given) {
        const attempt = this.#reserveIfFits(planned, reserved.length > 0);
        if (attempt === undefined) break;
        insert.run({ fewestInputTokens: null, ...held, attempt, batch: batch.lastInsertRowid });
        reserved.push({ attempt, requestHash: planned.requestHash, held });
      }
      return { key, dialect, createdAtMs, size: reserved.length, calls: reserved };
    });
  }

  sent(key: string): void {
    this.#note(key, 'sent', null);
  }

  submitted(key: string, remoteId: string): void {
    this.#note(key, 'submitted', remoteId);
  }

  together<T>(change: () => T): T {
    return this.#ledger.together(change);
  }

  #reserveIfFits(planned: PlannedCall, isEnough: boolean): number | undefined {
    try {
      return this.#ledger.reserve(planned);
    } catch (error) {
      if (error instanceof BudgetExceededError && isEnough) return undefined;
      throw error;
    }
  }

  #note(key: string, state: 'sent' | 'submitted', remoteId: string | null): void {
    transact(this.#database, () =>
      this.#database
        .prepare(
          `INSERT INTO batch_event (batch_id, state, remote_id, created_at_ms)
           SELECT id, ?, ?, ? FROM batch WHERE key = ?`,
        )
        .run(state, remoteId, this.#clock.now(), key),
    );
  }

  #openCallsOf(batch: number): OpenBatch['calls'] {
    const rows = calls.all(
      this.#database.prepare(
        `SELECT batch_call.attempt_id AS attempt, call.request_hash AS requestHash,
           counted_input_tokens AS countedInputTokens, most_input_tokens AS mostInputTokens,
           max_output_tokens AS maxOutputTokens, fewest_input_tokens AS fewestInputTokens
         FROM batch_call JOIN attempt ON attempt.id = batch_call.attempt_id JOIN call ON call.id = attempt.call_id
         WHERE batch_id = ? AND attempt.id NOT IN (SELECT attempt_id FROM outcome) ORDER BY attempt.id`,
      ),
      batch,
    );
    return rows.map(({ attempt, requestHash, fewestInputTokens, ...held }) => ({
      ...{ attempt, requestHash },
      held: { ...held, ...(fewestInputTokens === null ? {} : { fewestInputTokens }) },
    }));
  }
}

function keyOf(of: BatchOwner & { readonly createdAtMs: number; readonly hashes: readonly string[] }): string {
  return createHash('sha256').update(JSON.stringify(of)).digest('hex').slice(0, KEY_DIGITS);
}
