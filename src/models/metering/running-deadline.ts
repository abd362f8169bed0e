import { performance } from 'node:perf_hooks';

/** Into how many parts a deadline is divided. */
const PARTS = 20;
const LONGEST_PART_MS = 1_000;

export interface RunningDeadline {
  /** Aborts with a TimeoutError. */
  readonly signal: AbortSignal;
  clear(): void;
}

/**
 * A deadline that counts the time in which this process runs: while it is stopped or the machine sleeps, at most two
 * parts of the time count. An answer that arrived meanwhile is read before the deadline is looked at.
 * @param elapsed milliseconds of a clock that only runs forward
 */
export function runningDeadline(timeoutMs: number, elapsed = () => performance.now()): RunningDeadline {
  const controller = new AbortController();
  const partMs = Math.max(1, Math.min(LONGEST_PART_MS, timeoutMs / PARTS));
  let countedMs = 0;
  let lastMs = elapsed();
  const timer = setInterval(() => {
    const nowMs = elapsed();
    countedMs += Math.max(0, Math.min(nowMs - lastMs, 2 * partMs));
    lastMs = nowMs;
    if (countedMs < timeoutMs) return;
    clearInterval(timer);
    // What has arrived is read after timers have run.
    setImmediate(() => setImmediate(() => controller.abort(new DOMException('The time is over.', 'TimeoutError'))));
  }, partMs);
  timer.unref();
  return { signal: controller.signal, clear: () => clearInterval(timer) };
}
