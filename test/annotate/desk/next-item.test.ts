import { expect, test } from 'vitest';
import { nextItem } from '../../../src/annotate/desk/next-item.ts';

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
