import { expect, it } from 'vitest';
import { javascriptKernel } from '../../../src/math/javascript-kernel.ts';
import { asksLlm } from '../../../src/selection/strategies/llm-use.ts';
import { openEndednessStrategy } from '../../../src/selection/strategies/open-endedness.ts';
import { normalizeOptions } from '../../../src/selection/strategies/strategy-options.ts';
import { instructionsOf, measureOf, strategyContext } from '../../../src/testing/strategy-context.ts';

it('picks the instructions with the most varied answers, ties in the order of the pool', async () => {
  const pairs = [10, 300, 0, 300, 25];
  const context = strategyContext(openEndednessStrategy, javascriptKernel, {
    count: 4,
    instructions: instructionsOf(pairs.length),
    measures: new Map([['open-endedness', measureOf((position) => pairs[position]!, 7)]]),
  });
  const { picks } = await (await openEndednessStrategy.prepare(context)).select();
  expect(picks.map(({ position, score }) => [position, score])).toEqual([
    [1, 300],
    [3, 300],
    [4, 25],
    [0, 10],
  ]);
  expect(picks[0]).toMatchObject({ reason: 'it is 300.00', costMicroUsd: 7, model: 'test-model' });
});

it('counts over three answers by default, or from 1 to 100', () => {
  expect(normalizeOptions(openEndednessStrategy, {})).toEqual({ generations: 3 });
  expect(normalizeOptions(openEndednessStrategy, { generations: '5' })).toEqual({ generations: 5 });
  for (const generations of [0, 1.5, 101, 'many']) {
    expect(() => normalizeOptions(openEndednessStrategy, { generations })).toThrow('generations must be');
  }
});

it('needs a real LLM', () => {
  const options = normalizeOptions(openEndednessStrategy, {});
  expect(asksLlm(openEndednessStrategy, options, { writing: 'openai', judging: 'offline' })).toBe(true);
  expect(() => asksLlm(openEndednessStrategy, options, { writing: 'offline', judging: 'offline' })).toThrow(
    'The offline stand-in cannot answer',
  );
});
