import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/math/random.ts';
import { CallGate } from '../../../src/models/metering/call-gate.ts';
import { Pacer } from '../../../src/models/metering/pacer.ts';
import { settled, VirtualClock } from '../../support/virtual-clock.ts';

const newPacer = () => new Pacer(seededRandom(1));

function setUp(max: number) {
  const clock = new VirtualClock();
  return { clock, gate: new CallGate({ max, clock }), pacer: newPacer() };
}

let places = 0;

/** Tasks that end when told to. */
function openTasks(gate: CallGate, pacer: Pacer, count: number, stop?: AbortSignal) {
  const started: { start: number; end: () => void }[] = [];
  const runs = Array.from({ length: count }, () => {
    places += 1;
    return gate.run(
      { place: places, tokens: 10, pacer },
      (start) =>
        new Promise<number>((resolve) => started.push({ start: start.number, end: () => resolve(start.number) })),
      stop,
    );
  });
  for (const run of runs) run.catch(() => {});
  return { started, runs };
}

describe('CallGate', () => {
  it('never runs more tasks than it has slots', async () => {
    const { gate, pacer } = setUp(3);
    const { started } = openTasks(gate, pacer, 10);
    await settled();
    expect(started).toHaveLength(3);
    started[0]!.end();
    await settled();
    expect(started).toHaveLength(4);
  });

  it('numbers the starts from 1', async () => {
    const { gate, pacer } = setUp(4);
    const { started } = openTasks(gate, pacer, 3);
    await settled();
    expect(started.map(({ start }) => start)).toEqual([1, 2, 3]);
    expect(gate.lastStart).toBe(3);
  });

  it('starts nothing during a pause, and each call at its own time afterwards', async () => {
    const { clock, gate, pacer } = setUp(4);
    openTasks(gate, pacer, 1).started[0]?.end();
    await settled();
    pacer.refused({ start: { number: 1, atMs: 0 }, tokens: 10 }, { retryAfterMs: 1_000 }, clock.elapsed());
    const { started } = openTasks(gate, pacer, 3);
    await clock.advance(999);
    expect(started).toHaveLength(0);
    await clock.advance(1);
    expect(started).toHaveLength(1);
    await clock.advance(900);
    expect(started).toHaveLength(1);
    await clock.advance(150);
    expect(started).toHaveLength(2);
  });

  it('lets calls of another model pass one that must wait', async () => {
    const { clock, gate, pacer } = setUp(4);
    openTasks(gate, pacer, 1);
    await settled();
    pacer.refused({ start: { number: 1, atMs: 0 }, tokens: 10 }, { retryAfterMs: 1_000 }, clock.elapsed());
    const waiting = openTasks(gate, pacer, 1);
    const other = openTasks(gate, newPacer(), 1);
    await settled();
    expect([waiting.started.length, other.started.length]).toEqual([0, 1]);
  });

  it('starts a call that is tried again before later ones', async () => {
    const { gate, pacer } = setUp(1);
    const order: number[] = [];
    const { started } = openTasks(gate, pacer, 1);
    await settled();
    const run = (place: number) => gate.run({ place, tokens: 1, pacer }, async () => order.push(place));
    const runs = [run(1_003), run(1_001), run(1_002)];
    started[0]!.end();
    await Promise.all(runs);
    expect(order).toEqual([1_001, 1_002, 1_003]);
  });

  it('rejects waiting tasks with the reason of the stop at once, and lets running ones end', async () => {
    const { gate, pacer } = setUp(2);
    const stop = new AbortController();
    const { started, runs } = openTasks(gate, pacer, 4, stop.signal);
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
      const gate = new CallGate({ max: 4, clock: jumping });
      const pacer = newPacer();
      openTasks(gate, pacer, 1);
      await settled();
      pacer.refused({ start: { number: 1, atMs: 0 }, tokens: 10 }, { retryAfterMs: 1_000 }, clock.elapsed());
      setByMs += jumpMs;
      const { started } = openTasks(gate, pacer, 1);
      await clock.advance(999);
      expect(started).toHaveLength(0);
      await clock.advance(1);
      expect(started).toHaveLength(1);
    }
  });

  it('rejects a task that waits out a pause, and leaves no timer behind', async () => {
    const { clock, gate, pacer } = setUp(2);
    const stop = new AbortController();
    openTasks(gate, pacer, 1);
    await settled();
    pacer.refused({ start: { number: 1, atMs: 0 }, tokens: 10 }, { retryAfterMs: 1_000 }, clock.elapsed());
    const { started, runs } = openTasks(gate, pacer, 1, stop.signal);
    await settled();
    expect(clock.sleeping).toBe(1);
    stop.abort(new Error('enough'));
    await expect(runs[0]).rejects.toThrow('enough');
    expect(started).toHaveLength(0);
    expect(clock.sleeping).toBe(0);
  });

  it('gives the slot of a cancelled task to the next one', async () => {
    const { gate, pacer } = setUp(1);
    const stop = new AbortController();
    const first = openTasks(gate, pacer, 1);
    const cancelled = openTasks(gate, pacer, 1, stop.signal);
    const last = openTasks(gate, pacer, 1);
    stop.abort(new Error('enough'));
    await settled();
    first.started[0]!.end();
    await settled();
    expect(cancelled.started).toHaveLength(0);
    expect(last.started).toHaveLength(1);
  });
});
