import { expect, test } from 'vitest';
import { likenessOf } from '../../../src/annotate/desk/answer-agreement.ts';
import { LOOK_AGAIN } from '../../../src/annotate/desk/desk-views.ts';
import { byUrgency, lookAgainReasons } from '../../../src/annotate/desk/look-again.ts';
import type { StoredAnnotation } from '../../../src/store/label-store.ts';
import { labelOf } from './stored-annotation.ts';

function reasons(
  words: readonly Partial<StoredAnnotation>[],
  about: { failingAnswer?: string; medianSeconds?: number | null } = {},
) {
  const label = labelOf(...words);
  const leastAlike = Math.min(1, ...likenessOf(label).pairs.map(({ wordF1 }) => wordF1));
  return lookAgainReasons(label, { failingAnswer: undefined, medianSeconds: null, leastAlike, ...about });
}

const rejected = { verdict: 'rejected', response: null } as const;
const skipped = { verdict: 'skipped', response: null } as const;

test('an answer like any other is not looked at again', () => {
  expect(reasons([{ seconds: 30 }], { failingAnswer: 'Another.', medianSeconds: 40 })).toEqual([]);
  expect(reasons([{ response: 'Red and green.' }, { annotator: 'Ben', response: 'Green and red' }])).toEqual([]);
});

test('what one answered and another turned down is disputed, and nothing else', () => {
  expect(reasons([{}, { annotator: 'Ben', ...rejected }])).toEqual(['disputed']);
});

test('answers that share less than a third of their words are unlike', () => {
  const alike = { annotator: 'Ann', response: 'one two three' };
  expect(reasons([alike, { annotator: 'Ben', response: 'four five six' }])).toEqual(['unlike']);
  expect(reasons([alike, { annotator: 'Ben', response: 'one five six' }])).toEqual([]);
  expect(reasons([alike, { annotator: 'Ben', response: 'one two' }, { annotator: 'Cleo', response: 'x' }])).toEqual([
    'unlike',
  ]);
});

test('what is turned down or passed over by all is told apart', () => {
  expect(reasons([rejected])).toEqual(['rejected']);
  expect(reasons([skipped, { annotator: 'Ben', ...skipped }])).toEqual(['skipped']);
  expect(reasons([skipped, { annotator: 'Ben', ...rejected }])).toEqual(['rejected']);
  expect(reasons([skipped, { annotator: 'Ben' }])).toEqual([]);
});

test('the failing answer submitted as it was, white space aside, is told', () => {
  expect(reasons([{ response: ' As it was.\n' }], { failingAnswer: 'As it was.' })).toEqual(['unchanged']);
  expect(reasons([rejected], { failingAnswer: 'As it was.' })).toEqual(['rejected']);
});

test('an answer in less than a fifth of the usual time is hasty', () => {
  expect(reasons([{ seconds: 7.9 }], { medianSeconds: 40 })).toEqual(['hasty']);
  expect(reasons([{ seconds: 8 }], { medianSeconds: 40 })).toEqual([]);
  expect(reasons([{ seconds: 0 }])).toEqual([]);
  expect(reasons([{ ...skipped, seconds: 0 }], { medianSeconds: 40 })).toEqual(['skipped']);
});

test('the gravest comes first, then what has more against it, then the later round, then rank', () => {
  const items = [
    { because: ['hasty'], round: 2, rank: 1 },
    { because: ['unlike'], round: 1, rank: 5 },
    { because: ['unlike'], round: 1, rank: 4 },
    { because: ['unlike'], round: 2, rank: 9 },
    { because: ['unlike', 'hasty'], round: 1, rank: 9 },
    { because: ['disputed'], round: 1, rank: 9 },
  ] as const;
  expect([...items].sort(byUrgency)).toEqual([5, 4, 3, 2, 1, 0].map((index) => items[index]));
  expect(LOOK_AGAIN).toEqual(['disputed', 'unlike', 'rejected', 'skipped', 'unchanged', 'hasty']);
});
