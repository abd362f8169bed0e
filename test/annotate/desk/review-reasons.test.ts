import { expect, test } from 'vitest';
import { itemSimilarity } from '../../../src/annotate/desk/answer-agreement.ts';
import { REVIEW_REASONS } from '../../../src/annotate/desk/desk-views.ts';
import { byUrgency, reviewReasons } from '../../../src/annotate/desk/review-reasons.ts';
import type { StoredAnnotation } from '../../../src/store/label-store.ts';
import { labelOf } from './stored-annotation.ts';

function reasons(
  annotations: readonly Partial<StoredAnnotation>[],
  about: { failingAnswer?: string; medianSeconds?: number | null } = {},
) {
  const label = labelOf(...annotations);
  const lowestSimilarity = Math.min(1, ...itemSimilarity(label).pairs.map(({ wordF1 }) => wordF1));
  return reviewReasons(label, { failingAnswer: undefined, medianSeconds: null, lowestSimilarity, ...about });
}

const rejected = { verdict: 'rejected', response: null } as const;
const skipped = { verdict: 'skipped', response: null } as const;

test('an ordinary answer needs no review', () => {
  expect(reasons([{ seconds: 30 }], { failingAnswer: 'Another.', medianSeconds: 40 })).toEqual([]);
  expect(reasons([{ response: 'Red and green.' }, { annotator: 'Ben', response: 'Green and red' }])).toEqual([]);
});

test('an item that one person answered and another rejected is only disputed', () => {
  expect(reasons([{}, { annotator: 'Ben', ...rejected }])).toEqual(['disputed']);
});

test('answers that share less than a third of their words are different', () => {
  const alike = { annotator: 'Ann', response: 'one two three' };
  expect(reasons([alike, { annotator: 'Ben', response: 'four five six' }])).toEqual(['different']);
  expect(reasons([alike, { annotator: 'Ben', response: 'one five six' }])).toEqual([]);
  expect(reasons([alike, { annotator: 'Ben', response: 'one two' }, { annotator: 'Cleo', response: 'x' }])).toEqual([
    'different',
  ]);
});

test('an item rejected by everyone is not the same as one skipped by everyone', () => {
  expect(reasons([rejected])).toEqual(['rejected']);
  expect(reasons([skipped, { annotator: 'Ben', ...skipped }])).toEqual(['skipped']);
  expect(reasons([skipped, { annotator: 'Ben', ...rejected }])).toEqual(['rejected']);
  expect(reasons([skipped, { annotator: 'Ben' }])).toEqual([]);
});

test('an answer that its author doubts, and one with a note, need review', () => {
  expect(reasons([{ doubtful: true }])).toEqual(['doubtful']);
  expect(reasons([{ note: 'Two readings.' }, { annotator: 'Ben', doubtful: true }])).toEqual(['doubtful', 'noted']);
});

test('the failing answer is unchanged if only white space differs', () => {
  expect(reasons([{ response: ' As it was.\n' }], { failingAnswer: 'As it was.' })).toEqual(['unchanged']);
  expect(reasons([rejected], { failingAnswer: 'As it was.' })).toEqual(['rejected']);
});

test('an answer in less than a fifth of the usual time is fast', () => {
  expect(reasons([{ seconds: 7.9 }], { medianSeconds: 40 })).toEqual(['fast']);
  expect(reasons([{ seconds: 8 }], { medianSeconds: 40 })).toEqual([]);
  expect(reasons([{ seconds: 0 }])).toEqual([]);
  expect(reasons([{ ...skipped, seconds: 0 }], { medianSeconds: 40 })).toEqual(['skipped']);
});

test('items are sorted by most urgent reason, number of reasons, latest round and rank', () => {
  const items = [
    { reasons: ['fast'], round: 2, rank: 1 },
    { reasons: ['different'], round: 1, rank: 5 },
    { reasons: ['different'], round: 1, rank: 4 },
    { reasons: ['different'], round: 2, rank: 9 },
    { reasons: ['different', 'fast'], round: 1, rank: 9 },
    { reasons: ['disputed'], round: 1, rank: 9 },
  ] as const;
  expect([...items].sort(byUrgency)).toEqual([5, 4, 3, 2, 1, 0].map((index) => items[index]));
  expect(REVIEW_REASONS).toEqual([
    ...['disputed', 'different', 'doubtful', 'rejected', 'skipped', 'unchanged', 'fast', 'noted'],
  ]);
});
