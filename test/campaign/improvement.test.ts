import { expect, test } from 'vitest';
import { improvementOn } from '../../src/campaign/steps/find-failures.ts';
import type { Evaluation } from '../../src/domain/round.ts';

function scores(subset: Evaluation['subset'], byItem: Readonly<Record<string, number | null>>): Evaluation[] {
  return Object.entries(byItem).map(([itemId, score]) => ({
    subset,
    itemId,
    answer: 'an answer',
    answerModel: 'model',
    confidence: null,
    judge: 'judge',
    score,
    reason: 'a reason',
    costMicroUsd: 0,
    generation: 0,
  }));
}

const NOTHING = { improvement: null, comparedOn: null, gain: null };

test('there is nothing to compare with in the first round', () => {
  expect(improvementOn(scores('held-out', { a: 5 }), [])).toEqual(NOTHING);
});

test('it is the mean gain over the items that both models answered, not the difference of their means', () => {
  const before = scores('held-out', { a: 4, b: 6, gone: 10 });
  const now = scores('held-out', { a: 7, b: 5, harder: 1 });
  expect(improvementOn(now, before)).toMatchObject({ improvement: 1, comparedOn: 'held-out' });
});

test('it comes with its number of items and its interval, if there are several', () => {
  const before = scores('test', { a: 4, b: 6, c: 5 });
  const { gain } = improvementOn(scores('test', { a: 5, b: 7, c: 8 }), before);
  // Differences 1, 1 and 3: mean 5/3, standard error 2/3, and t = 4.303 with two degrees of freedom.
  expect(gain!.count).toBe(3);
  expect(gain!.mean).toBeCloseTo(5 / 3, 12);
  expect(gain!.interval!.low).toBeCloseTo(5 / 3 - (4.3027 * 2) / 3, 3);
  expect(gain!.interval!.high).toBeCloseTo(5 / 3 + (4.3027 * 2) / 3, 3);
  expect(improvementOn(scores('test', { a: 5 }), before).gain).toEqual({ count: 1, mean: 1, interval: null });
});

test('a worse model has a negative one', () => {
  expect(improvementOn(scores('held-out', { a: 2 }), scores('held-out', { a: 4.5 })).improvement).toBe(-2.5);
});

test('the test files count alone where there are any', () => {
  const before = [...scores('held-out', { a: 1 }), ...scores('test', { t: 5 })];
  const now = [...scores('held-out', { a: 9 }), ...scores('test', { t: 6 })];
  expect(improvementOn(now, before)).toMatchObject({ improvement: 1, comparedOn: 'test' });
});

test('test files that came in this round cannot be compared yet, so the held-out labels are', () => {
  const before = scores('held-out', { a: 1 });
  const now = [...scores('held-out', { a: 3 }), ...scores('test', { t: 6 })];
  expect(improvementOn(now, before)).toMatchObject({ improvement: 2, comparedOn: 'held-out' });
});

test('items without a score in either round say nothing', () => {
  const before = scores('held-out', { a: null, b: 2, c: 3 });
  const now = scores('held-out', { a: 9, b: null, c: 4 });
  expect(improvementOn(now, before).improvement).toBe(1);
  expect(improvementOn(scores('test', { a: null }), scores('test', { a: 3 }))).toEqual(NOTHING);
});

test('the pool does not count, nor an item that was of another subset before', () => {
  expect(improvementOn(scores('pool', { a: 9 }), scores('pool', { a: 1 }))).toEqual(NOTHING);
  expect(improvementOn(scores('held-out', { a: 9 }), scores('pool', { a: 1 }))).toEqual(NOTHING);
});
