import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawHeldOut } from '../../src/campaign/training-split.ts';

const positions = fc.uniqueArray(fc.nat(500), { minLength: 1, maxLength: 60 }).map((all) => all.sort((a, b) => a - b));
const share = fc.double({ min: 0, max: 0.9, noNaN: true });

test('the rounded share is held out but for one at least, and every position is either held out or not', () => {
  fc.assert(
    fc.property(positions, share, fc.nat(), (all, heldOutShare, seed) => {
      const drawn = drawHeldOut(all, heldOutShare, seed);
      expect([...drawn.keys()]).toEqual(all);
      expect([...drawn.values()].filter(Boolean)).toHaveLength(
        Math.min(Math.round(heldOutShare * all.length), all.length - 1),
      );
    }),
  );
});

test('the same draw comes out again, and another seed draws others', () => {
  const all = Array.from({ length: 40 }, (_, position) => position);
  const heldOut = (seed: number) => [...drawHeldOut(all, 0.5, seed)].filter(([, held]) => held).map(([at]) => at);
  expect(heldOut(1)).toEqual(heldOut(1));
  expect(heldOut(2)).not.toEqual(heldOut(1));
  expect(heldOut(1)).not.toEqual(all.slice(0, 20));
});

test('each part of what is labeled draws for itself: not always the same ranks', () => {
  const ranks = [0, 100, 200, 300].map((from) => {
    const part = Array.from({ length: 20 }, (_, index) => from + index);
    return [...drawHeldOut(part, 0.2, 7)].flatMap(([position, held]) => (held ? [position - from] : []));
  });
  expect(new Set(ranks.map((one) => one.join())).size).toBeGreaterThan(1);
});

test('labels that come a few at a time keep the share of all', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 30 }), share, fc.nat(), (sizes, held, seed) => {
      const before: boolean[] = [];
      for (const size of sizes) {
        const batch = Array.from({ length: size }, (_, index) => before.length + index);
        before.push(...drawHeldOut(batch, held, seed, before).values());
        const heldOut = before.filter(Boolean).length;
        expect(heldOut).toBe(Math.min(Math.round(held * before.length), before.length - 1));
      }
    }),
  );
});

test('nothing is drawn from nothing, and none at a share of 0', () => {
  expect(drawHeldOut([], 0.5, 1).size).toBe(0);
  expect([...drawHeldOut([4, 5, 6], 0, 1).values()]).toEqual([false, false, false]);
});
