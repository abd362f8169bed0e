import type { BatchingLedger } from '../domain/batches.ts';
import type { Clock } from '../domain/clock.ts';
import { seededRandom } from '../math/random.ts';
import type { BatchDesk } from '../models/metering/batch-desk.ts';
import type { Llm } from '../models/providers/open-llm.ts';
import { PROVIDERS } from '../models/providers/registry.ts';

interface Settings {
  /** Of the waits between retries. */
  readonly seed: number;
  readonly clock: Clock;
  /** Stay until batches are answered. */
  readonly wait?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly abandon?: AbortSignal | undefined;
  readonly onNote?: ((note: string) => void) | undefined;
}

/** Where the batches of a run are sent and collected: one desk a model, so that each batch is collected once. */
export class BatchDesks {
  readonly #desks = new Map<string, BatchDesk>();

  /** @returns undefined where nothing is sent or was sent as a batch */
  async open({ client, reasoningTokens, batches: terms }: Llm, ledger: BatchingLedger, settings: Settings) {
    const { batches } = ledger;
    if (!terms || !batches || !(terms.isUsed || batches.openCalls() > 0)) return undefined;
    const { api, price, isUsed, service } = terms;
    const { provider, model, endpoint } = client;
    const key = `${provider} ${model} ${endpoint}`;
    const { clock, seed, wait = false, onNote, signal, abandon } = settings;
    const { openBatchDesk } = await import('../models/open-batch-desk.ts');
    const desk =
      this.#desks.get(key) ??
      openBatchDesk(client, {
        ...{ owner: { provider, model, endpoint }, api, ledger, batches, clock, price, reasoningTokens, service },
        ...{ waits: wait, random: seededRandom(seed, 'batches'), onNote, signal, abandon },
      });
    this.#desks.set(key, desk);
    return { desk, price, isUsed };
  }
}

/** Whether a provider has batches that winnow uses. */
export function hasBatches(provider: string): boolean {
  return PROVIDERS.find(provider).batches !== undefined;
}
