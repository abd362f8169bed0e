import { expect, test } from 'vitest';
import { fitExcerpts } from '../../src/report/excerpts.ts';

test('excerpts of many texts are cut at the same length, so that they fit together', () => {
  const texts = Array.from({ length: 10 }, () => 'x'.repeat(100));
  const lengths = (room: number, some = texts) => fitExcerpts(some, room, [80, 40, 20]).map((text) => text.length);
  expect(lengths(10_000)).toEqual(new Array(10).fill(80));
  expect(lengths(500)).toEqual(new Array(10).fill(40));
  // Characters that the page escapes need more bytes.
  const marked = texts.map((text) => text.replaceAll('x', '<'));
  expect(lengths(900)).toEqual(new Array(10).fill(80));
  expect(lengths(900, marked)).toEqual(new Array(10).fill(20));
  // The shortest length is the limit.
  expect(lengths(1)).toEqual(new Array(10).fill(20));
});
