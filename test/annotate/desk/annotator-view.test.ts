import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isAvailableTo, nextItem, othersWorkingOn } from '../../../src/annotate/desk/annotator-view.ts';

const noPeople = { answeredBy: [], heldBy: [] };

test('an item is available until enough people are working on it or have answered it', () => {
  expect(isAvailableTo({ peopleWanted: 1, ...noPeople }, 'Ann')).toBe(true);
  expect(isAvailableTo({ peopleWanted: 1, answeredBy: [], heldBy: ['Ben'] }, 'Ann')).toBe(false);
  expect(isAvailableTo({ peopleWanted: 1, answeredBy: ['Ben'], heldBy: [] }, 'Ann')).toBe(false);
  expect(isAvailableTo({ peopleWanted: 2, answeredBy: ['Ben'], heldBy: [] }, 'Ann')).toBe(true);
  expect(isAvailableTo({ peopleWanted: 2, answeredBy: ['Ben'], heldBy: ['Cleo'] }, 'Ann')).toBe(false);
  expect(isAvailableTo({ peopleWanted: 2, answeredBy: [null], heldBy: ['Cleo'] }, 'Ann')).toBe(false);
});

test('an item stays available to a person who holds it or has answered it', () => {
  expect(isAvailableTo({ peopleWanted: 1, answeredBy: [], heldBy: ['Ann'] }, 'Ann')).toBe(true);
  expect(isAvailableTo({ peopleWanted: 1, answeredBy: ['Ann'], heldBy: [] }, 'Ann')).toBe(true);
  expect(isAvailableTo({ peopleWanted: 1, answeredBy: ['Ben', 'Ann'], heldBy: ['Cleo'] }, 'Ann')).toBe(true);
});

test('a person who opens an item they already answered is counted only once', () => {
  expect(isAvailableTo({ peopleWanted: 2, answeredBy: ['Ben'], heldBy: ['Ben'] }, 'Ann')).toBe(true);
  expect(othersWorkingOn({ peopleWanted: 2, answeredBy: ['Ben'], heldBy: ['Ben', 'Cleo', 'Ann'] }, 'Ann')).toEqual([
    'Cleo',
  ]);
});

test('an item never has more people than it needs, in any order of events', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3 }),
      fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.constantFrom('take', 'answer', 'leave'))),
      (wanted, events) => {
        const [answered, holders] = [new Set<string>(), new Set<string>()];
        for (const [who, what] of events) {
          if (what === 'leave') holders.delete(who);
          else if (isAvailableTo({ peopleWanted: wanted, answeredBy: [...answered], heldBy: [...holders] }, who)) {
            (what === 'take' ? holders : answered).add(who);
          }
          expect(new Set([...answered, ...holders]).size).toBeLessThanOrEqual(wanted);
        }
      },
    ),
  );
});

test('an assigned item is for its people, and for others as far as those are too few', () => {
  const ann = { ...noPeople, assignedTo: ['Ann'] };
  expect(isAvailableTo({ ...ann, peopleWanted: 1 }, 'Ann')).toBe(true);
  expect(isAvailableTo({ ...ann, peopleWanted: 1 }, 'Ben')).toBe(false);
  expect(isAvailableTo({ ...ann, peopleWanted: 1 }, null)).toBe(false);
  expect(isAvailableTo({ ...ann, peopleWanted: 2 }, 'Ben')).toBe(true);
  expect(isAvailableTo({ ...ann, peopleWanted: 2, answeredBy: ['Cleo'] }, 'Ben')).toBe(false);
  expect(isAvailableTo({ ...ann, peopleWanted: 2, heldBy: ['Cleo'] }, 'Ben')).toBe(false);
  expect(isAvailableTo({ ...ann, peopleWanted: 2, answeredBy: ['Cleo'] }, 'Ann')).toBe(true);
  expect(isAvailableTo({ ...ann, peopleWanted: 1, answeredBy: ['Ben'] }, 'Ben')).toBe(true);
});

const entries = [7, 3, 9, 1].map((position, index) => {
  return { round: 1, rank: index + 1, position, reason: '', peopleWanted: 1, assignedTo: [] };
});

function next(open: number[], { after, started = [] }: { after?: number; started?: number[] } = {}) {
  return nextItem(entries, {
    after,
    isOpen: ({ position }) => open.includes(position),
    isStarted: ({ position }) => started.includes(position),
  })?.position;
}

test('the next item is the first open one by rank', () => {
  expect(next([1, 9, 3])).toBe(3);
  expect(next([])).toBeUndefined();
});

test('without a previous item, an open item that the person has started comes first', () => {
  expect(next([1, 9, 3], { started: [1, 9] })).toBe(9);
  expect(next([1, 3], { started: [9] })).toBe(3);
});

test('after an item come the items that follow it, then those from the start, and the same one last', () => {
  expect(next([7, 3, 9, 1], { after: 3 })).toBe(9);
  expect(next([7, 3], { after: 9 })).toBe(7);
  expect(next([3], { after: 3 })).toBe(3);
  expect(next([], { after: 3 })).toBeUndefined();
});

test('after an item, started items keep their place in the order', () => {
  expect(next([7, 3, 9], { after: 7, started: [7, 9] })).toBe(3);
  expect(next([7, 9], { after: 3, started: [7] })).toBe(9);
  expect(next([7], { after: 9, started: [7] })).toBe(7);
});

test('after an item of another round comes the first open one', () => {
  expect(next([9, 3], { after: 1000 })).toBe(3);
});
