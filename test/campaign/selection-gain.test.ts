import { describe, expect, test } from 'vitest';
import { gainSentence } from '../../src/campaign/gain/gain-sentence.ts';
import { type Comparison, selectionGain } from '../../src/campaign/gain/selection-gain.ts';
import { seededRandom } from '../../src/math/random.ts';

const ITEMS = 60;
const oneStratum = (ids: readonly string[]) => [{ size: 1, items: ids.map((_, row) => row) }];

/**
 * A round in which random labels score .1 + .05 · log(labels), item by item with noise, and selected ones `gain` more.
 * @param noise of an item's difference
 */
function comparison(
  round: number,
  gain: number,
  { noise = 0.02, items = ITEMS }: { noise?: number; items?: number } = {},
): Comparison {
  const random = seededRandom(0, 'test items');
  const curveAt = (labels: number) => 0.1 + 0.05 * Math.log(labels);
  const base = Array.from({ length: items }, () => 0.1 * random.float());
  const scores = (labels: number) => base.map((own) => own + curveAt(labels));
  const labels = 20 * round;
  return {
    round,
    labels,
    items: base.map((_, row) => `i${row}`),
    random: scores(labels),
    // Noise in pairs of opposite signs, so that the mean gain is exact.
    selected: scores(labels).map((score, row) => score + gain + (row % 2 === 0 ? noise : -noise)),
    curve: [0.25, 0.5, 0.75].map((share) => ({ labels: share * labels, scores: scores(share * labels) })),
  };
}

describe('what selecting gains', () => {
  test('is read off the learning curve: a gain of b · log 2 makes labels worth twice as many', () => {
    const gain = selectionGain([comparison(1, 0.05 * Math.log(2))], oneStratum, 0)!;
    expect(gain).toMatchObject({ verdict: 'helps', labels: 20, rounds: 1, moreTestLabels: 0 });
    expect(gain.worth!.mean).toBeCloseTo(40, 6);
    expect(gain.worth!.interval!.low).toBeGreaterThan(20);
    expect(gain.worth!.interval!.high).toBeLessThan(60);
    expect(gain.probability).toBe(1);
    expect(gainSentence(gain)).toMatch(
      /^Selecting helps: 20 selected labels score like 40 random ones \(95 %: 3\d to 4\d\); 20 labels saved; \+3\.5 ROUGE-L points \(95 %: \+[23]\.\d to \+[34]\.\d\) on 60 test items\.$/,
    );
  });

  test('may be a loss', () => {
    const gain = selectionGain(
      [comparison(1, -0.05 * Math.log(2)), comparison(2, -0.05 * Math.log(2))],
      oneStratum,
      0,
    )!;
    expect(gain).toMatchObject({ verdict: 'hurts', labels: 40, rounds: 2, probability: 0 });
    expect(gain.worth!.mean).toBeCloseTo(20, 6);
    expect(gainSentence(gain)).toMatch(/^Selecting hurts: 40 selected labels score like 20 random ones /);
  });

  test('is none where enough test labels show none', () => {
    const gain = selectionGain([comparison(1, 0)], oneStratum, 0)!;
    expect(gain).toMatchObject({ verdict: 'no-gain', moreTestLabels: 0 });
    expect(gain.worth!.mean).toBeCloseTo(20, 6);
    expect(gain.probability).toBeGreaterThan(0.3);
    expect(gain.probability).toBeLessThan(0.7);
    expect(gainSentence(gain)).toMatch(/^No gain shown: 20 selected labels score 0\.0 ROUGE-L points \(95 %: /);
  });

  test('cannot be told with few test labels, and then it says how many more would', () => {
    const gain = selectionGain([comparison(1, 0.01, { noise: 0.1, items: 20 })], oneStratum, 0)!;
    expect(gain.verdict).toBe('cannot-tell');
    expect(gain.tellable).toBeCloseTo(0.01, 10);
    // (2.8 · 0.1026 / 0.01)² = 826, less the 20 there are.
    expect(gain.moreTestLabels).toBeGreaterThan(750);
    expect(gain.moreTestLabels).toBeLessThan(850);
    expect(gainSentence(gain)).toMatch(
      /^Cannot tell yet if selecting helps: \+1\.0 ROUGE-L points \(95 %: −\d\.\d to \+\d\.\d\) on 20 test items; about 8[0-9]0 more would show ±1\.0 points\.$/,
    );
  });

  test('names the measured difference where that is larger than a point', () => {
    const gain = selectionGain([comparison(1, 0.03, { noise: 0.2, items: 20 })], oneStratum, 0)!;
    expect(gain).toMatchObject({ verdict: 'cannot-tell', tellable: expect.closeTo(0.03, 10) });
    expect(gainSentence(gain)).toMatch(/more would show ±3\.0 points\.$/);
  });

  test('where the curve does not rise is told in points alone, and never as more than ten times the labels', () => {
    const flat = comparison(1, 0.03);
    const falling = { ...flat, curve: flat.curve.map((point) => ({ ...point, scores: point.scores.map(() => 0.9) })) };
    const gain = selectionGain([falling], oneStratum, 0)!;
    expect(gain).toMatchObject({ verdict: 'helps', worth: null });
    expect(gainSentence(gain)).toMatch(
      /^Selecting helps: 20 selected labels score \+3\.0 ROUGE-L points .* against 20 random ones\.$/,
    );
    const huge = selectionGain([comparison(1, 0.5)], oneStratum, 0)!;
    expect(huge.worth!.mean).toBe(200);
    expect(gainSentence(huge)).toContain('score like more than 200 random ones');
  });

  test('is measured on the items of every round, each stratum by its size', () => {
    const [first, second] = [comparison(1, 0), comparison(2, 0)];
    const fewer = { ...second, items: second.items.map((id, row) => (row < 30 ? id : `new ${id}`)) };
    expect(selectionGain([first, fewer], oneStratum, 0)!.difference.count).toBe(30);
    // Half of the items gain .1; they stand for nine tenths of the pool.
    const uneven = { ...first, selected: first.random.map((score, row) => score + (row < 30 ? 0.1 : 0)) };
    const strata = (ids: readonly string[]) => {
      const rows = ids.map((_, row) => row);
      return [
        { size: 9, items: rows.filter((row) => row < 30) },
        { size: 1, items: rows.filter((row) => row >= 30) },
      ];
    };
    expect(selectionGain([uneven], strata, 0)!.difference.mean).toBeCloseTo(0.09, 10);
  });

  test('is unknown without rounds or items', () => {
    expect(selectionGain([], oneStratum, 0)).toBeUndefined();
    expect(
      selectionGain([{ ...comparison(1, 0), items: ['a'], random: [1], selected: [1], curve: [] }], oneStratum, 0),
    ).toBeUndefined();
  });
});
