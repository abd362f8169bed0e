import fc from 'fast-check';
import { expect, test } from 'vitest';
import { extraWorkSubject, labelSubject, readSubject, trainingSubject } from '../../src/campaign/expense-names.ts';

const ID = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('a\nb', 'round 7, label of b', 'training of round 9', 'more work on c than was ordered'),
);

test('the subject of an expense says what it is for, for any name of the item', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), ID, (round, id) => {
      expect(readSubject(labelSubject(round, id))).toEqual({ round });
      expect(readSubject(trainingSubject(round))).toEqual({ round });
      expect(readSubject(extraWorkSubject(id))).toEqual({ id });
    }),
  );
  expect(readSubject('something else of round 3')).toBeUndefined();
});
