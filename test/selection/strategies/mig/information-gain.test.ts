import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src/math/random.ts';
import { mostInformative, propagation } from '../../../../src/selection/strategies/mig/information-gain.ts';

/** The reference with dense matrices: W normalised by columns, V · P, and the gradient 0.8 (x + 1e-6)^(−0.2) per pick. */
function reference(
  items: readonly { readonly tags: readonly number[]; readonly score: number }[],
  similarities: readonly (readonly number[])[],
  count: number,
  mass: readonly number[],
): number[] {
  const size = similarities.length;
  const w = similarities.map((row, a) => row.map((value, b) => (a === b ? 1 : value >= 0.9 ? value : 0)));
  const sums = w[0]!.map((_, b) => w.reduce((sum, row) => sum + row[b]!, 0));
  const p = w.map((row) => row.map((value, b) => value / sums[b]!));
  const v = items.map(({ tags, score }) => Array.from({ length: size }, (_, tag) => (tags.includes(tag) ? score : 0)));
  const brought = v.map((row) => p[0]!.map((_, b) => row.reduce((sum, value, a) => sum + value * p[a]![b]!, 0)));
  const x = [...mass];
  const order: number[] = [];
  while (order.length < count) {
    const slope = x.map((value) => 0.8 * (value + 1e-6) ** -0.2);
    const gains = brought.map((row, item) =>
      order.includes(item) ? Number.NEGATIVE_INFINITY : row.reduce((sum, value, tag) => sum + value * slope[tag]!, 0),
    );
    const best = gains.indexOf(Math.max(...gains));
    order.push(best);
    brought[best]!.forEach((value, tag) => {
      x[tag]! += value;
    });
  }
  return order;
}

describe('the most informative items', () => {
  it('are those of the reference, for any tags, scores and similarities', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 30 }), fc.nat(), (tags, rows, seed) => {
        const random = seededRandom(seed);
        const similarities = Array.from({ length: tags }, () => new Array<number>(tags).fill(0));
        for (let a = 0; a < tags; a += 1) {
          for (let b = 0; b < a; b += 1) {
            const similarity = 0.8 + 0.2 * random.float();
            similarities[a]![b] = similarity;
            similarities[b]![a] = similarity;
          }
        }
        const items = Array.from({ length: rows }, () => ({
          tags: [...Array(tags).keys()].filter(() => random.float() < 0.4),
          score: 6 * random.float(),
        }));
        const mass = similarities.map(() => (random.float() < 0.5 ? 0 : 3 * random.float()));
        const shares = propagation(tags, (a, b) => similarities[a]![b]!, 0.9);
        const { order } = mostInformative(items, shares, rows, mass);
        expect([...order]).toEqual(reference(items, similarities, rows, mass));
      }),
      { seed: 11 },
    );
  });

  it('add up to the slope of x^0.8 times the score each brings', () => {
    const shares = propagation(2, () => 0, 0.9);
    const items = [
      { tags: [0], score: 2 },
      { tags: [0], score: 2 },
      { tags: [1], score: 1 },
    ];
    const { order, gains } = mostInformative(items, shares, 3, [0, 0]);
    expect([...order]).toEqual([0, 2, 1]);
    const slope = (x: number) => 0.8 * (x + 1e-6) ** -0.2;
    expect([...gains].map((gain) => gain.toFixed(9))).toEqual(
      [2 * slope(0), slope(0), 2 * slope(2)].map((gain) => gain.toFixed(9)),
    );
  });

  it('share with similar tags by columns: what every tag receives of a unit of each adds up to 1', () => {
    const shares = propagation(3, (a, b) => (a + b === 1 ? 0.95 : 0.2), 0.9);
    expect(shares).toEqual([
      [
        { tag: 0, share: 1 / 1.95 },
        { tag: 1, share: 0.95 / 1.95 },
      ],
      [
        { tag: 0, share: 0.95 / 1.95 },
        { tag: 1, share: 1 / 1.95 },
      ],
      [{ tag: 2, share: 1 }],
    ]);
  });
});
