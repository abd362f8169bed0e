import { describe, expect, test } from 'vitest';
import { poolWeights } from '../../src/campaign/failure-weights.ts';

const weights = (
  scores: readonly (readonly [number, number])[],
  given: { threshold?: number; failureWeight?: number },
) => [...poolWeights([0, 1, 2, 3], { scores: new Map(scores), threshold: 7, failureWeight: 6, ...given })];

describe('the weights of a pool', () => {
  test('are 1 for what passed, most for the worst failure, in proportion between, the mean for what was not evaluated', () => {
    expect(
      weights(
        [
          [0, 9],
          [1, 1],
          [2, 4],
        ],
        {},
      ),
    ).toEqual([1, 7, 4, 4]);
  });

  test('are all the same where nothing was evaluated, nothing failed, or failures count no more', () => {
    expect(weights([], {})).toEqual([1, 1, 1, 1]);
    expect(
      weights(
        [
          [0, 7],
          [1, 10],
        ],
        {},
      ),
    ).toEqual([1, 1, 1, 1]);
    expect(weights([[1, 1]], { failureWeight: 0 })).toEqual([1, 1, 1, 1]);
  });
});
