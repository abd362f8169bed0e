import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isTheirs, nextItem, othersAtWork } from '../../../src/annotate/desk/annotator-view.ts';

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

const entries = [7, 3, 9, 1].map((position, index) => {
  return { round: 1, rank: index + 1, position, reason: '', peopleWanted: 1 };
});

function next(open: number[], { after, underWay = [] }: { after?: number; underWay?: number[] } = {}) {
  return nextItem(entries, {
    after,
    isOpen: ({ position }) => open.includes(position),
    isUnderWay: ({ position }) => underWay.includes(position),
  })?.position;
}

test('the first by rank that is open', () => {
  expect(next([1, 9, 3])).toBe(3);
  expect(next([])).toBeUndefined();
});

test('for whoever comes from nowhere first what they are at work on, as long as it is open to them', () => {
  expect(next([1, 9, 3], { underWay: [1, 9] })).toBe(9);
  expect(next([1, 3], { underWay: [9] })).toBe(3);
});

test('for whoever goes on the ones after, then from the beginning, and at last the same one', () => {
  expect(next([7, 3, 9, 1], { after: 3 })).toBe(9);
  expect(next([7, 3], { after: 9 })).toBe(7);
  expect(next([3], { after: 3 })).toBe(3);
  expect(next([], { after: 3 })).toBeUndefined();
});

test('going on passes by what is left begun, and comes back to it in its turn', () => {
  expect(next([7, 3, 9], { after: 7, underWay: [7, 9] })).toBe(3);
  expect(next([7, 9], { after: 3, underWay: [7] })).toBe(9);
  expect(next([7], { after: 9, underWay: [7] })).toBe(7);
});

test('whoever comes from an item of another round begins with the first', () => {
  expect(next([9, 3], { after: 1000 })).toBe(3);
});
