import type { Clock } from '../../domain/clock.ts';
import { isDiskFull } from '../../domain/disk-full.ts';
import { rejectOnAbort } from './abort-signals.ts';

const RETRY_MS = 2_000;

/**
 * Stores what is paid for. Where the disk is full, an answer is kept in memory until it can be stored; meanwhile calls
 * wait with their start.
 */
export class PaidStorage {
  readonly #clock: Clock;
  readonly #onNote: (note: string) => void;
  /** Answers that wait for space on the disk, and calls that wait for them. */
  #unstored = 0;
  #waiting: (() => void)[] = [];

  constructor(clock: Clock, onNote: (note: string) => void) {
    this.#clock = clock;
    this.#onNote = onNote;
  }

  /** Writes, again and again while the disk is full. @throws what is not about the disk */
  async store(write: () => void, abandon: AbortSignal | undefined): Promise<void> {
    let waits = false;
    try {
      for (;;) {
        try {
          return write();
        } catch (error) {
          if (!isDiskFull(error) || abandon?.aborted) throw error;
          if (!waits) this.#waitForSpace(error);
          waits = true;
        }
        // The second Ctrl-C ends it; the first lets what is paid for be stored.
        await this.#clock.sleep(RETRY_MS, abandon).catch(() => undefined);
      }
    } finally {
      if (waits) this.#spaceFound();
    }
  }

  /** Resolves when no answer waits to be stored. */
  async spaceThere(stop: AbortSignal | undefined): Promise<void> {
    while (this.#unstored > 0) {
      await rejectOnAbort(new Promise<void>((resolve) => this.#waiting.push(resolve)), stop);
    }
  }

  #waitForSpace(error: unknown): void {
    this.#unstored += 1;
    if (this.#unstored > 1) return;
    const why = (error as Error).message.replace(/[.\s]+$/, '');
    this.#onNote(`${why}. An answer that is paid for waits in memory. Free some space: the run goes on by itself.`);
  }

  #spaceFound(): void {
    this.#unstored -= 1;
    if (this.#unstored > 0) return;
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
