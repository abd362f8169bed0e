import type { ProviderFailure } from '../../domain/errors.ts';
import type { LearnedRates, LimitName, RateLimit, RateLimits } from '../../domain/rate-limits.ts';
import type { Random } from '../../math/random.ts';
import { LearnedPace } from './learned-pace.ts';
import { type CallStart, ToldLimit } from './told-limit.ts';

/** How providers word it when the limit is one of tokens. */
const OF_TOKENS = /tokens? per|\bTPM\b/i;
const LONGEST_BACKOFF_MS = 60_000;
const FIRST_BACKOFF_MS = 1_000;

/**
 * When the next call of one model may start: within the limits that headers state, at the rate that refusals have
 * taught, and after every wait that the server demands. Shared by all kinds of calls. Times are in ms of one clock that
 * only grows; calls are numbered by their start.
 */
export class Pacer {
  readonly #random: Pick<Random, 'float'>;
  readonly #told = new Map<LimitName, ToldLimit>();
  readonly #learned: { readonly requests: LearnedPace; readonly tokens: LearnedPace };
  #lastStart = 0;
  /** The latest call that had started when a request was last refused. */
  #refusedAt = 0;
  #refusals = 0;
  #refusedSinceMs = 0;
  #pausedUntilMs = Number.NEGATIVE_INFINITY;

  constructor(random: Pick<Random, 'float'>, { requestsPerMs, tokensPerMs }: LearnedRates = {}) {
    this.#random = random;
    this.#learned = { requests: new LearnedPace(requestsPerMs), tokens: new LearnedPace(tokensPerMs) };
  }

  get learned(): LearnedRates {
    const { requests, tokens } = this.#learned;
    return { requestsPerMs: requests.rate, tokensPerMs: tokens.rate };
  }

  /** Refusals in a row, those of requests that were under way together counted once; and since when. */
  refusals(nowMs: number): { readonly count: number; readonly forMs: number } {
    return { count: this.#refusals, forMs: this.#refusals === 0 ? 0 : nowMs - this.#refusedSinceMs };
  }

  /** How long a call of so many tokens must wait before it starts, ≥ 0. */
  waitMs(tokens: number, nowMs: number): number {
    const told = [...this.#told].map(([name, limit]) => limit.waitMs(name === 'requests' ? 1 : tokens, nowMs));
    const learned = [this.#learned.requests.waitMs(nowMs), this.#learned.tokens.waitMs(nowMs)];
    return Math.max(0, this.#pausedUntilMs - nowMs, ...told, ...learned);
  }

  started({ number, atMs }: CallStart, tokens: number): void {
    this.#lastStart = number;
    for (const [name, limit] of this.#told) limit.started(number, name === 'requests' ? 1 : tokens);
    this.#learned.requests.started(1, atMs);
    this.#learned.tokens.started(tokens, atMs);
  }

  /** The server took the call. @param limits what its headers say */
  answered(start: CallStart, limits: RateLimits | undefined): void {
    // A server that no longer states a limit would leave the old one to run out.
    for (const [name, limit] of this.#told)
      if (limit.isOlderThan(start.number) && !limits?.[name]) this.#told.delete(name);
    this.#read(limits, start);
    if (start.number <= this.#refusedAt) return;
    this.#refusals = 0;
    this.#learned.requests.answered();
    this.#learned.tokens.answered();
  }

  /** The server refused the call for its rate. Nothing starts before the wait that it demands. */
  refused(
    { start, tokens }: { readonly start: CallStart; readonly tokens: number },
    { retryAfterMs, said = '', limits }: Pick<ProviderFailure, 'retryAfterMs' | 'said' | 'limits'>,
    nowMs: number,
  ): void {
    this.#read(limits, start);
    if (retryAfterMs) this.#pause(nowMs + retryAfterMs);
    if (start.number <= this.#refusedAt) return;
    this.#refusedAt = this.#lastStart;
    if (this.#refusals === 0) this.#refusedSinceMs = nowMs;
    this.#refusals += 1;
    if (!retryAfterMs) {
      const ceilingMs = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (this.#refusals - 1));
      this.#pause(nowMs + Math.round(ceilingMs * (0.5 + 0.5 * this.#random.float())));
    }
    // Where the headers explain it, they say all there is to know.
    if (Object.values(limits ?? {}).some(({ remaining }) => remaining <= 0)) return;
    if (OF_TOKENS.test(said)) this.#learned.tokens.refused(tokens, nowMs, retryAfterMs);
    else this.#learned.requests.refused(1, nowMs, retryAfterMs);
  }

  #read(limits: RateLimits | undefined, start: CallStart): void {
    for (const [name, limit] of Object.entries(limits ?? {}) as [LimitName, RateLimit | undefined][]) {
      if (limit === undefined) continue;
      const known = this.#told.get(name);
      if (known) known.told(limit, start);
      else this.#told.set(name, new ToldLimit(limit, start));
    }
  }

  #pause(untilMs: number): void {
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, untilMs);
  }
}
