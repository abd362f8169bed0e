import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InterruptedError } from '../../../../src/domain/errors.ts';
import { createMatrixKernel, type OwnedMatrixKernel } from '../../../../src/math/create-matrix-kernel.ts';
import { dotProduct } from '../../../../src/math/exact-distance.ts';
import { appraise } from '../../../../src/models/offline/appraise.ts';
import { offlineClient } from '../../../../src/models/providers/offline-client.ts';
import { selectLlmStrategy } from '../../../../src/selection/strategies/select-llm/select-llm.ts';
import type { StrategyContext } from '../../../../src/selection/strategies/strategy.ts';
import { strategyContext } from '../../../../src/testing/strategy-context.ts';

let kernel: OwnedMatrixKernel;
beforeAll(async () => {
  kernel = await createMatrixKernel({ threads: 1 });
});
afterAll(() => kernel.release());

/** In each query in turn, the largest gain in coverage of the whole pool × (½ + value), by plain loops. */
function expectedPicks({ embeddings, candidates, instructions, journal }: StrategyContext): number[][] {
  const best = new Map(candidates.map((position) => [position, -1]));
  const cosine = (a: number, b: number) => dotProduct(embeddings, a, embeddings, b);
  const gain = (one: number) =>
    candidates.reduce((sum, position) => sum + Math.max(0, cosine(position, one) - best.get(position)!), 0);
  return journal.loadQueries()!.map(({ positions, picks }) => {
    const chosen: number[] = [];
    while (chosen.length < picks) {
      const open = positions.filter((position) => !chosen.includes(position));
      const score = (one: number) => gain(one) * (0.5 + appraise(instructions[one]!).value);
      const next = open.reduce((leader, one) => (score(one) > score(leader) ? one : leader));
      chosen.push(next);
      for (const position of candidates) best.set(position, Math.max(best.get(position)!, cosine(position, next)));
    }
    return chosen;
  });
}

const picksByQuery = async (given: StrategyContext) => {
  const { picks } = await (await selectLlmStrategy.prepare(given)).select();
  return given.journal
    .loadQueries()!
    .map(({ number }) => picks.filter(({ query }) => query === number).map(({ position }) => position));
};

describe('the offline stand-in of selectllm', () => {
  it('takes what adds most to the coverage of the whole pool after earlier queries, times ½ + value', async () => {
    const given = strategyContext(selectLlmStrategy, kernel, {
      count: 16,
      // Not all of the pool is shown.
      options: { perQuery: 4, itemsPerQuery: 9 },
    });
    const chosen = await picksByQuery(given);
    expect(chosen).toHaveLength(4);
    expect(chosen).toEqual(expectedPicks(given));
  });

  it('chooses the same after an interrupt as without one', async () => {
    const options = { count: 20, options: { perQuery: 2 } };
    const whole = await picksByQuery(strategyContext(selectLlmStrategy, kernel, options));
    const stop = new AbortController();
    const client = offlineClient();
    let calls = 0;
    const interrupted = strategyContext(
      selectLlmStrategy,
      kernel,
      { ...options, signal: stop.signal },
      {
        ...client,
        complete: async (request, signal) => {
          calls += 1;
          if (calls === 4) stop.abort(new InterruptedError());
          return client.complete(request, signal);
        },
      },
    );
    const { asked } = await (await selectLlmStrategy.prepare(interrupted)).select();
    expect(asked).toMatchObject({ stopped: { by: 'interrupt' } });
    expect(asked!.chosen).toBeLessThan(10);
    const { journal } = interrupted;
    expect(await picksByQuery(strategyContext(selectLlmStrategy, kernel, { ...options, journal }))).toEqual(whole);
  });
});
