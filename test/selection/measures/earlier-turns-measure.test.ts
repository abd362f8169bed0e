import { expect, it } from 'vitest';
import { CRITERIA } from '../../../src/selection/judges/criteria.ts';
import type { Judge, JudgedItem } from '../../../src/selection/judges/judge.ts';
import { earlierTurnsMeasure } from '../../../src/selection/measures/earlier-turns-measure.ts';
import { instructionOf } from '../../../src/testing/strategy-context.ts';

const seen: JudgedItem[] = [];

/** Scores a turn by the number in its request, or in its answer. */
function judgeBy(name: string, part: 'instruction' | 'response'): Judge {
  const free = { expected: 0, worstCase: 0 };
  return {
    ...{ criterion: CRITERIA.find(name), name, shortName: name, concurrency: 1 },
    judge: async (item) => {
      seen.push(item);
      return { score: Number(/\d+/.exec(item[part]!)![0]), reason: 'a number', model: 'm', costMicroUsd: 5 };
    },
    estimate: () => ({ calls: { expected: 1, worstCase: 2 }, tokens: free, costMicroUsd: free }),
  };
}

const before = [
  { role: 'system', text: 'Be brief.' },
  { role: 'user', text: 'Ask 2' },
  { role: 'assistant', text: 'Answer 3' },
  { role: 'user', text: 'Ask 4' },
  { role: 'assistant', text: 'Answer 5' },
  { role: 'user', text: 'No answer 9' },
] as const;
const items = [{ ...instructionOf('Last 7', 0), context: { before } }, instructionOf('Alone', 1)];
const measure = earlierTurnsMeasure(
  judgeBy('complexity', 'instruction'),
  judgeBy('response-quality', 'response'),
  items,
);

it('sums complexity × quality over the earlier turns, each with what was said before it', async () => {
  const { values, costMicroUsd } = await measure.measure([0, 1], { generation: 0 });
  expect([...values]).toEqual([2 * 3 + 4 * 5, 0]);
  expect(costMicroUsd).toEqual([20, 0]);
  expect(seen.at(-1)).toEqual({ instruction: 'Ask 4', response: 'Answer 5', context: { before: before.slice(0, 3) } });
});

it('judges the answer that follows calls of tools, with the calls', async () => {
  const called = [
    { role: 'user', text: 'Ask 6' },
    { role: 'assistant', text: '', toolCalls: [{ name: 'look', arguments: '{}' }] },
    { role: 'tool', text: 'Found 100' },
    { role: 'assistant', text: 'Answer 7' },
  ] as const;
  const tools = [{ name: 'look' }];
  const item = { ...instructionOf('Last 7', 0), context: { before: called, tools } };
  const withTools = earlierTurnsMeasure(judgeBy('complexity', 'instruction'), judgeBy('response-quality', 'response'), [
    item,
  ]);
  expect([...(await withTools.measure([0], { generation: 0 })).values]).toEqual([6 * 7]);
  expect(seen.at(-1)).toEqual({
    ...{ instruction: 'Ask 6', response: 'Answer 7' },
    context: { before: [], after: called.slice(1, 3), tools },
  });
});

it('estimates two judgments a turn', async () => {
  expect((await measure.estimate([0, 1], { generation: 0 })).calls).toEqual({ expected: 4, worstCase: 8 });
});
