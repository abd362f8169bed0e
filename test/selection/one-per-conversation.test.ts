import { expect, it } from 'vitest';
import { onePerConversation } from '../../src/selection/one-per-conversation.ts';

const items = [
  { conversation: 'a' },
  { conversation: 'a' },
  {},
  { conversation: 'b' },
  { conversation: 'b' },
  { conversation: 'c' },
];
const open = [0, 1, 2, 3, 4, 5];

it('keeps one item of each conversation, and all that name none', () => {
  const kept = onePerConversation(open, items, [], 7);
  expect(kept).toHaveLength(4);
  expect(kept.filter((position) => position < 2)).toHaveLength(1);
  expect(kept).toContain(2);
  expect(onePerConversation(open, items, [], 7)).toEqual(kept);
});

it('draws another one with another seed', () => {
  const drawn = Array.from({ length: 20 }, (_, seed) => onePerConversation(open, items, [], seed).join());
  expect(new Set(drawn).size).toBeGreaterThan(1);
});

it('keeps none of a conversation with a taken item', () => {
  expect(onePerConversation([1, 2, 4, 5], items, [0, 3], 0)).toEqual([2, 5]);
});

it('leaves a pool without conversations as it is', () => {
  expect(
    onePerConversation(
      open,
      items.map(() => ({})),
      [0],
      0,
    ),
  ).toBe(open);
});
