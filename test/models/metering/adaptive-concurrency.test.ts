import { describe, expect, it } from 'vitest';
import { AdaptiveConcurrency } from '../../../src/models/metering/adaptive-concurrency.ts';

/** Slots after each of so many successes. */
function afterSuccesses(concurrency: AdaptiveConcurrency, count: number): number[] {
  return Array.from({ length: count }, () => {
    concurrency.succeeded();
    return concurrency.slots;
  });
}

describe('AdaptiveConcurrency', () => {
  it('starts with four slots, or fewer if fewer are allowed', () => {
    expect(new AdaptiveConcurrency(16).slots).toBe(4);
    expect(new AdaptiveConcurrency(2).slots).toBe(2);
  });

  it('doubles with each round of answers until the maximum', () => {
    const concurrency = new AdaptiveConcurrency(64);
    const rounds = [4, 8, 16, 32].map((slots) => afterSuccesses(concurrency, slots).at(-1));
    expect(rounds).toEqual([8, 16, 32, 64]);
    expect(afterSuccesses(concurrency, 100).at(-1)).toBe(64);
  });

  it('adds a slot after as many successes as it has, once it was halved', () => {
    const concurrency = new AdaptiveConcurrency(10);
    afterSuccesses(concurrency, 6);
    concurrency.overloaded(1, 10);
    expect(concurrency.slots).toBe(5);
    expect(afterSuccesses(concurrency, 11)).toEqual([5, 5, 5, 5, 6, 6, 6, 6, 6, 6, 7]);
  });

  it('halves once for a burst of refusals, and again for a request that started afterwards', () => {
    const concurrency = new AdaptiveConcurrency(4);
    for (const start of [1, 2, 3, 4]) concurrency.overloaded(start, 4);
    expect(concurrency.slots).toBe(2);
    concurrency.overloaded(5, 5);
    expect(concurrency.slots).toBe(1);
  });

  it('keeps one slot at least', () => {
    const concurrency = new AdaptiveConcurrency(1);
    concurrency.overloaded(1, 1);
    expect(concurrency.slots).toBe(1);
  });
});
