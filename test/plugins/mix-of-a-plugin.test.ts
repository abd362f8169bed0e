import { expect, it } from 'vitest';
import { createMatrixKernel } from '../../src/math/create-matrix-kernel.ts';
import { randomStrategy } from '../../src/selection/strategies/random.ts';
import { STRATEGIES } from '../../src/selection/strategies/registry.ts';
import { randomRows, strategyContext } from '../../src/testing/strategy-context.ts';

it('a mix takes strategies of plugins, and is short where one of them is', async () => {
  STRATEGIES.add({
    ...randomStrategy,
    name: 'lazy',
    prepare: async () => ({ plan: { notes: [] }, select: async () => ({ picks: [] }) }),
  });
  const mix = STRATEGIES.find('mix');
  const kernel = await createMatrixKernel({ threads: 1 });
  const given = { count: 20, embeddings: randomRows(60), options: { mix: 'lazy:50,random:50' } };
  const { picks } = await (await mix.prepare(strategyContext(mix, kernel, given))).select();
  expect(picks).toHaveLength(10);
  await kernel.release();
});
