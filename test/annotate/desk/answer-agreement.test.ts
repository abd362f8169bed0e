import fc from 'fast-check';
import { expect, test } from 'vitest';
import { itemSimilarity, overallAgreement, pairAgreements } from '../../../src/annotate/desk/answer-agreement.ts';
import { agreementOf } from '../../../src/campaign/agreement.ts';
import { labelOf } from './stored-annotation.ts';

const annotated = fc.record({
  annotator: fc.constantFrom('Ann', 'Ben', 'Cleo'),
  verdict: fc.constantFrom('accepted' as const, 'rejected' as const, 'skipped' as const),
  response: fc.constantFrom('red', 'red green', 'blue', ''),
});

test('the agreement summed item by item equals the agreement of all items', () => {
  fc.assert(
    fc.property(fc.array(fc.array(annotated, { minLength: 1, maxLength: 5 }), { maxLength: 6 }), (items) => {
      const labels = items.map((annotations) => labelOf(...annotations));
      expect(overallAgreement(labels.map(itemSimilarity))).toEqual(agreementOf(labels) ?? null);
    }),
  );
});

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
