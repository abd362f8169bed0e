import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type AnsweredQuery, rankPicks } from '../../../../src/selection/strategies/select-llm/ask-queries.ts';

function answered(number: number, costMicroUsd: number, scores: readonly number[]): AnsweredQuery {
  const picks = scores.map((score, index) => ({ position: number * 100 + index, score, reason: `reason ${index}` }));
  const positions = picks.map(({ position }) => position);
  return { number, positions, picks: picks.length, choice: { picks, model: `model-${number}`, costMicroUsd } };
}

it('orders by score, then by query, then by the order within it', () => {
  const picks = rankPicks([answered(0, 0, [1, 0.5, 0.5]), answered(1, 0, [1, 0.75]), answered(2, 0, [])]);
  expect(picks.map(({ rank, position }) => [rank, position])).toEqual([
    [1, 0],
    [2, 100],
    [3, 101],
    [4, 1],
    [5, 2],
  ]);
});

it('multiplies scores by weights before ordering', () => {
  const weightOf = new Map([
    [0, 0.25],
    [1, 1],
    [100, 0.5],
    [101, 0.5],
  ]);
  const picks = rankPicks([answered(0, 0, [1, 0.5]), answered(1, 0, [1, 0.25])], weightOf);
  expect(picks.map(({ position, score }) => [position, score])).toEqual([
    [1, 0.5],
    [100, 0.5],
    [0, 0.25],
    [101, 0.125],
  ]);
});

it('gives the query, model and cost of each pick', () => {
  expect(rankPicks([answered(4, 11, [1])])).toEqual([
    {
      position: 400,
      rank: 1,
      score: 1,
      reason: 'reason 0',
      strategy: 'selectllm',
      query: 4,
      model: 'model-4',
      costMicroUsd: 11,
    },
  ]);
});

it('shares the cost of a query among its picks to the last micro-dollar', () => {
  const query = fc.tuple(
    fc.nat({ max: 10_000 }),
    fc.array(fc.constantFrom(1, 0.5, 0.25), { minLength: 1, maxLength: 7 }),
  );
  fc.assert(
    fc.property(fc.array(query, { maxLength: 5 }), (queries) => {
      const picks = rankPicks(queries.map(([cost, scores], number) => answered(number, cost, scores)));
      queries.forEach(([cost], number) => {
        const shares = picks.filter((pick) => pick.query === number).map((pick) => pick.costMicroUsd);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(cost);
        expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
      });
      expect(picks.map(({ rank }) => rank)).toEqual(picks.map((_, index) => index + 1));
    }),
  );
});
