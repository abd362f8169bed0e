import type { Clock } from '../../domain/clock.ts';
import { isDiskFull } from '../../domain/disk-full.ts';
import { BudgetExceededError, ProviderError } from '../../domain/errors.ts';
import type { CallLedger, PaidReply, PlannedCall } from '../../domain/ledger.ts';
import type { RateLimits } from '../../domain/rate-limits.ts';
import type { Random } from '../../math/random.ts';
import { anySignal, rejectOnAbort } from './abort-signals.ts';
import { CallGate } from './call-gate.ts';
import { givenUp, isOverload, isRateLimit, type RetryCounts, retryReason } from './failed-try.ts';
import { Pacer } from './pacer.ts';
import { PaidStorage } from './paid-storage.ts';
import { DEFAULT_RETRY_POLICY, decideRetry, type RetryDecision, type RetryPolicy } from './retry-policy.ts';
import type { CallStart } from './told-limit.ts';

export interface MeteredCallerOptions {
  readonly ledger: CallLedger;
  readonly clock: Clock;
  /** Jitter of the waits. */
  readonly random: Pick<Random, 'float'>;
  /** Most requests at once, an integer ≥ 1. */
  readonly maxConcurrency: number;
  readonly retry?: Partial<RetryPolicy>;
  /** Says what the user should know meanwhile. */
  readonly onNote?: ((note: string) => void) | undefined;
}

/** An answer that came. */
export interface Answered<R> {
  readonly paid: PaidReply;
  readonly result: R;
  /** What its headers say of the provider's limits. */
  readonly limits?: RateLimits | undefined;
  /** Stores what the ledger does not hold, before the call is settled. Called again where the disk was full. */
  readonly store?: () => void;
}

/** A server that demands waits is asked for at least so long before a call is given up. */
const PATIENCE_MS = 60_000;

/** Two-stage cancellation. */
export interface CallSignals {
  /** Start nothing new: waiting calls reject with its reason, requests under way finish and settle. */
  readonly signal?: AbortSignal | undefined;
  /** End the requests under way too; they are lost, since they may be billed. */
  readonly abandon?: AbortSignal | undefined;
}

/**
 * Makes paid calls: a slot, a reservation, the request, and what it really cost. Every reservation ends
 * in exactly one of three ways: settled (answered), released (turned down, not billed) or lost (it
 * may be billed). A retry is a new reservation; it waits without holding a slot.
 *
 * Calls start at the pace that the provider allows, the same for all kinds of calls of a model. A call that is refused for
 * its rate waits for its turn again; that is none of its tries.
 *
 * An answer that cannot be stored because the disk is full is kept in memory until it can; meanwhile no call starts.
 */
export class MeteredCaller {
  /** Most requests at once. */
  readonly maxConcurrency: number;
  readonly #ledger: CallLedger;
  readonly #clock: Clock;
  readonly #random: Pick<Random, 'float'>;
  readonly #policy: RetryPolicy;
  readonly #gate: CallGate;
  readonly #pacers = new Map<string, Pacer>();
  readonly #storage: PaidStorage;
  readonly #retries = { rateLimited: 0, serverErrors: 0, timeouts: 0, connections: 0 };
  #underWay = 0;
  #calls = 0;
  /** Calls that wait for a request under way to end. */
  #waitingForEnd: (() => void)[] = [];

  constructor(options: MeteredCallerOptions) {
    this.maxConcurrency = options.maxConcurrency;
    this.#ledger = options.ledger;
    this.#clock = options.clock;
    this.#random = options.random;
    this.#policy = { ...DEFAULT_RETRY_POLICY, ...options.retry };
    this.#storage = new PaidStorage(options.clock, options.onNote ?? (() => undefined));
    this.#gate = new CallGate({ max: options.maxConcurrency, clock: options.clock });
  }

