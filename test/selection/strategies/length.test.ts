import { describe, expect, it } from 'vitest';
import { javascriptKernel } from '../../../src/math/javascript-kernel.ts';
import { lengthStrategy } from '../../../src/selection/strategies/length.ts';
import type { StrategyOptions } from '../../../src/selection/strategies/strategy.ts';
import { normalizeOptions } from '../../../src/selection/strategies/strategy-options.ts';
import { instructionOf, strategyContext } from '../../../src/testing/strategy-context.ts';

const instructions = [
  instructionOf('one two three', 0),
  instructionOf('one', 1, 'two three, four'),
  instructionOf('a-long-single-address-without-spaces', 2),
  instructionOf('...', 3),
  instructionOf('one two', 4, 'three four'),
  instructionOf('one', 5),
];

async function select(options: StrategyOptions, candidates?: readonly number[]) {
  const count = candidates?.length ?? instructions.length;
  const given = { count, instructions, options, ...(candidates ? { candidates } : {}) };
  return (await (await lengthStrategy.prepare(strategyContext(lengthStrategy, javascriptKernel, given))).select())
    .picks;
}

describe('length', () => {
  it('picks the longest first, inputs included, ties at the lowest position', async () => {
    const picks = await select({});
    expect(picks.map(({ position, score }) => [position, score])).toEqual([
      [2, 6],
      [1, 4],
      [4, 4],
      [0, 3],
      [5, 1],
      [3, 0],
    ]);
    expect(picks[0]!.reason).toBe('Among the longest: 6 words');
  });

  it('picks the shortest first when preferred', async () => {
    const picks = await select({ prefer: 'shortest' });
    expect(picks.map(({ position }) => position)).toEqual([3, 5, 0, 1, 4, 2]);
    expect(picks[1]!.reason).toBe('Among the shortest: 1 word');
  });

  it('picks candidates only', async () => {
    expect((await select({}, [0, 3, 4])).map(({ position }) => position)).toEqual([4, 0, 3]);
  });

  it('refuses other preferences', () => {
    expect(() => normalizeOptions(lengthStrategy, { prefer: 'middle' })).toThrow(
      'prefer must be one of longest, shortest.',
    );
  });
});
