import { expect, it } from 'vitest';
import type { Instruction } from '../../../src/domain/instruction.ts';
import { picksByCategory } from '../../../src/runs/pick/picks-by-category.ts';

function pool(categories: readonly (string | undefined)[]): Instruction[] {
  return categories.map(
    (category, index): Instruction => ({
      id: String(index),
      instruction: `Do ${index}.`,
      record: {},
      meta: { ...(category && { category }) },
      source: { file: 'pool.jsonl', line: index + 1 },
    }),
  );
}

it('counts picks beside the pool, those picked from most first, of equals the larger one', () => {
  const instructions = pool(['a', 'b', 'b', 'c', 'c', 'c', undefined, 'd']);
  expect(picksByCategory(instructions, [0, 1, 3, 4, 6])).toEqual({
    field: 'category',
    count: 4,
    covered: 3,
    picked: 4,
    pool: 7,
    listed: [
      { name: 'c', picked: 2, pool: 3 },
      { name: 'b', picked: 1, pool: 2 },
      { name: 'a', picked: 1, pool: 1 },
      { name: 'd', picked: 0, pool: 1 },
    ],
  });
});

it('is nothing where the records name no categories', () => {
  expect(picksByCategory(pool([undefined, undefined]), [0])).toBeNull();
});

it('lists no more than twenty, however many there are', () => {
  const instructions = pool(Array.from({ length: 100 }, (_, index) => `category ${index >> 1}`));
  const result = picksByCategory(instructions, [98, 99]);
  expect(result).toMatchObject({ count: 50, covered: 1 });
  expect(result!.listed).toHaveLength(20);
  expect(result!.listed[0]).toEqual({ name: 'category 49', picked: 2, pool: 2 });
});
