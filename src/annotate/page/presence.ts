import { WorkClock } from './work-clock.ts';

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
