import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  affordableLabels,
  changedTermsNote,
  labelCostMicroUsd,
  peopleFor,
  plannedOverlap,
  termsByRound,
  worstCaseLabelMicroUsd,
  worstCaseOfRank,
} from '../../src/campaign/label-price.ts';
import type { Verdict } from '../../src/domain/label.ts';
import type { LabelTerms, RoundPlan } from '../../src/domain/round.ts';

const verdicts = fc.constantFrom<Verdict>('accepted', 'rejected', 'skipped');
const prices: fc.Arbitrary<LabelTerms> = fc
  .tuple(
    fc.constantFrom('perLabelUsd', 'perMinuteUsd', 'free'),
    fc.nat(20_000_000),
    fc.double({ min: 0.01, max: 500, noNaN: true }),
    fc.integer({ min: 1, max: 5 }),
  )
  .map(([by, amount, mostMinutes, annotators]) => ({
    mostMinutes,
    annotators,
    overlap: 0,
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

test('unpaid work costs nothing', () => {
  const price = { mostMinutes: 30, annotators: 2, overlap: 0 };
  expect(worstCaseLabelMicroUsd(price)).toBe(0);
  expect(labelCostMicroUsd(price, { verdict: 'accepted', seconds: 1e6 })).toBe(0);
});

test('by the piece an answer and a rejection are paid, regardless of time, and a skip is not', () => {
  const price = { perLabelUsd: 250_000, mostMinutes: 30, annotators: 3, overlap: 0 };
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
  const price = { perMinuteUsd: 600_000, mostMinutes: 2, annotators: 1, overlap: 0 };
  for (const verdict of ['accepted', 'rejected', 'skipped'] as const) {
    expect(labelCostMicroUsd(price, { verdict, seconds })).toBe(cost);
  }
  expect(worstCaseLabelMicroUsd(price)).toBe(1_200_000);
});

const shares = fc.oneof(fc.constantFrom(0, 0.1, 0.29, 0.5, 1), fc.double({ min: 0, max: 1, noNaN: true }));

test('overlap is for the share of the items it says, evenly over the ranks', () => {
  const wanted = (overlap: number, items: number) =>
    Array.from({ length: items }, (_, index) => peopleFor({ annotators: 1, overlap }, index + 1));
  expect(wanted(0, 4)).toEqual([1, 1, 1, 1]);
  expect(wanted(0.5, 6)).toEqual([1, 2, 1, 2, 1, 2]);
  expect(wanted(1, 3)).toEqual([2, 2, 2]);
  expect(wanted(0.29, 100).reduce((sum, people) => sum + people - 1, 0)).toBe(29);
});

test('as many labels are affordable as fit at their worst, and not one more', () => {
  fc.assert(
    fc.property(
      shares,
      fc.nat(1000),
      fc.integer({ min: 1, max: 3 }),
      fc.nat(100_000),
      (overlap, perLabelUsd, annotators, room) => {
        const price: LabelTerms = { perLabelUsd, mostMinutes: 30, annotators, overlap };
        const planned = plannedOverlap(price);
        const costs = {
          worstCaseLabelMicroUsd: worstCaseLabelMicroUsd(price),
          ...(planned ? { overlap: planned } : {}),
        };
        const worstCase = (items: number) =>
          Array.from({ length: items }, (_, index) => worstCaseOfRank(costs, index + 1)).reduce(
            (sum, one) => sum + one,
            0,
          );
        const people = (items: number) =>
          Array.from({ length: items }, (_, index) => peopleFor(price, index + 1)).reduce((sum, one) => sum + one, 0);
        expect(affordableLabels({ labels: 50, labelMicroUsd: room }, costs)).toBeLessThanOrEqual(50);
        const count = affordableLabels({ labelMicroUsd: room }, costs);
        if (perLabelUsd === 0) {
          expect(count).toBe(Number.POSITIVE_INFINITY);
          return;
        }
        fc.pre(count <= 2000);
        expect(worstCase(count)).toBe(people(count) * perLabelUsd);
        expect(worstCase(count)).toBeLessThanOrEqual(room);
        expect(worstCase(count + 1)).toBeGreaterThan(room);
      },
    ),
  );
});

/** A plan as version 0.1 kept it. */
function earlierPlan(terms: LabelTerms): RoundPlan {
  const overlap = plannedOverlap(terms);
  return {
    ...{ number: 1, kind: 'seed', from: 'pool', strategy: 'random', options: {}, count: 9, seed: 1 },
    ...{ weighted: false, threshold: 6, worstCaseLabelMicroUsd: worstCaseLabelMicroUsd(terms) },
    ...(overlap === undefined ? {} : { overlap }),
  };
}
const earlier: LabelTerms = { perLabelUsd: 100_000, mostMinutes: 30, annotators: 2, overlap: 0 };

test.each<[string, Partial<LabelTerms>, Partial<LabelTerms>]>([
  ['nothing', {}, {}],
  ['more people', { annotators: 5 }, { annotators: 2 }],
  ['fewer people', { annotators: 1 }, { annotators: 1 }],
  ['a higher price', { perLabelUsd: 150_000 }, { perLabelUsd: 100_000 }],
  ['a much higher price', { perLabelUsd: 5_000_000 }, { perLabelUsd: 100_000 }],
  ['a lower price', { perLabelUsd: 50_000 }, { perLabelUsd: 50_000 }],
  ['overlap', { overlap: 0.5 }, { overlap: 0 }],
  [
    'pay by the minute',
    { perLabelUsd: undefined, perMinuteUsd: 1_000_000 },
    { perLabelUsd: undefined, perMinuteUsd: 3333 },
  ],
])('a round of version 0.1 keeps within what it set aside where the settings have %s now', (_, changed, kept) => {
  const now = { ...earlier, ...changed };
  const plan = earlierPlan(earlier);
  expect(termsByRound([plan], now)(1)).toEqual({ ...now, ...kept });
  const note = changedTermsNote(plan, now);
  if (Object.entries(kept).some(([name, value]) => now[name as keyof LabelTerms] !== value)) {
    expect(note).toMatch(/since round 1 was planned\. Round 1 keeps its terms/);
  } else expect(note).toBeUndefined();
});

test('a round of version 0.1 costs no more than it set aside with any settings of now', () => {
  const overlaps = fc.constantFrom(0, 0.25, 1);
  fc.assert(
    fc.property(prices, prices, overlaps, overlaps, (before, now, shareBefore, shareNow) => {
      const plan = earlierPlan({ ...before, overlap: shareBefore });
      const terms = termsByRound([plan], { ...now, overlap: shareNow })(1);
      expect(terms.annotators).toBeGreaterThanOrEqual(1);
      expect(worstCaseLabelMicroUsd(terms)).toBeLessThanOrEqual(plan.worstCaseLabelMicroUsd);
      expect(plannedOverlap(terms)?.worstCaseMicroUsd ?? 0).toBeLessThanOrEqual(plan.overlap?.worstCaseMicroUsd ?? 0);
      expect(terms.overlap).toBe(shareBefore);
    }),
  );
});
