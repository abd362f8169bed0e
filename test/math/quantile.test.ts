import { expect, test } from 'vitest';
import { median, quantile } from '../../src/math/statistics.ts';

test('a quantile is a value, or as far on between two as the share is', () => {
  expect([0, 0.25, 0.5, 0.75, 1].map((share) => quantile([1, 2, 3, 4], share))).toEqual([1, 1.75, 2.5, 3.25, 4]);
  expect([0, 0.3, 1].map((share) => quantile([7], share))).toEqual([7, 7, 7]);
});

test('a median is the middle, or between the two in the middle, in any order', () => {
  expect(median([])).toBeNull();
  expect(median([10, 9, 2])).toBe(9);
  expect(median([100, 1, 4, 2])).toBe(3);
});
