import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runningDeadline } from '../../../src/models/metering/running-deadline.ts';

describe('a deadline of running time', () => {
  let nowMs = 0;
  beforeEach(() => {
    nowMs = 0;
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setImmediate'] });
  });
  afterEach(() => vi.useRealTimers());

  /** Time passes while the process runs. */
  const run = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 50) {
      nowMs += 50;
      await vi.advanceTimersByTimeAsync(50);
    }
  };
  const start = (timeoutMs: number) => runningDeadline(timeoutMs, () => nowMs);

  it('aborts after its time, with a timeout', async () => {
    const { signal } = start(10_000);
    await run(9_900);
    expect(signal.aborted).toBe(false);
    await run(1_000);
    expect(signal.reason).toMatchObject({ name: 'TimeoutError' });
  });

  it('goes on after the process was stopped for hours', async () => {
    const { signal } = start(10_000);
    await run(5_000);
    nowMs += 5 * 3_600_000;
    await run(3_500);
    expect(signal.aborted).toBe(false);
    await run(2_500);
    expect(signal.aborted).toBe(true);
  });

  it('neither stalls nor runs out where the clock jumps back', async () => {
    const { signal } = start(10_000);
    await run(5_000);
    nowMs -= 3_600_000;
    await run(4_900);
    expect(signal.aborted).toBe(false);
    await run(2_000);
    expect(signal.aborted).toBe(true);
  });

  it('can be longer than the longest timer', async () => {
    const { signal, clear } = start(2 ** 32);
    await run(10_000);
    expect(signal.aborted).toBe(false);
    clear();
    expect(vi.getTimerCount()).toBe(0);
  });
});
