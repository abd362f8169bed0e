import type { RateLimit } from '../../domain/rate-limits.ts';

/** The start of a request. */
export interface CallStart {
  /** Counted from 1. */
  readonly number: number;
  /** By the clock that only grows. */
  readonly atMs: number;
}

const PERIODS_MS = [60_000, 3_600_000, 86_400_000] as const;
/** How far what a header implies may be from one of the periods. */
const TOLERANCE = 1.5;
/** With less used, or a shorter time to go, rounding hides the period. */
const TELLING_SHARE = 0.1;
const TELLING_RESET_MS = 1_000;

/**
 * One limit as response headers state it: how much is left, which calls that started since have used of it, and how it
 * comes back. Most providers let it flow back evenly and give the time until it is whole again; some give it back all at
 * once, at the end of a window. Which of them a provider does shows in its figures. They are taken as of the start of the
 * call: where a server states them at its end, what started meanwhile is counted twice, and what flowed back makes up.
 *
 * Amounts are requests or tokens; times are in ms of one clock that only grows.
 */
export class ToldLimit {
  #limit: number;
  #left: number;
  #atMs: number;
  /** The last call whose answer said so. */
  #ofStart: number;
  /** Amounts of calls that started after it. */
  #since: { readonly start: number; readonly amount: number }[] = [];
  #periodMs: number = PERIODS_MS[0];
  /** When all of it comes back at once, if it does. */
  #wholeAtMs: number | undefined;

  constructor(told: RateLimit, { number, atMs }: CallStart) {
    this.#limit = told.limit;
    this.#left = told.remaining;
    this.#atMs = atMs;
    this.#ofStart = number;
    this.#readPeriod(told, atMs);
  }

  /** @param start of the call whose answer says so; an answer to an earlier call than the last one tells nothing new */
  told(told: RateLimit, { number, atMs }: CallStart): void {
    if (!this.isOlderThan(number)) return;
    this.#ofStart = number;
    this.#limit = told.limit;
    this.#left = told.remaining;
    this.#atMs = atMs;
    this.#since = this.#since.filter((call) => call.start > number);
    this.#readPeriod(told, atMs);
  }

  /** Whether the answer to this call tells more than what is known. */
  isOlderThan(start: number): boolean {
    return start > this.#ofStart;
  }

  started(start: number, amount: number): void {
    this.#since.push({ start, amount });
  }

  /** How long a call must wait for its amount, ≥ 0. One above the whole limit waits for the whole. */
  waitMs(amount: number, nowMs: number): number {
    const used = this.#since.reduce((sum, call) => sum + call.amount, 0);
    const missing = Math.min(amount, this.#limit) - (this.#left - used);
    if (missing <= 0) return 0;
    if (this.#wholeAtMs !== undefined && nowMs < this.#wholeAtMs) return this.#wholeAtMs - nowMs;
    const flowsFrom = this.#wholeAtMs ?? this.#atMs;
    const flowed = this.#wholeAtMs === undefined ? 0 : this.#limit - this.#left;
    return Math.max(0, flowsFrom + ((missing - flowed) * this.#periodMs) / this.#limit - nowMs);
  }

  #readPeriod({ limit, remaining, resetMs = 0 }: RateLimit, atMs: number): void {
    const used = limit - remaining;
    if (used < TELLING_SHARE * limit || resetMs < TELLING_RESET_MS) {
      if (this.#wholeAtMs !== undefined) this.#wholeAtMs = atMs + resetMs;
      return;
    }
    const impliedMs = (resetMs * limit) / used;
    const period = PERIODS_MS.find((ms) => impliedMs > ms / TOLERANCE && impliedMs < ms * TOLERANCE);
    this.#periodMs = period ?? PERIODS_MS[0];
    this.#wholeAtMs = period === undefined ? atMs + resetMs : undefined;
  }
}
