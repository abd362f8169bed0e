import { isDeepStrictEqual } from 'node:util';
import { ProviderError } from '../../domain/errors.ts';
import type { ServedModelName } from '../../domain/ledger.ts';
import { type Dialect, type Feature, isNameless, refusedFeature, usedFeatures, without } from './dialect.ts';
import type { LlmRequest } from './llm-client.ts';
import type { ServerMemory, ServerNotes } from './server-memory.ts';

/** What is left out, one after the other, where a server does not say what it refuses. */
const GUESSES: readonly Feature[] = ['format', 'temperature', 'logprobs', 'limit'];

/**
 * Finds out what a server takes, and remembers it.
 *
 * What a refusal names is left out from then on. Requests that were sent side by side may be refused for the same
 * reason; the first changes the dialect, the others just follow it. A refusal that names nothing is answered by leaving
 * out one feature after the other that has not worked before; what is left is only remembered if it works. A request
 * whose plainest form is refused too is final, and no other is tried in this way.
 */
export class Negotiation {
  #dialect: Dialect;
  /** What has worked is not why a request is refused. */
  readonly #proven = new Set<Feature>();
  /** Errors 500 without a reason since the last answer. One alone may pass. */
  #silentFailures = 0;
  #gaveUp = false;
  readonly #keep: (dialect: Dialect) => void;

  /** @param keep is told what the server takes once a refusal has shown it */
  constructor(first: Dialect, keep: (dialect: Dialect) => void = () => undefined) {
    this.#dialect = first;
    this.#keep = keep;
  }

  /** How requests are written now. */
  get dialect(): Dialect {
    return this.#dialect;
  }

  /** What requests ask for now. */
  get asksFor(): { readonly schema: boolean; readonly logprobs: boolean } {
    const { formats, topLogprobs } = this.#dialect;
    return { schema: formats[0] === 'json_schema', logprobs: topLogprobs.length > 0 };
  }

  /**
   * Learns from the refusal of a request that was not sent by `send`.
   * @returns whether the request is written in another form from now on
   */
  learn(refusal: ProviderError, request: LlmRequest): boolean {
    const named = refusedFeature(refusal, usedFeatures(request, this.#dialect));
    const simpler = named && without(named, this.#dialect);
    if (simpler === undefined || refusal.isFiltered) return false;
    this.#dialect = simpler;
    this.#keep(simpler);
    return true;
  }

  /** Sends until the server takes it. @throws ProviderError */
  async send<R>(request: LlmRequest, attempt: (dialect: Dialect) => Promise<R>): Promise<R> {
    let dialect = this.#dialect;
    let isGuess = false;
    let isRefused = false;
    for (;;) {
      const used = usedFeatures(request, dialect);
      try {
        const result = await attempt(dialect);
        for (const feature of used) this.#proven.add(feature);
        this.#silentFailures = 0;
        if (isGuess) this.#dialect = dialect;
        if (isRefused) this.#keep(this.#dialect);
        return result;
      } catch (error) {
        if (!(error instanceof ProviderError) || error.isFiltered) throw error;
        const named = refusedFeature(error, used);
        const simpler = named && without(named, dialect);
        // An error 500 without a reason may have passed by itself.
        isRefused ||= simpler !== undefined || error.status !== 500;
        if (simpler) {
          if (!isGuess && this.#dialect === dialect) this.#dialect = simpler;
          dialect = isGuess ? simpler : this.#dialect;
          continue;
        }
        const guess = this.#guess(error, dialect, used);
        if (guess === undefined) throw isGuess ? this.#giveUp(error) : error;
        dialect = guess;
        isGuess = true;
      }
    }
  }

  #guess(error: ProviderError, dialect: Dialect, used: ReadonlySet<Feature>): Dialect | undefined {
    if (this.#gaveUp || !isNameless(error)) return undefined;
    if (error.status === 500) {
      this.#silentFailures += 1;
      if (this.#silentFailures === 1) return undefined;
    }
    const unproven = GUESSES.filter((feature) => used.has(feature) && !this.#proven.has(feature));
    for (const feature of unproven) {
      const simpler = without(feature, dialect);
      // Log-probabilities are left out as a whole.
      if (simpler) return feature === 'logprobs' ? { ...simpler, topLogprobs: [] } : simpler;
    }
    return undefined;
  }

  #giveUp(error: ProviderError): ProviderError {
    if (!isNameless(error)) return error;
    this.#gaveUp = true;
    return new ProviderError(
      `${error.message} It refuses the plainest request too.`,
      { provider: error.provider, status: error.status, retryable: false, billing: error.billing, said: error.said },
      { hint: 'Look for the reason in the log of the server.', cause: error },
    );
  }
}

/**
 * Begins with what an earlier run found out of the server, if it began with the same dialect.
 * @param first how the provider is asked, until a model refuses a part of it
 */
export function negotiationWith(
  served: ServedModelName,
  first: Dialect,
  memory: ServerMemory | undefined,
): Negotiation {
  const known = memory?.recall(served).dialect;
  const isOfThis = known !== undefined && isDeepStrictEqual(known.first, first);
  return new Negotiation(isOfThis ? known.taken : first, (taken) =>
    memory?.keep(served, { dialect: { first, taken } as ServerNotes['dialect'] }),
  );
}
