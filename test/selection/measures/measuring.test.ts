import { describe, expect, it } from 'vitest';
import { javascriptKernel } from '../../../src/math/javascript-kernel.ts';
import { selectMeasured } from '../../../src/selection/measures/measuring.ts';
import { STRATEGIES } from '../../../src/selection/strategies/registry.ts';
import { measureOf, strategyContext } from '../../../src/testing/strategy-context.ts';

/** Candidates 0 and 3; 1 and 2 nearly repeat 0, 4 nearly repeats 3. */
const COPIES = new Map([
  [0, [1, 2]],
  [3, [4]],
]);

/** The positions to choose from, when the candidates and their copies have these scores by two measures. */
async function chosenAmong(first: readonly number[], second = first.map(() => 1)) {
  const measures = new Map([
    ['quality', measureOf((position) => first[position]!)],
    ['complexity', measureOf((position) => second[position]!)],
  ]);
  const context = strategyContext(STRATEGIES.find('deita'), javascriptKernel, {
    count: 2,
    candidates: [0, 3],
    copies: COPIES,
    measures,
  });
  let positions: number[] = [];
  await selectMeasured(context, [...measures.keys()], (measured) => {
    positions = measured.map(({ position }) => position);
    return [];
  });
  return positions;
}

describe('of a candidate and its copies', () => {
  it('the one with the highest score is used', async () => {
    expect(await chosenAmong([1, 2, 3, 5, 4])).toEqual([2, 3]);
  });

  it('the first one is used when scores are equal', async () => {
    expect(await chosenAmong([2, 2, 2, 4, 4])).toEqual([0, 3]);
    expect(await chosenAmong([1, 3, 3, 4, 4])).toEqual([1, 3]);
  });

  it('the product of all scores decides', async () => {
    expect(await chosenAmong([4, 3, 1, 2, 3], [1, 2, 5, 3, 2])).toEqual([1, 3]);
  });

  it('one without a score does not count', async () => {
    expect(await chosenAmong([Number.NaN, 1, 2, Number.NaN, Number.NaN])).toEqual([2]);
  });
});
