import { setImmediate } from 'node:timers';
import { describe, expect, it } from 'vitest';
import { sumOfTries } from '../../../src/domain/usage.ts';
import { itemMeasure } from '../../../src/selection/measures/item-measure.ts';

const POSITIONS = Array.from({ length: 600 }, (_, position) => position);

describe('the estimate of a measure', () => {
  const cost = (calls: number) => {
    const range = { expected: calls, worstCase: 3 * calls };
    return { calls: range, tokens: range, costMicroUsd: range };
  };
  const measure = itemMeasure({
    name: 'a measure of the tests',
    shortName: 'tests',
    scale: { min: 0, max: 1 },
    isScore: true,
    concurrency: 1,
    estimate: (position, { generation }) => cost(position % 2 === 0 ? generation : 0),
    measure: () => Promise.reject(new Error('not asked for')),
  });

  it('adds up the cost of every item for the given generation', async () => {
    expect(await measure.estimate(POSITIONS, { generation: 0 })).toEqual(cost(0));
    expect(await measure.estimate(POSITIONS, { generation: 2 })).toEqual(cost(600));
    expect(await measure.estimate([], { generation: 2 })).toEqual(cost(0));
  });

  it('lets other work run, and reports progress', async () => {
    const seen: (number | string)[] = [];
    const others = () => {
      seen.push('others');
      if (seen.filter((one) => one === 'others').length < 2) setImmediate(others);
    };
    setImmediate(others);
    await measure.estimate(POSITIONS, { generation: 1, onEstimated: (done) => seen.push(done) });
    expect(seen).toEqual([256, 'others', 512, 'others', 600]);
  });

  it('stops when interrupted', async () => {
    const interrupt = new AbortController();
    const done: number[] = [];
    const estimating = measure.estimate(POSITIONS, {
      generation: 1,
      signal: interrupt.signal,
      onEstimated: (count) => {
        done.push(count);
        interrupt.abort(new Error('enough'));
      },
    });
    await expect(estimating).rejects.toThrow('enough');
    expect(done).toEqual([256]);
  });

  it('expects the first of several tries, and at worst all of them', () => {
    expect(sumOfTries([cost(1), cost(1)]).calls).toEqual({ expected: 1, worstCase: 6 });
    expect(sumOfTries([])).toEqual(cost(0));
  });
});
