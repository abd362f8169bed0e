import { expect, it } from 'vitest';
import {
  formatCount,
  formatDuration,
  formatExactUsd,
  formatPairs,
  formatScore,
  formatShare,
  plural,
} from '../../../src/cli/output/format.ts';

it('groups thousands', () => {
  expect(formatCount(12_345)).toBe('12,345');
  expect(formatCount(0)).toBe('0');
  for (const value of [
    7,
    999,
    1_000,
    -1,
    -999,
    -1_234_567,
    2 ** 53 - 1,
    1e21,
    0.5,
    1234.5678,
    Number.POSITIVE_INFINITY,
  ]) {
    expect(formatCount(value)).toBe(value.toLocaleString('en-US'));
  }
});

it.each([
  [0, '0 queries'],
  [1, '1 query'],
  [3_000, '3,000 queries'],
])('counts %d of a thing as %s', (count, text) => {
  expect(plural(count, 'query', 'queries')).toBe(text);
});

it('adds an s where no plural is given', () => {
  expect([plural(1, 'call'), plural(2, 'call')]).toEqual(['1 call', '2 calls']);
});

it.each([
  [0, '0.0 s'],
  [440, '0.4 s'],
  [9_949, '9.9 s'],
  [9_999, '10 s'],
  [12_300, '12 s'],
  [59_400, '59 s'],
  [59_600, '1 min 0 s'],
  [185_000, '3 min 5 s'],
  [3_599_600, '1 h 0 min'],
  [7_440_000, '2 h 4 min'],
])('writes %d ms as %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

it('writes shares in whole percent', () => {
  expect([0, 0.834, 0.835, 1].map(formatShare)).toEqual(['0 %', '83 %', '84 %', '100 %']);
});

it('aligns labels and values', () => {
  expect(
    formatPairs([
      ['pool', '3 records'],
      ['candidates', '2'],
    ]),
  ).toBe('  pool        3 records\n  candidates  2');
  expect(formatPairs([])).toBe('');
});

it.each([
  [0, '$0.000000'],
  [7, '$0.000007'],
  [1_234_567, '$1.234567'],
  [1_234_567_000_001, '$1,234,567.000001'],
  [-250_000, '−$0.250000'],
])('writes %d micro-dollars exactly as %s', (amount, text) => {
  expect(formatExactUsd(amount)).toBe(text);
});

it('writes scores with two places, and a dash where there is none', () => {
  expect([formatScore(5), formatScore(1.2345, 3), formatScore(null)]).toEqual(['5.00', '1.234', '–']);
});
