import { expect, test } from 'vitest';
import { itemsPerHour } from '../../../src/annotate/desk/desk-progress.ts';
import { said } from './stored-annotation.ts';

const always = () => true;

test('is items by the time at work on them', () => {
  const labels = [60, 120, 180].map((seconds) => said({ seconds }));
  expect(itemsPerHour(labels, always)).toBe(30);
});

test('goes by the latest fifty, those of unknown time left out', () => {
  const early = Array.from({ length: 100 }, () => said({ seconds: 3600 }));
  const late = Array.from({ length: 50 }, () => [said({ seconds: 36 }), said({ seconds: null })]).flat();
  expect(itemsPerHour([...early, ...late], always)).toBe(100);
});

test('counts an item once that was changed, at what it came to in all', () => {
  const labels = [
    said({ id: 1, seconds: 100 }),
    said({ id: 2, seconds: 110 }),
    said({ seconds: 5 }),
    said({ seconds: 5 }),
  ];
  expect(itemsPerHour(labels, ({ id }) => id !== 1)).toBe((3 * 3600) / 120);
});

test('is not known by two, nor where no time went by', () => {
  expect(itemsPerHour([said({ seconds: 9 }), said({ seconds: 9 })], always)).toBeNull();
  expect(
    itemsPerHour(
      [0, 0, 0, 0].map((seconds) => said({ seconds })),
      always,
    ),
  ).toBeNull();
});