  get retries(): RetryCounts {
    return { ...this.#retries };
  }

  /** Requests that may run at once at this moment. */
  get concurrency(): number {
    return this.#gate.concurrency.slots;
  }

  /**
   * @param attempt makes the request once; it is handed `signals.abandon`
   * @returns the result of the try that went through, after its cost is settled
   * @throws BudgetExceededError when the worst case fits under a cap not even with nothing under way
   * @throws ProviderError of the last try; or the signal's reason; or any other error of `attempt`
   */
  async call<R>(
    planned: PlannedCall,
    attempt: (abandon: AbortSignal | undefined) => Promise<Answered<R>>,
    signals: CallSignals = {},
  ): Promise<R> {
    const stop = anySignal(signals.signal, signals.abandon);
    this.#calls += 1;
    const pacer = this.#pacerOf(planned);
    const call = { place: this.#calls, tokens: planned.worstCaseTokens, pacer };
    let refusals = 0;
    for (let tries = 1; ; ) {
      const outcome = await this.#gate.run(
        call,
        async (start) => {
          const reservation = await this.#reserve(planned, stop);
          const answered = await this.#try(reservation, signals.abandon, async () => attempt(signals.abandon));
          await this.#learn(planned, pacer, start, answered);
          return answered;
        },
        stop,
      );
      if ('result' in outcome) return outcome.result;
      const { failure } = outcome;
      const decision = isRateLimit(failure)
        ? this.#afterRefusal(failure, pacer)
        : decideRetry(failure, tries, this.#policy, this.#random);
      if (!decision.retry) throw givenUp(failure, tries + refusals, decision, this.#policy);
      this.#retries[retryReason(failure)] += 1;
      if (isRateLimit(failure)) {
        refusals += 1;
        continue;
      }
      tries += 1;
      await this.#clock.sleep(decision.waitMs, stop);
    }
  }

  /** Waits for room while requests under way may still free some. */
  async #reserve(planned: PlannedCall, stop: AbortSignal | undefined): Promise<number> {
    for (;;) {
      await this.#storage.spaceThere(stop);
      stop?.throwIfAborted();
      try {
        const reservation = this.#ledger.reserve(planned);
        // Counted at once: a call that finds no room in the same tick must see that something is under way.
        this.#underWay += 1;
        return reservation;
      } catch (error) {
        if (!(error instanceof BudgetExceededError) || this.#underWay === 0) throw error;
        await rejectOnAbort(new Promise<void>((resolve) => this.#waitingForEnd.push(resolve)), stop);
      }
    }
  }

  async #try<R>(
    reservation: number,
    abandon: AbortSignal | undefined,
    attempt: () => Promise<Answered<R>>,
  ): Promise<Outcome<R>> {
    try {
      const answer = await this.#answered(attempt, abandon).catch((error: unknown) => ({ error }));
      if (!('error' in answer)) {
        await this.#storage.store(() => this.#ledger.settle(reservation, answer.paid), abandon);
        return { result: answer.result, limits: answer.limits };
      }
      const { error } = answer;
      if (isDiskFull(error)) throw error;
      const message = error instanceof Error ? error.message : String(error);
      if (!(error instanceof ProviderError)) {
        this.#ledger.lose(reservation, message);
        throw error;
      }
      const free = error.billing === 'none';
      await this.#storage.store(() => this.#ledger[free ? 'release' : 'lose'](reservation, message), abandon);
      return { failure: error };
    } finally {
      this.#underWay -= 1;
      for (const wake of this.#waitingForEnd.splice(0)) wake();
    }
  }

  async #answered<R>(attempt: () => Promise<Answered<R>>, abandon: AbortSignal | undefined): Promise<Answered<R>> {
    const answer = await attempt();
    const { store } = answer;
    if (store) await this.#storage.store(store, abandon);
    return answer;
  }

  /** One pace for all kinds of calls of a model. */
  #pacerOf({ provider, model }: PlannedCall): Pacer {
    const key = `${provider} ${model}`;
    const pacer = this.#pacers.get(key) ?? new Pacer(this.#random, this.#ledger.rates?.find(provider, model));
    this.#pacers.set(key, pacer);
    return pacer;
  }

  /** What the end of a request says of how much and how fast its model may be asked. */
  async #learn(
    { provider, model, worstCaseTokens: tokens }: PlannedCall,
    pacer: Pacer,
    start: CallStart,
    outcome: Outcome<unknown>,
  ) {
    const { concurrency } = this.#gate;
    if ('result' in outcome) {
      concurrency.succeeded();
      pacer.answered(start, outcome.limits);
      return;
    }
    const { failure } = outcome;
    if (isOverload(failure)) concurrency.overloaded(start.number, this.#gate.lastStart);
    if (!isRateLimit(failure)) return;
    pacer.refused({ start, tokens }, failure, this.#clock.elapsed());
    await this.#storage.store(() => this.#ledger.rates?.keep(provider, model, pacer.learned), undefined);
  }

  /** A refused call waits for its turn again, unless the server lets nothing through any more. */
  #afterRefusal({ retryAfterMs = 0 }: ProviderError, pacer: Pacer): RetryDecision {
    if (retryAfterMs > this.#policy.maxDemandedWaitMs) return { retry: false, because: 'wait' };
    const { count, forMs } = pacer.refusals(this.#clock.elapsed());
    const isHopeless = count >= this.#policy.maxTries && (retryAfterMs === 0 || forMs >= PATIENCE_MS);
    return isHopeless ? { retry: false, because: 'tries' } : { retry: true, waitMs: 0 };
  }
}

type Outcome<R> = { readonly result: R; readonly limits: RateLimits | undefined } | { readonly failure: ProviderError };
