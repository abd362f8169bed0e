import { expect, test } from 'vitest';
import { figuresOf, type JudgedAnswers } from '../../src/campaign/model-figures.ts';
import type { Evaluation } from '../../src/domain/round.ts';

const SCORES = [
  [8, 1],
  [2, 5],
  [6, 6],
  [3, 9],
  [9, 2],
  [1, 4],
  [7, 3],
] as const;

/** What two models were given on the same items, before and after. */
function answersOf(round: number, scores: readonly number[]): JudgedAnswers {
  const test = scores.map((score, index) => ({
    itemId: `it-${index}`,
    judge: 'judge',
    score,
    item: {
      round: 1,
      position: index,
      purpose: 'test' as const,
      stratum: index % 3 === 0 ? 'rare' : 'others',
      stratumSize: 20 + (index % 3),
    },
  }));
  const pool = scores.map(
    (score, index): Evaluation => ({
      subset: 'pool',
      itemId: `pool-${index}`,
      answer: '',
      answerModel: 'seed',
      confidence: null,
      judge: 'judge',
      score: score / 3,
      reason: '',
      costMicroUsd: 0,
      generation: 0,
    }),
  );
  return { round, test, pool };
}

test('figures are the same to the last digit in any order of the answers', () => {
  const after = answersOf(
    2,
    SCORES.map(([score]) => score),
  );
  const before = answersOf(
    1,
    SCORES.map(([, score]) => score),
  );
  const quality = new Map(
    SCORES.map((_, index) => [`it-${index}`, { rougeL: index / 7, chrF: index / 11, cosine: index / 13 }]),
  );
  const figures = (now: JudgedAnswers, earlier: JudgedAnswers) =>
    figuresOf(now, [earlier], { from: 'test-set', quality, threshold: 5, seed: 1 });
  const turned = ({ round, test: tested, pool }: JudgedAnswers) => ({
    round,
    test: [...tested.slice(3), ...tested.slice(0, 3)].reverse(),
    pool: [...pool.slice(2), ...pool.slice(0, 2)].reverse(),
  });
  const expected = figures(after, before);
  expect(expected.changes.map(({ on, count }) => [on, count])).toEqual([
    ['test', 7],
    ['pool', 7],
  ]);
  expect(figures(turned(after), before)).toEqual(expected);
  expect(figures(after, turned(before))).toEqual(expected);
});
