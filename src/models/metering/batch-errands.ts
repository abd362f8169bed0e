import type { BatchLedger, OpenBatch } from '../../domain/batches.ts';
import type { Clock } from '../../domain/clock.ts';
import { ProviderError } from '../../domain/errors.ts';
import type { CallLedger } from '../../domain/ledger.ts';
import type { Random } from '../../math/random.ts';
import type { BatchApi, BatchProgress, BatchResult, FoundBatch } from '../providers/batch-api.ts';
import { anySignal } from './abort-signals.ts';
import { endAll } from './batch-settlement.ts';
import { givenUp } from './failed-try.ts';
import { DEFAULT_RETRY_POLICY, decideRetry } from './retry-policy.ts';

/** A provider may list a batch a little later than it was asked to create it. */
const LISTED_AFTER_MS = 5_000;
/** Providers keep results for about 30 days. */
const RESULTS_KEPT_MS = 28 * 24 * 3_600_000;

export interface BatchErrandsOptions {
  readonly api: BatchApi;
  readonly ledger: CallLedger;
  readonly batches: BatchLedger;
  readonly clock: Clock;
  readonly random: Pick<Random, 'float'>;
  readonly signal?: AbortSignal | undefined;
  readonly abandon?: AbortSignal | undefined;
}

/** Asks a provider about batches, again where it fails, and never has it create one twice. */
export class BatchErrands {
  readonly #options: BatchErrandsOptions;
  readonly #stop: AbortSignal | undefined;

  constructor(options: BatchErrandsOptions) {
    this.#options = options;
    this.#stop = anySignal(options.signal, options.abandon);
  }

  /** Hands a batch over, and stores its id. */
  async create(
    batch: OpenBatch,
    requests: readonly { readonly customId: string; readonly body: string }[],
  ): Promise<void> {
    const { api, batches, abandon } = this.#options;
    let isPerhapsThere = false;
    const remoteId = await this.#tried(async () => {
      if (isPerhapsThere) {
        const found = await this.#find({ ...batch, sentAtMs: this.#options.clock.now() }, new Set());
        if (found.state === 'found') return found.remoteId;
        // One of its size is being worked on: a later look tells whether it is this one.
        if (found.state === 'unclear') return undefined;
      }
      const onCreate = () => {
        isPerhapsThere = true;
        batches.sent(batch.key);
      };
      try {
        // What is handed over is not broken off by an interrupt: its id would have to be looked for.
        return await api.create(batch.key, requests, onCreate, abandon);
      } catch (error) {
        if (isTurnedDown(error)) isPerhapsThere = false;
        throw error;
      }
    }).catch((error: unknown) => {
      if (!isPerhapsThere) {
        endAll(batch, 'release', 'the batch was not accepted', this.#options);
      }
      throw error;
    });
    if (remoteId !== undefined) batches.submitted(batch.key, remoteId);
  }

  /** The provider's id of a batch; looks for one that an earlier process may have handed over. */
  async locate(batch: OpenBatch, others: ReadonlySet<string>): Promise<FoundBatch> {
    if (batch.remoteId !== undefined) return { state: 'found', remoteId: batch.remoteId };
    if (batch.sentAtMs === undefined) return { state: 'none' };
    const found = await this.#tried(() => this.#find(batch, others));
    if (found.state === 'found') this.#options.batches.submitted(batch.key, found.remoteId);
    return found;
  }

  /**
   * @returns `gone` where its results are deleted
   * @throws ProviderError where the provider does not know it: the key may be of another account
   */
  async look(remoteId: string, createdAtMs: number): Promise<BatchProgress | 'gone'> {
    const { api, clock } = this.#options;
    try {
      return await this.#tried(() => api.look(remoteId, this.#stop));
    } catch (error) {
      if (!(error instanceof ProviderError && error.status === 404)) throw error;
      if (clock.now() - createdAtMs > RESULTS_KEPT_MS) return 'gone';
      throw new ProviderError(`The batch ${remoteId} is not known to this account.`, error, {
        hint: 'Use the API key of the account and project that the batch was sent from.',
        cause: error,
      });
    }
  }

  results(remoteId: string): Promise<readonly BatchResult[]> {
    return this.#tried(() => this.#options.api.results(remoteId, this.#stop));
  }

  async #find(batch: OpenBatch, others: ReadonlySet<string>): Promise<FoundBatch> {
    const { api, clock } = this.#options;
    const first = await api.find(batch.key, { ...batch, others }, this.#stop);
    const waitMs = (batch.sentAtMs ?? 0) + LISTED_AFTER_MS - clock.now();
    if (first.state !== 'none' || waitMs <= 0) return first;
    await clock.sleep(Math.min(waitMs, LISTED_AFTER_MS), this.#stop);
    return api.find(batch.key, { ...batch, others }, this.#stop);
  }

  async #tried<R>(errand: () => Promise<R>): Promise<R> {
    const { clock, random } = this.#options;
    for (let tries = 1; ; tries += 1) {
      try {
        return await errand();
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
        const decision = decideRetry(error, tries, DEFAULT_RETRY_POLICY, random);
        if (!decision.retry) throw givenUp(error, tries, decision, DEFAULT_RETRY_POLICY);
        await clock.sleep(decision.waitMs, this.#stop);
      }
    }
  }
}

/** Whether it is certain that nothing was created. */
function isTurnedDown(error: unknown): boolean {
  return (
    error instanceof ProviderError &&
    error.status !== undefined &&
    error.status >= 400 &&
    error.status < 500 &&
    error.billing === 'none'
  );
}
