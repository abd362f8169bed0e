/** A hold lasts ten minutes: it is prolonged well before, as long as the person is there. */
const BEAT_MS = 180_000;

export interface PresenceOptions {
  /** A clock that never runs backwards. */
  readonly nowMs: () => number;
  readonly isSeen: () => boolean;
}

/** Whether the person is at work on the item that is shown, for how long, and whether it has to be held for longer. */
export class Presence {
  readonly #options: PresenceOptions;
  #clock: WorkClock;
  #lastBeatMs: number;

  constructor(options: PresenceOptions) {
    this.#options = options;
    this.#lastBeatMs = options.nowMs();
    this.#clock = this.#startClock(0);
  }

  /** An item is there, at work on which the person has been for so long already. @returns time at work so far, in seconds */
  begin(workedSeconds: number): () => number {
    const clock = this.#startClock(workedSeconds);
    this.#clock = clock;
    return () => clock.secondsAt(this.#options.nowMs());
  }

  get seconds(): number {
    return this.#clock.secondsAt(this.#options.nowMs());
  }

  /** The person typed, pointed or scrolled. */
  sign(): void {
    this.#clock.sign(this.#options.nowMs());
  }

  /** The page came into sight, or went out of it. */
  see(isSeen: boolean): void {
    this.#clock.see(isSeen, this.#options.nowMs());
  }

  /** The item was just held. */
  beat(): void {
    this.#lastBeatMs = this.#options.nowMs();
  }

  /** Whether it was not held for a while though the person is there. */
  get isBeatDue(): boolean {
    const now = this.#options.nowMs();
    return now - this.#lastBeatMs >= BEAT_MS && this.#clock.idleMsAt(now) < BEAT_MS;
  }

  #startClock(workedSeconds: number): WorkClock {
    return new WorkClock(workedSeconds, this.#options.nowMs(), this.#options.isSeen());
  }
}

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
