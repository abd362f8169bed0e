import type { BatchLedger, BatchOwner, HeldRequest, OpenBatch } from '../../domain/batches.ts';
import type { Clock } from '../../domain/clock.ts';
import { BatchPendingError, BudgetExceededError, ProviderError } from '../../domain/errors.ts';
import type { CallLedger, PaidReply, PlannedCall } from '../../domain/ledger.ts';
import type { Random } from '../../math/random.ts';
import type { BatchApi, BatchResult } from '../providers/batch-api.ts';
import type { LlmReply, LlmRequest } from '../providers/llm-client.ts';
import { anySignal } from './abort-signals.ts';
import { BatchErrands } from './batch-errands.ts';
import { endAll, settleBatch } from './batch-settlement.ts';
import { byHandText, pendingText, progressText, submittedText } from './batch-words.ts';
import { WaitingCalls } from './waiting-calls.ts';

/** Most questions that may wait for answers at once: what they ask is in memory. */
export const MOST_WAITING = 20_000;
/** So often one request may come back without an answer before its question fails. */
const MOST_BATCHES_A_CALL = 3;
const FIRST_LOOK_MS = 1_000;
const MOST_BETWEEN_LOOKS_MS = 60_000;

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
  /** Settles a reply. @throws ProviderError where it is no answer to all that was sent */
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
  readonly #waiting = new WaitingCalls<BatchedCall, BatchedReply | undefined>();
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
    // A batch that is being handed over is stored first.
    const beforeLeaving = () => this.#handover;
    const answered = this.#waiting.add(call.planned.requestHash, call, {
      ...{ signal, beforeLeaving },
      abandon: anySignal(abandon),
    });
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
        await this.#waiting.quiet();
        if (this.#waiting.size === 0) return;
        if (await this.#collect()) continue;
        if (await this.#submit()) lookAgainMs = FIRST_LOOK_MS;
        if (this.#waiting.size === 0) return;
        if (!this.#options.waits) {
          this.#waiting.rejectAll(new BatchPendingError(this.#pendingText()));
          return;
        }
        // Ends with the process's signal; a call that is given up leaves by itself.
        await this.#options.clock.sleep(lookAgainMs, anySignal(this.#options.signal, this.#options.abandon));
        lookAgainMs = Math.min(MOST_BETWEEN_LOOKS_MS, lookAgainMs * 2);
      }
    } catch (error) {
      this.#waiting.rejectAll(error);
    } finally {
      this.#isWorking = false;
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
        endAll(batch, 'release', 'it was not sent', this.#options);
        isNews = true;
        continue;
      }
      const progress = await this.#errands.look(located.remoteId, batch.createdAtMs);
      if (progress === 'gone') endAll(batch, 'lose', 'its results are deleted', this.#options);
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
    const { owner, service } = this.#options;
    const missing = new ProviderError(`${service} returned no result for a request of a batch.`, {
      provider: owner.provider,
      retryable: true,
      billing: 'unknown',
    });
    for (const { requestHash, ...end } of settleBatch(batch, results, { ...this.#options, answered, missing })) {
      if ('reply' in end) this.#waiting.resolve(requestHash, end);
      else this.#unanswered(requestHash, end.error, batch.dialect);
    }
  }

  /** The provider rejected the batch as a whole: nothing is billed. */
  #refused(batch: OpenBatch, refusal: ProviderError): void {
    endAll(batch, 'release', refusal.message, this.#options);
    if (!refusal.retryable || batch.size === 1) throw refusal;
    this.#mostRequests = Math.max(1, Math.floor(batch.size / 2));
    this.#options.onNote?.(`${refusal.message} The next batch has half as many requests.`);
  }

  /** A request that came back without an answer goes into the next batch, unless that would not help. */
  #unanswered(requestHash: string, error: ProviderError, writtenAs: string): void {
    const { api } = this.#options;
    const call = this.#waiting.callOf(requestHash);
    if (call === undefined) return;
    if (api.learn(error, call.request) || api.dialect !== writtenAs) return;
    const times = (this.#returned.get(requestHash) ?? 0) + 1;
    this.#returned.set(requestHash, times);
    if (error.retryable && times < MOST_BATCHES_A_CALL) return;
    this.#waiting.reject(requestHash, error);
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
      // One that the user has answered is noted with its command.
      if (api.byHand === undefined) onNote?.(submittedText(service, batch.size));
      else if (this.#options.waits) onNote?.(this.#pendingText());
      isSent = true;
      if (batch.size < group.length) break;
    }
    return isSent;
  }

  /** The calls that are in no batch, each once, as they are written. */
  #freshCalls() {
    const { api, thinks } = this.#options;
    const inBatches = new Set(this.#open().flatMap(({ calls }) => calls.map(({ requestHash }) => requestHash)));
    return this.#waiting.calls().flatMap(({ planned, request, held, submits }) => {
      if (inBatches.has(planned.requestHash)) return [];
      if (!submits) {
        this.#waiting.resolve(planned.requestHash, undefined);
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
    const { api } = this.#options;
    const byHand = open.flatMap((batch) =>
      api.byHand && batch.remoteId !== undefined ? { ...batch, command: api.byHand(batch.remoteId) } : [],
    );
    if (byHand.length > 0) return byHandText(this.#options.service, byHand);
    return pendingText(this.#options.service, open, this.#options.clock.now());
  }
}

/** Custom id, method and address. */
const BYTES_AROUND_A_BODY = 160;
