import fc from 'fast-check';
import { expect, it } from 'vitest';
import { allocatePicks } from '../../../../src/selection/strategies/select-llm/allocate-picks.ts';

it.each([
  [[20, 20, 20], 12, [4, 4, 4]],
  [[20, 20, 20], 10, [4, 3, 3]],
  [[1, 5, 2], 7, [1, 4, 2]],
  [[3, 0, 3], 4, [2, 0, 2]],
  [[2], 2, [2]],
  [[4, 4], 0, [0, 0]],
])('shares among %j %d picks as %j', (sizes, count, picks) => {
  expect(allocatePicks(sizes, count)).toEqual(picks);
});

it('refuses more picks than there are candidates', () => {
  expect(() => allocatePicks([2, 3], 6)).toThrow(RangeError);
});

it('allocates exactly the count, within the sizes, and as evenly as they allow', () => {
  const sizesAndCount = fc
    .array(fc.nat({ max: 12 }), { minLength: 1, maxLength: 12 })
    .chain((sizes) => fc.tuple(fc.constant(sizes), fc.nat({ max: sizes.reduce((sum, size) => sum + size, 0) })));
  fc.assert(
    fc.property(sizesAndCount, ([sizes, count]) => {
      const picks = allocatePicks(sizes, count);
      expect(picks.reduce((sum, one) => sum + one, 0)).toBe(count);
      const most = Math.max(...picks);
      picks.forEach((one, query) => {
        expect(one).toBeLessThanOrEqual(sizes[query]!);
        // Who has two fewer than another is full.
        if (one < most - 1) expect(one).toBe(sizes[query]);
      });
    }),
  );
});
