import { expect, test } from 'vitest';
import { excerptsWithin } from '../../src/report/excerpts-within.ts';

test('excerpts of many texts are shorter, all alike, until they have room together', () => {
  const texts = Array.from({ length: 10 }, () => 'x'.repeat(100));
  const lengths = (room: number, some = texts) => excerptsWithin(some, room, [80, 40, 20]).map((text) => text.length);
  expect(lengths(10_000)).toEqual(new Array(10).fill(80));
  expect(lengths(500)).toEqual(new Array(10).fill(40));
  // What has to be escaped in the page needs more.
  const marked = texts.map((text) => text.replaceAll('x', '<'));
  expect(lengths(900)).toEqual(new Array(10).fill(80));
  expect(lengths(900, marked)).toEqual(new Array(10).fill(20));
  // There is no less than the least.
  expect(lengths(1)).toEqual(new Array(10).fill(20));
});
