import { expect, test } from 'vitest';
import { itemSimilarity, pairAgreements } from '../../../src/annotate/desk/answer-agreement.ts';
import { labelOf } from './stored-annotation.ts';

test('each pair of people is compared on the items that both answered', () => {
  const labels = [
    labelOf({ annotator: 'Ann', response: 'red green' }, { annotator: 'Ben', response: 'red blue' }),
    labelOf(
      { annotator: 'Ben', response: 'red' },
      { annotator: 'Ann', response: 'Red!' },
      { annotator: 'Cleo', response: 'x' },
    ),
    labelOf({ annotator: 'Ann', response: 'red' }, { annotator: 'Ben', verdict: 'rejected', response: null }),
    labelOf({ annotator: 'Ann', response: 'red' }, { annotator: null, sourceId: '7', response: 'red' }),
  ];
  expect(pairAgreements(labels.flatMap((label) => itemSimilarity(label).pairs))).toEqual([
    { people: ['Ann', 'Ben'], items: 2, wordF1: 0.75 },
    { people: ['Ann', 'Cleo'], items: 1, wordF1: 0 },
    { people: ['Ben', 'Cleo'], items: 1, wordF1: 0 },
  ]);
});
