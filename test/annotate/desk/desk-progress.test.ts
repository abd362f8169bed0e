import { expect, test } from 'vitest';
import { itemsPerHour } from '../../../src/annotate/desk/desk-progress.ts';
import { annotation } from './stored-annotation.ts';

const always = () => true;

test('pace is the number of items divided by the time spent on them', () => {
  const labels = [60, 120, 180].map((seconds) => annotation({ seconds }));
  expect(itemsPerHour(labels, always)).toBe(30);
});

test('pace uses the latest fifty items with a known time', () => {
  const early = Array.from({ length: 100 }, () => annotation({ seconds: 3600 }));
  const late = Array.from({ length: 50 }, () => [annotation({ seconds: 36 }), annotation({ seconds: null })]).flat();
  expect(itemsPerHour([...early, ...late], always)).toBe(100);
});

test('pace counts a changed item once, with its total time', () => {
  const labels = [
    annotation({ id: 1, seconds: 100 }),
    annotation({ id: 2, seconds: 110 }),
    annotation({ seconds: 5 }),
    annotation({ seconds: 5 }),
  ];
  expect(itemsPerHour(labels, ({ id }) => id !== 1)).toBe((3 * 3600) / 120);
});

test('pace is unknown after two items, or when no time was spent', () => {
  expect(itemsPerHour([annotation({ seconds: 9 }), annotation({ seconds: 9 })], always)).toBeNull();
  expect(
    itemsPerHour(
      [0, 0, 0, 0].map((seconds) => annotation({ seconds })),
      always,
    ),
  ).toBeNull();
});
