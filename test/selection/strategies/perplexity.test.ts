import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMatrixKernel, type OwnedMatrixKernel } from '../../../src/math/create-matrix-kernel.ts';
import { asksLlm } from '../../../src/selection/strategies/llm-use.ts';
import { perplexityStrategy } from '../../../src/selection/strategies/perplexity.ts';
import { normalizeOptions } from '../../../src/selection/strategies/strategy-options.ts';
import { instructionsOf, measureOf, strategyContext } from '../../../src/testing/strategy-context.ts';

let kernel: OwnedMatrixKernel;
beforeAll(async () => {
  kernel = await createMatrixKernel({ threads: 1 });
});
afterAll(() => kernel.release());

async function select(logprobs: readonly number[], count: number, prefer?: string, candidates?: readonly number[]) {
  const context = strategyContext(perplexityStrategy, kernel, {
    count,
    instructions: instructionsOf(logprobs.length),
    measures: new Map([['likelihood', measureOf((position) => logprobs[position]!)]]),
    options: prefer === undefined ? {} : { prefer },
    ...(candidates ? { candidates } : {}),
  });
  return (await (await perplexityStrategy.prepare(context)).select()).picks;
}
const positions = async (...given: Parameters<typeof select>) =>
  (await select(...given)).map(({ position }) => position);

describe('perplexity', () => {
  const LOGPROBS = [-3, -1, -5, -2, -4];

  it.each([
    ['high', [2, 4, 0, 3, 1]],
    ['low', [1, 3, 0, 4, 2]],
    // The median first, then its neighbours on either side in turn.
    ['middle', [0, 3, 4, 1, 2]],
  ])('picks %s perplexities in the right order', async (prefer, order) => {
    expect(await positions(LOGPROBS, 5, prefer)).toEqual(order);
  });

  it('prefers the middle by rank, as many above as below', async () => {
    expect(await positions([-1, -1.1, -1.2, -50, -900, -901], 4)).toEqual([2, 3, 1, 4]);
  });

  it.each(['high', 'low', 'middle'])('picks equal ones in the order of the pool: %s', async (prefer) => {
    expect(await positions([-2, -2, -2, -2, -2, -2], 3, prefer)).toEqual([0, 1, 2]);
    expect(await positions([-9, -2, -2, -2, -2, -1], 2, 'middle')).toEqual([1, 2]);
  });

  it('finds the middle of what was measured, not of the pool', async () => {
    expect(await positions([-1, -2, -3, -4, -5, Number.NaN], 1, 'middle', [2, 3, 4, 5])).toEqual([3]);
  });

  it('scores by the perplexity and names it in the reason', async () => {
    const [pick] = await select(LOGPROBS, 1, 'high');
    expect(pick).toMatchObject({ score: Math.exp(5), model: 'test-model' });
    expect(pick!.reason).toBe('Perplexity 148, among the highest; it is -5.00');
  });

  it('has a finite score even for probability 0', async () => {
    const [pick] = await select([-9_999, -1], 1, 'high');
    expect(pick!.score).toBe(Number.MAX_VALUE);
    expect(pick!.reason).toContain('Perplexity 1,000,000,000,000,');
  });

  it('refuses other preferences', () => {
    expect(() => normalizeOptions(perplexityStrategy, { prefer: 'best' })).toThrow(
      'prefer must be one of high, low, middle.',
    );
  });

  it('asks an LLM only if the provider returns log-probabilities', () => {
    const asks = (provider: 'offline' | 'compatible' | 'openai' | 'anthropic') =>
      asksLlm(perplexityStrategy, { prefer: 'middle' }, { writing: provider, judging: provider });
    expect(asks('offline')).toBe(false);
    expect(asks('compatible')).toBe(true);
    for (const provider of ['openai', 'anthropic'] as const) {
      expect(() => asks(provider)).toThrow(
        expect.objectContaining({
          code: 'USAGE',
          message: `Perplexity needs the log-probabilities of prompts, and ${provider} does not return them.`,
          hint: expect.stringContaining('"offline"'),
        }),
      );
    }
  });
});
