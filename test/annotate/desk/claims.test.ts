import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isTheirs, othersAtWork } from '../../../src/annotate/desk/claims.ts';

const nobody = { answered: [], holders: [] };

test('an item is anybody’s until as many as are wanted have it or have answered it', () => {
  expect(isTheirs({ wanted: 1, ...nobody }, 'Ann')).toBe(true);
  expect(isTheirs({ wanted: 1, answered: [], holders: ['Ben'] }, 'Ann')).toBe(false);
  expect(isTheirs({ wanted: 1, answered: ['Ben'], holders: [] }, 'Ann')).toBe(false);
  expect(isTheirs({ wanted: 2, answered: ['Ben'], holders: [] }, 'Ann')).toBe(true);
  expect(isTheirs({ wanted: 2, answered: ['Ben'], holders: ['Cleo'] }, 'Ann')).toBe(false);
  expect(isTheirs({ wanted: 2, answered: [null], holders: ['Cleo'] }, 'Ann')).toBe(false);
});

test('what a person holds or has answered does not keep it from them', () => {
  expect(isTheirs({ wanted: 1, answered: [], holders: ['Ann'] }, 'Ann')).toBe(true);
  expect(isTheirs({ wanted: 1, answered: ['Ann'], holders: [] }, 'Ann')).toBe(true);
  expect(isTheirs({ wanted: 1, answered: ['Ben', 'Ann'], holders: ['Cleo'] }, 'Ann')).toBe(true);
});

test('somebody who looks at what they have answered takes nobody’s place', () => {
  expect(isTheirs({ wanted: 2, answered: ['Ben'], holders: ['Ben'] }, 'Ann')).toBe(true);
  expect(othersAtWork({ wanted: 2, answered: ['Ben'], holders: ['Ben', 'Cleo', 'Ann'] }, 'Ann')).toEqual(['Cleo']);
});

test('whoever comes and takes what is theirs, no more people have it than are wanted', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3 }),
      fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.constantFrom('take', 'answer', 'leave'))),
      (wanted, events) => {
        const [answered, holders] = [new Set<string>(), new Set<string>()];
        for (const [who, what] of events) {
          if (what === 'leave') holders.delete(who);
          else if (isTheirs({ wanted, answered: [...answered], holders: [...holders] }, who)) {
            (what === 'take' ? holders : answered).add(who);
          }
          expect(new Set([...answered, ...holders]).size).toBeLessThanOrEqual(wanted);
        }
      },
    ),
  );
});
