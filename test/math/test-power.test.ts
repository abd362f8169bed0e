import { expect, it } from 'vitest';
import { seededRandom } from '../../src/math/random.ts';
import { shareInterval } from '../../src/math/share-interval.ts';
import { detectableDifference, testLabelsFor } from '../../src/math/test-power.ts';

it('one rate of 60 % is known as well as its number of labels allows', () => {
  const range = (labels: number) => {
    const { low, high } = shareInterval(0.6 * labels, labels);
    return [Math.round(100 * low), Math.round(100 * high)];
  };
  expect([20, 50, 100].map(range)).toEqual([
    [39, 78],
    [46, 72],
    [50, 69],
  ]);
});

it('intervals of shares stay between 0 and 1', () => {
  expect(shareInterval(0, 3).low).toBe(0);
  expect(shareInterval(3, 3).high).toBe(1);
  // Newcombe 1998, table I: 81 of 263.
  const { low, high } = shareInterval(81, 263);
  expect([low.toFixed(4), high.toFixed(4)]).toEqual(['0.2553', '0.3662']);
});

it('20, 50 and 100 labels tell a drop of 34, 22 and 15 points', () => {
  expect([20, 50, 100].map((labels) => Math.round(100 * detectableDifference(labels)))).toEqual([34, 22, 15]);
});

it('the two functions are inverse: the labels for a difference are the fewest that tell it', () => {
  for (const points of [1, 3, 5, 10, 20]) {
    const labels = testLabelsFor(points / 100);
    expect(detectableDifference(labels)).toBeLessThanOrEqual(points / 100 + 1e-9);
    expect(detectableDifference(labels - 1)).toBeGreaterThan(points / 100);
  }
  expect(() => testLabelsFor(0)).toThrow('cannot be planned for');
  expect(() => testLabelsFor(1, -1)).toThrow('cannot be planned for');
});

it('a difference is found in about 80 % of simulated tests of that many labels', () => {
  const random = seededRandom(1, 'power');
  // 30 % of items change: 20 % become right, 10 % wrong, so the rate falls by 10 points.
  const labels = testLabelsFor(0.1);
  const tries = 2_000;
  let found = 0;
  for (let number = 0; number < tries; number += 1) {
    const changes = Array.from({ length: labels }, () => {
      const drawn = random.float();
      return drawn < 0.2 ? 1 : drawn < 0.3 ? -1 : 0;
    });
    const sum = changes.reduce<number>((total, change) => total + change, 0);
    const changed = changes.filter((change) => change !== 0).length;
    // McNemar's test.
    if (Math.abs(sum) > 1.96 * Math.sqrt(changed)) found += 1;
  }
  expect(found / tries).toBeGreaterThan(0.77);
  expect(found / tries).toBeLessThan(0.85);
});
