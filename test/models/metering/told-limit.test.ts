import { describe, expect, it } from 'vitest';
import { ToldLimit } from '../../../src/models/metering/told-limit.ts';

const at = (number: number, atMs = 0) => ({ number, atMs });

describe('ToldLimit', () => {
  it('waits for nothing while enough is left', () => {
    const limit = new ToldLimit({ limit: 100, remaining: 3 }, at(1));
    expect(limit.waitMs(3, 0)).toBe(0);
  });

  it('counts calls that started since the answer, and none that the answer knows of', () => {
    const limit = new ToldLimit({ limit: 60, remaining: 2 }, at(1));
    for (const start of [2, 3, 4]) limit.started(start, 1);
    expect(limit.waitMs(1, 0)).toBe(2_000);
    limit.told({ limit: 60, remaining: 0 }, at(3));
    expect(limit.waitMs(1, 0)).toBe(2_000);
    limit.told({ limit: 60, remaining: 0 }, at(4));
    expect(limit.waitMs(1, 0)).toBe(1_000);
  });

  it('lets the limit flow back evenly within a minute', () => {
    const limit = new ToldLimit({ limit: 60, remaining: 0, resetMs: 60_000 }, at(1));
    expect(limit.waitMs(1, 0)).toBe(1_000);
    expect(limit.waitMs(1, 400)).toBe(600);
    expect(limit.waitMs(10, 0)).toBe(10_000);
  });

  it('lets a limit of a day flow back within a day', () => {
    const limit = new ToldLimit({ limit: 200, remaining: 0, resetMs: 86_400_000 }, at(1));
    expect(limit.waitMs(1, 0)).toBe(432_000);
  });

  it('waits for the end of a window that gives the limit back all at once', () => {
    const limit = new ToldLimit({ limit: 300, remaining: 0, resetMs: 20_000 }, at(1));
    expect(limit.waitMs(1, 0)).toBe(20_000);
    expect(limit.waitMs(300, 20_000)).toBe(0);
  });

  it('has a call above the whole limit wait for the whole', () => {
    const limit = new ToldLimit({ limit: 100, remaining: 40, resetMs: 36_000 }, at(1));
    expect(limit.waitMs(1_000, 0)).toBe(36_000);
  });

  it('ignores what an earlier call was told', () => {
    const limit = new ToldLimit({ limit: 10, remaining: 0 }, at(5));
    limit.told({ limit: 10, remaining: 9 }, at(4));
    expect(limit.waitMs(1, 0)).toBeGreaterThan(0);
    expect([limit.isOlderThan(5), limit.isOlderThan(6)]).toEqual([false, true]);
  });
});
