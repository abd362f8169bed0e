import { setImmediate } from 'node:timers/promises';
import type { BatchLedger, BatchOwner, HeldRequest, OpenBatch } from '../../domain/batches.ts';
import type { Clock } from '../../domain/clock.ts';
import { BatchPendingError, BudgetExceededError, ProviderError } from '../../domain/errors.ts';
import type { CallLedger, PaidReply, PlannedCall } from '../../domain/ledger.ts';
import type { Random } from '../../math/random.ts';
import type { BatchApi, BatchResult } from '../providers/batch-api.ts';
import type { LlmReply, LlmRequest } from '../providers/llm-client.ts';
import { anySignal } from './abort-signals.ts';
import { BatchErrands } from './batch-errands.ts';
import { pendingText, progressText, submittedText } from './batch-words.ts';

/** Most questions that may wait for answers at once: what they ask is in memory. */
export const MOST_WAITING = 20_000;
/** When so many turns of the event loop have brought no further call, all calls that can be asked now are there. */
const QUIET_TURNS = 5;
/** So often one request may come back without an answer before its question fails. */
const MOST_BATCHES_A_CALL = 3;
const FIRST_LOOK_MS = 1_000;
const MOST_BETWEEN_LOOKS_MS = 60_000;
/** Results that are stored as one transaction. */
const SETTLED_AT_A_TIME = 100;

