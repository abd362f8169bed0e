import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jointAgreement, likenessOf, pairAgreements } from '../../../src/annotate/desk/answer-agreement.ts';
import { agreementOf } from '../../../src/campaign/agreement.ts';
import { labelOf } from './stored-annotation.ts';

const word = fc.record({
  annotator: fc.constantFrom('Ann', 'Ben', 'Cleo'),
  verdict: fc.constantFrom('accepted' as const, 'rejected' as const, 'skipped' as const),
  response: fc.constantFrom('red', 'red green', 'blue', ''),
});

test('item by item it comes to the agreement of all items together', () => {
  fc.assert(
    fc.property(fc.array(fc.array(word, { minLength: 1, maxLength: 5 }), { maxLength: 6 }), (items) => {
      const labels = items.map((words) => labelOf(...words));
      expect(jointAgreement(labels.map(likenessOf))).toEqual(agreementOf(labels) ?? null);
    }),
  );
});

test('each two people are held against each other by what both answered', () => {
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
  expect(pairAgreements(labels.flatMap((label) => likenessOf(label).pairs))).toEqual([
    { people: ['Ann', 'Ben'], items: 2, wordF1: 0.75 },
    { people: ['Ann', 'Cleo'], items: 1, wordF1: 0 },
    { people: ['Ben', 'Cleo'], items: 1, wordF1: 0 },
  ]);
});
