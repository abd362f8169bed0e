import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';

/** The real time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  sleep: async (ms, signal) => {
    try {
      await wait(ms, undefined, signal ? { signal } : {});
    } catch (error) {
      // Node wraps the reason in an error of its own.
      throw signal?.aborted ? signal.reason : error;
    }
  },
};

/** Time as the program sees it; injected, so that tests need not wait. */
export interface Clock {
  /** Milliseconds since the epoch. It jumps when the system's clock is set: not for durations. */
  now(): number;
  /** Milliseconds since some moment; only ever grows. For waits and durations. */
  elapsed(): number;
  /** Resolves after `ms`, or rejects with the signal's reason as soon as it aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