export interface BatchDeskOptions {
  readonly owner: BatchOwner;
  readonly api: BatchApi;
  readonly ledger: CallLedger;
  readonly batches: BatchLedger;
  readonly clock: Clock;
  /** Jitter of the waits. */
  readonly random: Pick<Random, 'float'>;
  /** Stay until the answers are there. */
  readonly waits: boolean;
  /** Whether the model thinks before it answers. */
  readonly thinks: boolean;
  /** What the provider is called. */
  readonly service: string;
  /** Settles a reply. */
  readonly paid: (reply: LlmReply, held: HeldRequest) => PaidReply;
  readonly onNote?: ((note: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly abandon?: AbortSignal | undefined;
}

/** A call to be sent with the next batch. */
export interface BatchedCall {
  readonly planned: PlannedCall;
  readonly request: LlmRequest;
  /** Whether it may be sent. If not, only what was sent earlier is collected. */
  readonly submits: boolean;
  /** @param written what is sent beside the request's messages */
  readonly held: (written: string | undefined) => HeldRequest;
}

export interface BatchedReply {
  readonly paid: PaidReply;
  readonly reply: LlmReply;
}

interface Waiting {
  readonly call: BatchedCall;
  readonly isGone: () => boolean;
  readonly resolve: (reply: BatchedReply | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Has one model's calls answered by batches. Calls that are made at the same time go together; what comes back without an
 * answer goes into the next batch. A batch outlives the process: it is stored before the provider hears of it, its
 * id as soon as that is known, and a later process collects it. Without `waits`, calls reject with a BatchPendingError
 * once all of them are with the provider.
 *
 * At every moment what is reserved covers all that the provider may bill.
 */
export class BatchDesk {
  readonly #options: BatchDeskOptions;
  readonly #errands: BatchErrands;
  /** By request. */
  readonly #waiting = new Map<string, Waiting[]>();
  #arrivals = 0;
  #isWorking = false;
  /** While the provider is being asked to create a batch. */
  #handover: Promise<void> | undefined;
  /** How often a request came back without an answer. */
  readonly #returned = new Map<string, number>();
  /** Where the provider takes fewer at once. */
  #mostRequests: number;
  /** What its batches said of themselves, by key. */
  readonly #progress = new Map<string, { readonly done: number; readonly total: number }>();

  constructor(options: BatchDeskOptions) {
    this.#options = options;
    this.#errands = new BatchErrands(options);
    this.#mostRequests = options.api.terms.mostRequests;
  }

  /** Whether a request is in a batch whose end was not seen. */
  holds(requestHash: string): boolean {
    return this.#options.batches.holds(requestHash);
  }

  /**
   * @returns the reply, after its cost is settled; undefined where it is in no batch and none is sent
   * @throws BatchPendingError where it is not there yet; BudgetExceededError, ProviderError; or the signal's reason
   */
  ask(call: BatchedCall, stop?: AbortSignal): Promise<BatchedReply | undefined> {
    const { signal: ends, abandon } = this.#options;
    const signal = anySignal(stop, ends, abandon);
    signal?.throwIfAborted();
    const { requestHash } = call.planned;
    const answered = new Promise<BatchedReply | undefined>((resolve, reject) => {
      // A batch that is being handed over is stored first.
      const leave = () => void Promise.resolve(this.#handover).then(() => reject(signal?.reason));
      signal?.addEventListener('abort', leave, { once: true });
      abandon?.addEventListener('abort', () => reject(abandon.reason), { once: true });
      const waiting = { call, isGone: () => signal?.aborted ?? false, resolve, reject };
      this.#waiting.set(requestHash, [...(this.#waiting.get(requestHash) ?? []), waiting]);
    });
    this.#arrivals += 1;
    if (!this.#isWorking) {
      this.#isWorking = true;
      void this.#work();
    }
    return answered;
  }

  async #work(): Promise<void> {
    let lookAgainMs = FIRST_LOOK_MS;
    try {
      for (;;) {
        await this.#quiet();
        if (this.#waiting.size === 0) return;
        if (await this.#collect()) continue;
        if (await this.#submit()) lookAgainMs = FIRST_LOOK_MS;
        if (this.#waiting.size === 0) return;
        if (!this.#options.waits) {
          this.#rejectAll(new BatchPendingError(this.#pendingText()));
          return;
        }
        // Ends with the process's signal; a call that is given up leaves by itself.
        await this.#options.clock.sleep(lookAgainMs, anySignal(this.#options.signal, this.#options.abandon));
        lookAgainMs = Math.min(MOST_BETWEEN_LOOKS_MS, lookAgainMs * 2);
      }
    } catch (error) {
      this.#rejectAll(error);
    } finally {
      this.#isWorking = false;
    }
  }

  /** Resolves when no further call comes by itself. */
  async #quiet(): Promise<void> {
    for (let seen = -1; seen !== this.#arrivals; ) {
      seen = this.#arrivals;
      for (let turn = 0; turn < QUIET_TURNS; turn += 1) await setImmediate();
    }
    for (const [requestHash, waiting] of this.#waiting) {
      if (waiting.every(({ isGone }) => isGone())) this.#waiting.delete(requestHash);
    }
  }

  #open(): readonly OpenBatch[] {
    return this.#options.batches.open(this.#options.owner);
  }

  /** Settles what has come back. @returns whether anything has, so that calls may be made that wait for it */
  async #collect(): Promise<boolean> {
    const open = this.#open();
    let isNews = false;
    for (const batch of open) {
      const others = new Set(open.flatMap(({ remoteId }) => remoteId ?? []));
      const located = await this.#errands.locate(batch, others);
      if (located.state === 'unclear') continue;
      if (located.state === 'none') {
        this.#options.batches.together(() => {
          for (const { attempt } of batch.calls) this.#options.ledger.release(attempt, 'it was not sent');
        });
        isNews = true;
        continue;
      }
      const progress = await this.#errands.look(located.remoteId, batch.createdAtMs);
      if (progress === 'gone') this.#lose(batch, `${this.#options.service} does not know the batch any more`);
      else if (progress.refused) this.#refused(batch, progress.refused);
      else if (progress.ended) {
        const results = await this.#errands.results(located.remoteId);
        this.#settle(batch, results, progress.answered);
      } else {
        this.#note(batch, progress);
        continue;
      }
      isNews = true;
    }
    return isNews;
  }

  #settle(batch: OpenBatch, results: readonly BatchResult[], answered: number): void {
    const { ledger, batches, paid } = this.#options;
    const calls = new Map(batch.calls.map((call) => [`${batch.key}-${call.attempt}`, call]));
    const known = results.filter(({ customId }) => calls.has(customId));
    const ends: (() => void)[] = [];
    for (let start = 0; start < known.length; start += SETTLED_AT_A_TIME) {
      batches.together(() => {
        for (const result of known.slice(start, start + SETTLED_AT_A_TIME)) {
          const call = calls.get(result.customId);
          // The first result of a request counts.
          if (call === undefined) continue;
          calls.delete(result.customId);
          if ('reply' in result) {
            const settled = paid(result.reply, call.held);
            ledger.settle(call.attempt, settled);
            ends.push(() => this.#resolve(call.requestHash, { paid: settled, reply: result.reply }));
          } else {
            ledger[result.error.billing === 'none' ? 'release' : 'lose'](call.attempt, result.error.message);
            ends.push(() => this.#unanswered(call.requestHash, result.error, batch.dialect));
          }
        }
      });
      for (const end of ends.splice(0)) end();
    }
    // What has no line was not worked on, unless the provider says that it answered more than it shows.
    const shown = new Set(known.flatMap((result) => ('reply' in result ? result.customId : []))).size;
    batches.together(() => {
      for (const { attempt } of calls.values()) {
        ledger[answered > shown ? 'lose' : 'release'](attempt, 'the batch has no result for it');
      }
    });
    for (const { requestHash } of calls.values()) this.#unanswered(requestHash, this.#noResult(), batch.dialect);
  }

  #noResult(): ProviderError {
    const { owner, service } = this.#options;
    return new ProviderError(`${service} returned no result for a request of a batch.`, {
      provider: owner.provider,
      retryable: true,
      billing: 'unknown',
    });
  }

  #lose({ calls }: OpenBatch, why: string): void {
    const { ledger, batches } = this.#options;
    batches.together(() => {
      for (const { attempt } of calls) ledger.lose(attempt, why);
    });
  }

  /** The provider turned the batch down as a whole: nothing is billed. */
  #refused({ calls, size }: OpenBatch, refusal: ProviderError): void {
    const { ledger, batches } = this.#options;
    batches.together(() => {
      for (const { attempt } of calls) ledger.release(attempt, refusal.message);
    });
    if (!refusal.retryable || size === 1) throw refusal;
    this.#mostRequests = Math.max(1, Math.floor(size / 2));
    this.#options.onNote?.(`${refusal.message} The next batch has half as many requests.`);
  }

  #resolve(requestHash: string, reply: BatchedReply | undefined): void {
    for (const { resolve } of this.#take(requestHash)) resolve(reply);
  }

  /** A request that came back without an answer goes into the next batch, unless that would not help. */
  #unanswered(requestHash: string, error: ProviderError, writtenAs: string): void {
    const { api } = this.#options;
    const [waiting] = this.#waiting.get(requestHash) ?? [];
    if (waiting === undefined) return;
    if (api.learn(error, waiting.call.request) || api.dialect !== writtenAs) return;
    const times = (this.#returned.get(requestHash) ?? 0) + 1;
    this.#returned.set(requestHash, times);
    if (error.retryable && times < MOST_BATCHES_A_CALL) return;
    for (const { reject } of this.#take(requestHash)) reject(error);
  }

  #take(requestHash: string): readonly Waiting[] {
    const taken = this.#waiting.get(requestHash) ?? [];
    this.#waiting.delete(requestHash);
    return taken;
  }

  #rejectAll(error: unknown): void {
    for (const requestHash of [...this.#waiting.keys()]) {
      for (const { reject } of this.#take(requestHash)) reject(error);
    }
  }

  /** Sends what is in no batch yet. @returns whether anything was sent */
  async #submit(): Promise<boolean> {
    const { batches, owner, api, service, onNote } = this.#options;
    const fresh = this.#freshCalls();
    let isSent = false;
    while (fresh.length > 0) {
      // Where the provider has room for fewer, one batch at a time.
      if (this.#mostRequests < api.terms.mostRequests && this.#open().length > 0) break;
      const group = this.#takeGroup(fresh);
      let batch: OpenBatch;
      try {
        batch = batches.begin(owner, group, api.dialect);
      } catch (error) {
        if (!(error instanceof BudgetExceededError)) throw error;
        // What is under way is settled for less than it reserves, as a rule: then there is room.
        if (this.#open().length > 0) break;
        throw error;
      }
      const bodies = new Map(group.map(({ planned, body }) => [planned.requestHash, body]));
      const requests = batch.calls.map(({ attempt, requestHash }) => ({
        customId: `${batch.key}-${attempt}`,
        body: bodies.get(requestHash)!,
      }));
      const created = this.#errands.create(batch, requests);
      this.#handover = created.catch(() => undefined);
      await created.finally(() => {
        this.#handover = undefined;
      });
      onNote?.(submittedText(service, batch.size));
      isSent = true;
      if (batch.size < group.length) break;
    }
    return isSent;
  }

  /** The calls that are in no batch, each once, as they are written. */
  #freshCalls() {
    const { api, thinks } = this.#options;
    const inBatches = new Set(this.#open().flatMap(({ calls }) => calls.map(({ requestHash }) => requestHash)));
    const fresh = new Map<string, BatchedCall>();
    for (const [requestHash, [waiting]] of this.#waiting) {
      if (waiting !== undefined && !inBatches.has(requestHash)) fresh.set(requestHash, waiting.call);
    }
    return [...fresh.values()].flatMap(({ planned, request, held, submits }) => {
      if (!submits) {
        this.#resolve(planned.requestHash, undefined);
        return [];
      }
      const { body, written } = api.write(request, thinks);
      return [{ planned, body, held: held(written) }];
    });
  }

  /** Takes the next calls that fit into one batch. */
  #takeGroup<C extends { readonly body: string }>(calls: C[]): C[] {
    let bytes = 0;
    const tooMany = calls.findIndex(({ body }, index) => {
      bytes += Buffer.byteLength(body) + BYTES_AROUND_A_BODY;
      return index > 0 && (index >= this.#mostRequests || bytes > this.#options.api.terms.mostBytes);
    });
    return calls.splice(0, tooMany < 0 ? calls.length : tooMany);
  }

  #note({ key }: OpenBatch, progress: { readonly done: number; readonly total: number }): void {
    const before = this.#progress.get(key);
    this.#progress.set(key, progress);
    if (this.#options.waits && before?.done !== progress.done)
      this.#options.onNote?.(progressText(this.#options.service, progress));
  }

  #pendingText(): string {
    const open = this.#open().map((batch) => ({ ...batch, ...this.#progress.get(batch.key) }));
    return pendingText(this.#options.service, open, this.#options.clock.now());
  }
}

/** Custom id, method and address. */
const BYTES_AROUND_A_BODY = 160;
