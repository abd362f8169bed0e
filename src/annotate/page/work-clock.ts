/** A pause longer than this is not counted as work. */
const LONGEST_PAUSE_MS = 60_000;

/**
 * Time at work on one item: it counts while the page is seen, and up to a minute after the last sign of the person.
 * Times are in ms of any one clock that never runs backwards.
 */
export class WorkClock {
  #workedMs: number;
  #lastSignMs: number;
  #isSeen: boolean;

  constructor(workedSeconds: number, nowMs: number, isSeen: boolean) {
    this.#workedMs = workedSeconds * 1000;
    this.#lastSignMs = nowMs;
    this.#isSeen = isSeen;
  }

  /** The person typed, pointed or scrolled. */
  sign(nowMs: number): void {
    this.#workedMs = this.#workedMsAt(nowMs);
    this.#lastSignMs = nowMs;
  }

  /** The page came into sight, or went out of it. */
  see(isSeen: boolean, nowMs: number): void {
    this.sign(nowMs);
    this.#isSeen = isSeen;
  }

  /** @returns whole seconds, those of earlier visits among them */
  secondsAt(nowMs: number): number {
    return Math.round(this.#workedMsAt(nowMs) / 1000);
  }

  /** @returns ms since the last sign */
  idleMsAt(nowMs: number): number {
    return nowMs - this.#lastSignMs;
  }

  #workedMsAt(nowMs: number): number {
    if (!this.#isSeen) return this.#workedMs;
    return this.#workedMs + Math.min(Math.max(nowMs - this.#lastSignMs, 0), LONGEST_PAUSE_MS);
  }
}
