/** A hold lasts ten minutes, a newcomer's perhaps two. It is extended well before that while the person is active. */
const HOLD_EVERY_MS = 60_000;
/** Who has done nothing for longer is not active. */
const LONGEST_IDLE_MS = 180_000;

export interface PresenceOptions {
  /** A clock that never goes back. */
  readonly nowMs: () => number;
  readonly isVisible: () => boolean;
}

/** Whether and how long the person has been working on the current item, and whether its hold must be extended. */
export class Presence {
  readonly #options: PresenceOptions;
  #clock: WorkClock;
  #lastHoldMs: number;

  constructor(options: PresenceOptions) {
    this.#options = options;
    this.#lastHoldMs = options.nowMs();
    this.#clock = this.#startClock(0);
  }

  /** Starts the time of an item, after the seconds spent on it before. @returns a function for the seconds spent so far */
  startItem(workedSeconds: number): () => number {
    const clock = this.#startClock(workedSeconds);
    this.#clock = clock;
    return () => clock.secondsAt(this.#options.nowMs());
  }

  get seconds(): number {
    return this.#clock.secondsAt(this.#options.nowMs());
  }

  /** The person typed, pointed or scrolled. */
  noteActivity(): void {
    this.#clock.noteActivity(this.#options.nowMs());
  }

  /** The page was shown or hidden. */
  setVisible(isVisible: boolean): void {
    this.#clock.setVisible(isVisible, this.#options.nowMs());
  }

  /** The hold was just extended. */
  noteHold(): void {
    this.#lastHoldMs = this.#options.nowMs();
  }

  /** Whether the person is active and the hold was not extended for a while. */
  get isHoldDue(): boolean {
    const now = this.#options.nowMs();
    return now - this.#lastHoldMs >= HOLD_EVERY_MS && this.#clock.idleMsAt(now) < LONGEST_IDLE_MS;
  }

  #startClock(workedSeconds: number): WorkClock {
    return new WorkClock(workedSeconds, this.#options.nowMs(), this.#options.isVisible());
  }
}

/** Longer pauses do not count as work. */
const LONGEST_PAUSE_MS = 60_000;

/**
 * Time spent on one item. It counts while the page is visible, up to a minute after the last activity. All times are in
 * ms of one clock that never goes back.
 */
class WorkClock {
  #workedMs: number;
  #lastActivityMs: number;
  #isVisible: boolean;

  constructor(workedSeconds: number, nowMs: number, isVisible: boolean) {
    this.#workedMs = workedSeconds * 1000;
    this.#lastActivityMs = nowMs;
    this.#isVisible = isVisible;
  }

  /** The person typed, pointed or scrolled. */
  noteActivity(nowMs: number): void {
    this.#workedMs = this.#workedMsAt(nowMs);
    this.#lastActivityMs = nowMs;
  }

  /** The page was shown or hidden. */
  setVisible(isVisible: boolean, nowMs: number): void {
    this.noteActivity(nowMs);
    this.#isVisible = isVisible;
  }

  /** @returns whole seconds, including earlier visits */
  secondsAt(nowMs: number): number {
    return Math.round(this.#workedMsAt(nowMs) / 1000);
  }

  /** @returns ms since the last activity */
  idleMsAt(nowMs: number): number {
    return nowMs - this.#lastActivityMs;
  }

  #workedMsAt(nowMs: number): number {
    if (!this.#isVisible) return this.#workedMs;
    return this.#workedMs + Math.min(Math.max(nowMs - this.#lastActivityMs, 0), LONGEST_PAUSE_MS);
  }
}
