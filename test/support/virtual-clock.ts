import type { Clock } from '../../src/domain/clock.ts';

interface Sleeper {
  readonly untilMs: number;
  readonly wake: () => void;
}

/** Time that stands still until told to go on, so that waits can be tested without waiting. */
export class VirtualClock implements Clock {
  /** Every wait that was asked for, in order. */
  readonly waitsMs: number[] = [];
  #nowMs = 0;
  #sleepers: Sleeper[] = [];
  #auto = false;

  /** Waits that are not over. */
  get sleeping(): number {
    return this.#sleepers.length;
  }

  now(): number {
    return this.#nowMs;
  }

  elapsed(): number {
    return this.#nowMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.waitsMs.push(ms);
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const sleeper = { untilMs: this.#nowMs + ms, wake: resolve };
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        reject(signal.reason);
      });
      if (this.#auto) setImmediate(() => this.#wakeNext());
    });
  }

  /** From now on time jumps by itself to the next waking, once everything else has run. */
  runByItself(): this {
    this.#auto = true;
    return this;
  }

  /** Moves time on, wakes who is due, and lets them run. */
  async advance(ms: number): Promise<void> {
    this.#nowMs += ms;
    const due = this.#sleepers.filter(({ untilMs }) => untilMs <= this.#nowMs);
    this.#sleepers = this.#sleepers.filter((sleeper) => !due.includes(sleeper));
    for (const { wake } of due) wake();
    await settled();
  }

  #wakeNext(): void {
    const next = this.#sleepers.reduce<Sleeper | undefined>(
      (first, sleeper) => (first && first.untilMs <= sleeper.untilMs ? first : sleeper),
      undefined,
    );
    if (!next) return;
    this.#sleepers = this.#sleepers.filter((sleeper) => sleeper !== next);
    this.#nowMs = Math.max(this.#nowMs, next.untilMs);
    next.wake();
  }
}

/** Resolves when everything that needs no waiting has run. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
