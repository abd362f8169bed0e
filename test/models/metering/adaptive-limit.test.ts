import { describe, expect, it } from 'vitest';
import { AdaptiveLimit } from '../../../src/models/metering/adaptive-limit.ts';
import { settled, VirtualClock } from '../../support/virtual-clock.ts';

/** Tasks that end when told to. */
function openTasks(limit: AdaptiveLimit, count: number, stop?: AbortSignal) {
  const started: { start: number; end: () => void }[] = [];
  const runs = Array.from({ length: count }, () =>
    limit.run((start) => new Promise<number>((resolve) => started.push({ start, end: () => resolve(start) })), stop),
  );
  for (const run of runs) run.catch(() => {});
  return { started, runs };
}

describe('AdaptiveLimit', () => {
  it('starts with four slots, or fewer if fewer are allowed', () => {
    const clock = new VirtualClock();
    expect(new AdaptiveLimit({ max: 16, clock }).concurrency).toBe(4);
    expect(new AdaptiveLimit({ max: 2, clock }).concurrency).toBe(2);
  });

  it('never runs more tasks than it has slots', async () => {
    const limit = new AdaptiveLimit({ max: 3, clock: new VirtualClock() });
    const { started } = openTasks(limit, 10);
    await settled();
    expect(started).toHaveLength(3);
    started[0]!.end();
    await settled();
    expect(started).toHaveLength(4);
  });

  it('adds a slot after as many successes as it has, up to the maximum', () => {
    const limit = new AdaptiveLimit({ max: 6, clock: new VirtualClock() });
    const seen = Array.from({ length: 30 }, () => {
      limit.succeeded();
      return limit.concurrency;
    });
    expect(seen.slice(0, 4)).toEqual([4, 4, 4, 5]);
    expect(seen.slice(4, 9)).toEqual([5, 5, 5, 5, 6]);
    expect(Math.max(...seen)).toBe(6);
  });

  it('halves once for a burst of refusals, and again for a request that started afterwards', async () => {
    const limit = new AdaptiveLimit({ max: 4, clock: new VirtualClock() });
    const { started } = openTasks(limit, 6);
    await settled();
    for (const { start } of started) limit.rateLimited(start);
    expect(limit.concurrency).toBe(2);

    for (const { end } of started.slice(0, 4)) end();
    await settled();
    limit.rateLimited(started[4]!.start);
    expect(limit.concurrency).toBe(1);
  });

  it('keeps one slot at least', () => {
    const limit = new AdaptiveLimit({ max: 1, clock: new VirtualClock() });
    limit.rateLimited(1);
    expect(limit.concurrency).toBe(1);
  });

  it('lets tasks in again as the limit grows', async () => {
    const limit = new AdaptiveLimit({ max: 8, clock: new VirtualClock() });
    const { started } = openTasks(limit, 8);
    await settled();
    for (let success = 0; success < 4; success += 1) limit.succeeded();
    await settled();
    expect(started).toHaveLength(5);
  });

  it('starts nothing during a pause, and everything after the longest of several', async () => {
    const clock = new VirtualClock();
    const limit = new AdaptiveLimit({ max: 4, clock });
    limit.pause(1_000);
    const { started } = openTasks(limit, 2);
    await clock.advance(500);
    limit.pause(1_500);
    limit.pause(10);
    await clock.advance(1_499);
    expect(started).toHaveLength(0);
    await clock.advance(1);
    expect(started).toHaveLength(2);
  });

  it('rejects waiting tasks with the reason of the stop at once, and lets running ones end', async () => {
    const limit = new AdaptiveLimit({ max: 2, clock: new VirtualClock() });
    const stop = new AbortController();
    const { started, runs } = openTasks(limit, 4, stop.signal);
    await settled();
    const reason = new Error('enough');
    stop.abort(reason);
    await expect(runs[2]).rejects.toBe(reason);
    await expect(runs[3]).rejects.toBe(reason);
    for (const { end } of started) end();
    await expect(Promise.all(runs.slice(0, 2))).resolves.toEqual([1, 2]);
    await settled();
    expect(started).toHaveLength(2);
  });

  it('waits out a pause to its end, however the clock of the system is set meanwhile', async () => {
    const clock = new VirtualClock();
    let setByMs = 0;
    const now = () => clock.now() + setByMs;
    const jumping = { now, elapsed: () => clock.elapsed(), sleep: clock.sleep.bind(clock) };
    for (const jumpMs of [-3_600_000, 3_600_000]) {
      const limit = new AdaptiveLimit({ max: 4, clock: jumping });
      limit.pause(1_000);
      setByMs += jumpMs;
      const { started } = openTasks(limit, 1);
      await clock.advance(999);
      expect(started).toHaveLength(0);
      await clock.advance(1);
      expect(started).toHaveLength(1);
    }
  });

  it('rejects a task that waits out a pause', async () => {
    const limit = new AdaptiveLimit({ max: 2, clock: new VirtualClock() });
    const stop = new AbortController();
    limit.pause(1_000);
    const { started, runs } = openTasks(limit, 1, stop.signal);
    await settled();
    stop.abort(new Error('enough'));
    await expect(runs[0]).rejects.toThrow('enough');
    expect(started).toHaveLength(0);
  });

  it('gives the slot of a cancelled task to the next one', async () => {
    const limit = new AdaptiveLimit({ max: 1, clock: new VirtualClock() });
    const stop = new AbortController();
    const first = openTasks(limit, 1);
    const cancelled = openTasks(limit, 1, stop.signal);
    const last = openTasks(limit, 1);
    stop.abort(new Error('enough'));
    await settled();
    first.started[0]!.end();
    await settled();
    expect(cancelled.started).toHaveLength(0);
    expect(last.started).toHaveLength(1);
  });
});
