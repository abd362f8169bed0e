import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  expenseOrigin,
  extraWorkExpenseKey,
  labelExpenseKey,
  trainingExpenseKey,
} from '../../src/campaign/expense-names.ts';

const ID = fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), fc.constantFrom('a\nb', 'r7 b', 'extra c', ' '));

test('the key of an expense names what it is for, for any item id', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), fc.nat(9), ID, (round, attempt, id) => {
      expect(expenseOrigin(labelExpenseKey(round, id))).toEqual({ round });
      expect(expenseOrigin(trainingExpenseKey(round, attempt))).toEqual({ round });
      expect(expenseOrigin(extraWorkExpenseKey(id))).toEqual({ annotationKey: id });
    }),
  );
});

test('keys of states made by the first version name it too', () => {
  expect(expenseOrigin('label r2 bio-016')).toEqual({ round: 2 });
  expect(expenseOrigin('training r1 try 3')).toEqual({ round: 1 });
  expect(expenseOrigin('label extra 3f2a')).toEqual({ annotationKey: '3f2a' });
});
