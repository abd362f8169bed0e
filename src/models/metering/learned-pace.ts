/** Limits are stated by the minute. */
const MINUTE_MS = 60_000;
/** A little below the rate that was found, so that few requests are refused. */
const MARGIN = 0.98;
/** With fewer calls between two refusals the rate between them says little. */
const FEWEST_CALLS = 4;
/** What is kept of a rate at which next to nothing was let through. */
const CUT = 0.7;
/** What is kept of a rate that was a little too much: a server that allows little at once lets less through than it could. */
const STEP_BACK = 0.95;
/** Below this share of the pace the limit itself has fallen. */
const FALLEN = 0.6;
/** A server that demands a longer wait counts by windows: nothing flows back meanwhile. */
const LONG_WAIT_MS = 5_000;
/** The first guess is a call a second at least, or one in the wait that is demanded where that is shorter. */
const LONGEST_GUESS_MS = 1_000;
/** Calls after which a first guess is doubled. */
const GUESS_CALLS = 4;
/** A rate that was measured is kept for so many calls, then raised step by step: the limit may have been raised. */
const KEPT_CALLS = 100;
const STEP_CALLS = 20;
const STEP = 0.01;
/** After a guess, until the next refusal. */
const ROUGH_STEP = 0.08;
const SMALL_STEPS = 6;
/** Calls that start late by no more than this are on time: timers are late. */
const LATENESS_MS = 25;

/**
 * A rate limit that no header states, learned from refusals.
 *
 * What a server let through between two refusals it allows in that time at least, and the pace at the refusal was more
 * than it allows. Calls start evenly, a little below that; the pace is raised slowly until the next refusal. Until there
 * are two refusals it is a guess: what was let through in the last minute.
 *
 * Amounts are requests or tokens; times are in ms of one clock that only grows.
 */
export class LearnedPace {
  /** Amount per ms. */
  #rate: number | undefined;
  /** `rough`: the first that was measured, after a guess. */
  #quality: 'guess' | 'rough' | 'measured' = 'measured';
  #nextAtMs = Number.NEGATIVE_INFINITY;
  #refusedAtMs: number | undefined;
  #countsFromMs = 0;
  /** Before it was last raised. */
  #rateBefore: number | undefined;
  /** Calls of the last minute, until the first refusal. */
  #recent: { readonly atMs: number; readonly amount: number }[] = [];
  /** What was let through since the last refusal; before the first, in the last minute. */
  #passedAmount = 0;
  #passedCalls = 0;
  /** Calls answered since the last refusal or raise. */
  #answered = 0;
  #raises = 0;

  /** @param rate amount per ms that an earlier run learned */
  constructor(rate?: number) {
    this.#rate = rate;
  }

  /** Amount per ms at this moment; undefined while nothing was refused. */
  get rate(): number | undefined {
    return this.#rate;
  }

  /** How long the next call must wait, ≥ 0. */
  waitMs(nowMs: number): number {
    return Math.max(0, this.#nextAtMs - nowMs);
  }

  started(amount: number, nowMs: number): void {
    this.#passedAmount += amount;
    this.#passedCalls += 1;
    if (this.#refusedAtMs === undefined) {
      this.#recent.push({ atMs: nowMs, amount });
      this.#forget(nowMs - MINUTE_MS);
    }
    if (this.#rate === undefined) return;
    const isOnTime = this.#nextAtMs > nowMs - LATENESS_MS;
    this.#nextAtMs = (isOnTime ? this.#nextAtMs : nowMs) + amount / this.#rate;
  }

  /** A call that started after the last refusal was answered. */
  answered(): void {
    if (this.#rate === undefined) return;
    this.#answered += 1;
    if (this.#quality === 'guess') {
      if (this.#answered < GUESS_CALLS) return;
      this.#rateBefore = this.#rate;
      this.#rate *= 2;
    } else {
      const isRough = this.#quality === 'rough';
      if (this.#answered < (isRough || this.#raises > 0 ? STEP_CALLS : KEPT_CALLS)) return;
      this.#raises += 1;
      this.#rateBefore = this.#rate;
      this.#rate *= 1 + Math.min(1, (isRough ? ROUGH_STEP : STEP) * 2 ** Math.max(0, this.#raises - SMALL_STEPS));
    }
    this.#answered = 0;
  }

  /**
   * A call was refused, the first of those that were under way together.
   * @param amount of that call
   * @param demandedMs the wait that the server demands; 0 if none
   */
  refused(amount: number, nowMs: number, demandedMs = 0): void {
    if (this.#refusedAtMs === undefined) this.#forget(nowMs - MINUTE_MS);
    const passed = Math.max(0, this.#passedAmount - amount);
    const calls = this.#passedCalls - 1;
    if (this.#rate === undefined) {
      this.#rate =
        MARGIN * Math.max(passed / MINUTE_MS, amount / Math.min(demandedMs || LONGEST_GUESS_MS, LONGEST_GUESS_MS));
      this.#quality = 'guess';
    } else if (this.#refusedAtMs !== undefined) {
      const allowed = passed / (nowMs - this.#countsFromMs);
      this.#rate = calls < FEWEST_CALLS ? CUT * this.#rate : this.#below(this.#rate, allowed);
      if (calls >= FEWEST_CALLS) this.#quality = this.#quality === 'guess' ? 'rough' : 'measured';
    }
    this.#refusedAtMs = nowMs;
    this.#countsFromMs = nowMs + (demandedMs > LONG_WAIT_MS ? demandedMs : 0);
    this.#rateBefore = undefined;
    this.#recent = [];
    this.#passedAmount = 0;
    this.#passedCalls = 0;
    this.#answered = 0;
    this.#raises = 0;
  }

  /** The next rate, after one that was too much and what was let through meanwhile. */
  #below(tooMuch: number, allowed: number): number {
    if (this.#quality !== 'guess' && allowed < FALLEN * tooMuch) return MARGIN * allowed;
    return Math.max(MARGIN * allowed, Math.min(STEP_BACK * tooMuch, MARGIN * (this.#rateBefore ?? tooMuch)));
  }

  #forget(beforeMs: number): void {
    const kept = this.#recent.findIndex(({ atMs }) => atMs >= beforeMs);
    const gone = this.#recent.splice(0, kept < 0 ? this.#recent.length : kept);
    this.#passedAmount -= gone.reduce((sum, { amount }) => sum + amount, 0);
    this.#passedCalls -= gone.length;
  }
}
