import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  formatUsd,
  formatUsdBriefly,
  formatUsdExactly,
  parseUsd,
  sumRanges,
  usdNumber,
} from '../../src/domain/money.ts';

describe('parseUsd', () => {
  it.each([
    ['0', 0],
    ['0.15', 150_000],
    ['$2.5', 2_500_000],
    ['  12.000001 ', 12_000_001],
    ['0.1', 100_000],
    ['0.000001', 1],
    ['007', 7_000_000],
    ['999999999.999999', 999_999_999_999_999],
  ])('reads %j as %d micro-dollars', (text, amount) => {
    expect(parseUsd(text)).toBe(amount);
  });

  it.each([
    '',
    ' ',
    '$',
    '.5',
    '5.',
    '-1',
    '+1',
    '1e3',
    '0.0000001',
    '1,000',
    '1_000',
    '0x10',
    'NaN',
    '1000000000',
    '٣',
  ])('does not read %j', (text) => {
    expect(parseUsd(text)).toBeUndefined();
  });

  it('is exact to the micro-dollar', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999 }), fc.integer({ min: 0, max: 999_999 }), (whole, micros) => {
        const text = `${whole}.${String(micros).padStart(6, '0')}`;
        expect(parseUsd(text)).toBe(Number(BigInt(whole) * 1_000_000n + BigInt(micros)));
      }),
    );
  });
});

describe('formatUsd', () => {
  it.each([
    [0, '$0.00'],
    [1, '$0.000001'],
    [312, '$0.000312'],
    [10_000, '$0.01'],
    [100_000, '$0.10'],
    [123_400, '$0.1234'],
    [999_999, '$0.999999'],
    [1_000_000, '$1.00'],
    [1_004_999, '$1.00'],
    [1_005_000, '$1.01'],
    [1_999_999, '$2.00'],
    [1_234_567_890_000, '$1,234,567.89'],
  ])('writes %d micro-dollars as %s', (amount, text) => {
    expect(formatUsd(amount)).toBe(text);
  });

  it('loses nothing below a dollar', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999 }), (amount) => {
        expect(parseUsd(formatUsd(amount))).toBe(amount);
      }),
    );
  });
});

it('gives machines the number of dollars', () => {
  expect(usdNumber(150_000)).toBe(0.15);
  expect(usdNumber(1)).toBe(0.000_001);
});

test('dollars and cents are grouped as English groups them', () => {
  const options = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  fc.assert(
    fc.property(fc.integer({ min: 1_000_000, max: 10 ** 13 }), (amount) => {
      const dollars = Math.round(amount / 10 ** 4) / 100;
      expect(formatUsd(amount)).toBe(`$${dollars.toLocaleString('en-US', options)}`);
    }),
  );
});

describe('formatUsdExactly', () => {
  it.each([
    [0, '$0.00'],
    [2_000_000, '$2.00'],
    [11_995_500, '$11.9955'],
    [1, '$0.000001'],
    [1_234_567_890_000, '$1,234,567.89'],
  ])('writes %d millionths as %s, losing no digit', (amount, text) => {
    expect(formatUsdExactly(amount)).toBe(text);
  });
});

describe('formatUsdBriefly', () => {
  it.each([
    [0, '$0.00'],
    [1, '$0.000001'],
    [44, '$0.000044'],
    [315, '$0.00032'],
    [1_234, '$0.0012'],
    [50_000, '$0.05'],
    [56_789, '$0.057'],
    [99_600, '$0.10'],
    [573_529, '$0.57'],
    [995_000, '$1.00'],
    [1_234_567, '$1.23'],
    [1_234_567_890_000, '$1,234,567.89'],
  ])('writes %d millionths as %s', (amount, text) => {
    expect(formatUsdBriefly(amount)).toBe(text);
  });
});

test('ranges add up, expected and worst, and none are nothing', () => {
  expect(sumRanges([])).toEqual({ expected: 0, worstCase: 0 });
  expect(
    sumRanges([
      { expected: 1, worstCase: 10 },
      { expected: 2, worstCase: 20 },
    ]),
  ).toEqual({ expected: 3, worstCase: 30 });
});
