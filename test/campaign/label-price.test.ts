import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LabelPrice, labelCostMicroUsd, worstCaseLabelMicroUsd } from '../../src/campaign/label-price.ts';
import type { Verdict } from '../../src/domain/label.ts';

const verdicts = fc.constantFrom<Verdict>('accepted', 'rejected', 'skipped');
const prices: fc.Arbitrary<LabelPrice> = fc
  .tuple(
    fc.constantFrom('perLabelUsd', 'perMinuteUsd', 'free'),
    fc.nat(20_000_000),
    fc.double({ min: 0.01, max: 500, noNaN: true }),
    fc.integer({ min: 1, max: 5 }),
  )
  .map(([by, amount, mostMinutes, annotators]) => ({
    mostMinutes,
    annotators,
    ...(by === 'free' ? {} : { [by]: amount }),
  }));
const work = fc.record({ verdict: verdicts, seconds: fc.option(fc.double({ min: 0, max: 1e9, noNaN: true })) });

test('costs are whole micro-dollars, and those of all who are to answer never pass the worst case', () => {
  fc.assert(
    fc.property(prices, work, (price, done) => {
      const cost = labelCostMicroUsd(price, done);
      const worstCase = worstCaseLabelMicroUsd(price);
      expect(Number.isSafeInteger(cost) && cost >= 0).toBe(true);
      expect(Number.isSafeInteger(worstCase)).toBe(true);
      expect(cost * price.annotators).toBeLessThanOrEqual(worstCase);
    }),
  );
});

test('work that nobody pays for costs nothing', () => {
  const price = { mostMinutes: 30, annotators: 2 };
  expect(worstCaseLabelMicroUsd(price)).toBe(0);
  expect(labelCostMicroUsd(price, { verdict: 'accepted', seconds: 1e6 })).toBe(0);
});

test('by the piece an answer and a rejection are paid, whatever time they took, and a skip is not', () => {
  const price = { perLabelUsd: 250_000, mostMinutes: 30, annotators: 3 };
  expect(worstCaseLabelMicroUsd(price)).toBe(750_000);
  for (const seconds of [null, 0, 1e6]) {
    expect(labelCostMicroUsd(price, { verdict: 'accepted', seconds })).toBe(250_000);
    expect(labelCostMicroUsd(price, { verdict: 'rejected', seconds })).toBe(250_000);
    expect(labelCostMicroUsd(price, { verdict: 'skipped', seconds })).toBe(0);
  }
});

test.each([
  [0, 0],
  [1, 10_000],
  [30, 300_000],
  [29.999_999, 300_000],
  [119.9, 1_199_000],
  [120, 1_200_000],
  [121, 1_200_000],
  [null, 1_200_000],
])('by the minute, at most two of them, %d seconds at $0.60 cost %i', (seconds, cost) => {
  const price = { perMinuteUsd: 600_000, mostMinutes: 2, annotators: 1 };
  for (const verdict of ['accepted', 'rejected', 'skipped'] as const) {
    expect(labelCostMicroUsd(price, { verdict, seconds })).toBe(cost);
  }
  expect(worstCaseLabelMicroUsd(price)).toBe(1_200_000);
});
