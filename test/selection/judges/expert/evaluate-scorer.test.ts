import { describe, expect, it } from 'vitest';
import { evaluateScorer } from '../../../../src/selection/judges/expert/evaluate-scorer.ts';

const pair = (worse: string, better: string) => ({
  worse: { instruction: 'Say it.', response: worse },
  better: { instruction: 'Say it.', response: better },
});
const PAIRS = [pair('aaaa', 'aa'), pair('aaaa', 'aaaa'), pair('aaaa', 'aaaaaa'), pair('aaaa', 'aaaaaaaaaaaa')];
/** The fewest pairs with an interval. */
const MANY = Array.from({ length: 5 }, () => PAIRS).flat();
const byLength = { score: ({ response = '' }: { readonly response?: string }) => response.length };

describe('evaluating a scorer', () => {
  it('counts correctly ranked pairs, and equal scores half', () => {
    expect(evaluateScorer(PAIRS, byLength).accuracy).toBe(2.5 / 4);
    expect(evaluateScorer(PAIRS, { score: () => 0 }).accuracy).toBe(0.5);
  });

  it('finds no gain over length in a scorer of length', () => {
    const { gain, longer, accuracy } = evaluateScorer(PAIRS, byLength);
    expect(longer.accuracy).toBe(accuracy);
    expect(gain).toMatchObject({ accuracy: 0, interval: null });
    expect(evaluateScorer(MANY, byLength).gain).toMatchObject({ accuracy: 0, interval: [0, 0] });
  });

  it('splits the pairs by how much longer the better response is', () => {
    const { bands } = evaluateScorer(PAIRS, byLength);
    expect(bands.map(({ pairs, accuracy, longer }) => [pairs, accuracy, longer])).toEqual([
      [1, 0, 0],
      [0, 0, 0],
      [1, 0.5, 0.5],
      [1, 1, 1],
      [1, 1, 1],
    ]);
  });

  it('gives the same interval around the share every time', () => {
    const { accuracy, interval } = evaluateScorer(MANY, byLength);
    const [low, high] = interval!;
    expect(low).toBeLessThan(accuracy);
    expect(high).toBeGreaterThan(accuracy);
    expect(evaluateScorer(MANY, byLength).interval).toEqual(interval);
  });

  it('gives no interval for fewer than 20 pairs, in total or in a band', () => {
    expect(evaluateScorer(MANY.slice(1), byLength)).toMatchObject({
      pairs: 19,
      interval: null,
      longer: { interval: null },
      gain: { interval: null },
    });
    expect(evaluateScorer(MANY, byLength).bands.map(({ interval }) => interval)).toEqual(Array(5).fill(null));
  });
});
