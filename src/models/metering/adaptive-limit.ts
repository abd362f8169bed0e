import pLimit, { type LimitFunction } from 'p-limit';
import type { Clock } from '../../domain/clock.ts';

const FIRST_CONCURRENCY = 4;

/**
 * How many requests may run at once: fewer when the provider says it is too much, more while it does
 * not. Additive increase (one more after as many successes as there are slots), multiplicative decrease
 * (half, never below one), as in TCP.
 */
export class AdaptiveLimit {
  readonly #limit: LimitFunction;
  readonly #max: number;
  readonly #clock: Clock;
  #starts = 0;
  /** The last request that had started when the limit was halved. */
  #halvedAtStart = 0;
  #successes = 0;
  #pausedUntilMs = Number.NEGATIVE_INFINITY;

  /** @param options.max most requests at once, an integer ≥ 1 */
  constructor(options: { readonly max: number; readonly clock: Clock }) {
    this.#max = options.max;
    this.#clock = options.clock;
    this.#limit = pLimit(Math.min(FIRST_CONCURRENCY, options.max));
  }

  /** Slots at this moment, in [1, max]. */
  get concurrency(): number {
    return this.#limit.concurrency;
  }

  /**
   * Runs a task when there is a slot and no pause.
   * @param task gets the number of its start, counted from 1, for `rateLimited`
   * @param stop while the task waits for its start, rejects with this signal's reason; afterwards it is ignored
   */
  async run<R>(task: (start: number) => Promise<R>, stop?: AbortSignal): Promise<R> {
    stop?.throwIfAborted();
    return new Promise((resolve, reject) => {
      const onStop = () => reject(stop?.reason);
      stop?.addEventListener('abort', onStop, { once: true });
      const running = this.#limit(async () => {
        // A call that was cancelled in the queue still comes up here, and must neither wait nor run.
        stop?.throwIfAborted();
        await this.#pauseOver(stop);
        stop?.removeEventListener('abort', onStop);
        this.#starts += 1;
        return task(this.#starts);
      });
      running.then(resolve, reject);
    });
  }

  /** A request went through. */
  succeeded(): void {
    this.#successes += 1;
    if (this.#successes < this.concurrency || this.concurrency >= this.#max) return;
    this.#successes = 0;
    this.#limit.concurrency = this.concurrency + 1;
  }

  /**
   * The provider said that it is too much. Requests that were already under way when the limit was
   * halved tell nothing new, so a burst of refusals halves it once.
   */
  rateLimited(start: number): void {
    this.#successes = 0;
    if (start <= this.#halvedAtStart) return;
    this.#halvedAtStart = this.#starts;
    this.#limit.concurrency = Math.max(1, Math.floor(this.concurrency / 2));
  }

  /** Starts nothing for so long. The longest of several pauses counts. */
  pause(waitMs: number): void {
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, this.#clock.elapsed() + waitMs);
  }

  async #pauseOver(stop: AbortSignal | undefined): Promise<void> {
    for (;;) {
      const leftMs = this.#pausedUntilMs - this.#clock.elapsed();
      if (leftMs <= 0) return;
      await this.#clock.sleep(leftMs, stop);
    }
  }
}
