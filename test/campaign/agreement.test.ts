import fc from 'fast-check';
import { expect, test } from 'vitest';
import { agreementOf, wordF1 } from '../../src/campaign/agreement.ts';
import { labelsByPosition } from '../../src/campaign/label-views.ts';
import type { StoredAnnotation } from '../../src/store/label-store.ts';
import { chrF } from '../../src/text/chrf.ts';

type Word = readonly [position: number, annotator: string, response: string | 'reject' | 'skip'];

function agreementAmong(...words: Word[]) {
  const annotations = words.map(([position, annotator, response], index): StoredAnnotation => {
    const verdict = response === 'reject' ? 'rejected' : response === 'skip' ? 'skipped' : 'accepted';
    return {
      id: index + 1,
      position,
      verdict,
      response: verdict === 'accepted' ? response : null,
      annotator,
      seconds: null,
      submittedAtMs: null,
      sourceId: null,
      costMicroUsd: 0,
    };
  });
  return agreementOf(labelsByPosition(annotations, 'latest').values());
}

const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^(?:(?:red|green|Blue|été)[ ,.]){0,8}$/));

test('word F1 is symmetric, from 0 to 1, and 1 for equal texts', () => {
  fc.assert(
    fc.property(texts, texts, (a, b) => {
      const score = wordF1(a, b);
      expect(score).toBe(wordF1(b, a));
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
      expect(wordF1(a, a)).toBe(1);
    }),
  );
});

test.each([
  ['the cat sat', 'the cat ran', 2 / 3],
  ['the the the', 'the', 2 / 4],
  ['Yes, 42!', 'yes 42', 1],
  ['red', 'blue', 0],
  ['red', '', 0],
  ['…', '', 1],
  ['Größe der Ärmel', 'größe der ärmel', 1],
])('the words of "%s" and "%s" overlap by %d', (a, b, score) => {
  expect(wordF1(a, b)).toBeCloseTo(score, 12);
});

test('agreement is unknown until two people have answered one item', () => {
  expect(agreementAmong()).toBeUndefined();
  expect(agreementAmong([0, 'ann', 'red'], [1, 'bob', 'red'])).toBeUndefined();
  expect(agreementAmong([0, 'ann', 'red'], [0, 'ann', 'blue'])).toBeUndefined();
  expect(agreementAmong([0, 'ann', 'red'], [0, 'bob', 'skip'])).toBeUndefined();
  expect(agreementAmong([0, 'ann', 'reject'], [0, 'bob', 'reject'])).toBeUndefined();
});

test('each item counts once, with the mean over its pairs of people', () => {
  expect(
    agreementAmong([0, 'ann', 'red'], [0, 'bob', 'red'], [1, 'ann', 'red'], [1, 'bob', 'red'], [1, 'eve', 'blue']),
  ).toMatchObject({ items: 2, wordF1: (1 + 1 / 3) / 2, disputed: 0 });
});

test('an answer beside a rejection is a dispute, which says nothing of how alike answers are', () => {
  expect(agreementAmong([0, 'ann', 'red'], [0, 'bob', 'reject'])).toEqual({ items: 0, wordF1: 0, disputed: 1 });
  expect(agreementAmong([0, 'ann', 'red'], [0, 'bob', 'reject'], [0, 'eve', 'red'])).toMatchObject({
    items: 1,
    wordF1: 1,
    disputed: 1,
  });
});

test('the figures have 95 % intervals over items, and chrF is taken on at most 100 items', () => {
  const two = agreementAmong([0, 'ann', 'red'], [0, 'bob', 'red'], [1, 'ann', 'red'], [1, 'bob', 'blue'])!;
  // Student's t of 1 degree of freedom: 12.706 standard errors of 0.5.
  expect(two.wordF1Interval!.low).toBeCloseTo(0.5 - 12.7062 * 0.5, 3);
  expect(two.wordF1Interval!.high).toBeCloseTo(0.5 + 12.7062 * 0.5, 3);
  expect(two.chrF).toMatchObject({ items: 2, mean: expect.closeTo(0.5, 1), interval: { low: expect.any(Number) } });
  const one = agreementAmong([0, 'ann', 'red'], [0, 'bob', 'red'])!;
  expect([one.wordF1Interval, one.chrF]).toEqual([undefined, { items: 1, mean: 1 }]);
  const words = Array.from({ length: 250 }, (_, at): Word[] => [
    [at, 'ann', 'a red house'],
    [at, 'bob', 'a red horse'],
  ]);
  const many = agreementAmong(...words.flat())!;
  expect(many).toMatchObject({ items: 250, chrF: { items: 84 } });
  const [house, horse] = ['a red house', 'a red horse'];
  expect(many.chrF!.mean).toBeCloseTo((chrF(house, horse) + chrF(horse, house)) / 2, 12);
});
