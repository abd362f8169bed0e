import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMatrixKernel, type OwnedMatrixKernel } from '../../../src/math/create-matrix-kernel.ts';
import { embeddingMatrix, takeRows } from '../../../src/math/embedding-matrix.ts';
import { deitaStrategy } from '../../../src/selection/strategies/deita.ts';
import { normalizeOptions } from '../../../src/selection/strategies/strategy-options.ts';
import { instructionsOf, measureOf, strategyContext } from '../../../src/testing/strategy-context.ts';
import { dollyEmbeddings, hasDolly3k, readGolden } from '../../math/dolly-3k.ts';

/** Cosine 0.8 from one to the next, 0.28 to the one after. */
const FAN = embeddingMatrix(Float32Array.from([1, 0, 0.8, 0.6, 0.28, 0.96, -0.352, 0.936]), 4, 2);

describe('deita', () => {
  let kernel: OwnedMatrixKernel;
  beforeAll(async () => {
    kernel = await createMatrixKernel({ threads: 1 });
  });
  afterAll(() => kernel.release());

  it.skipIf(!hasDolly3k)('picks like the reference, in its order', async () => {
    const golden = readGolden<{ complexity: number[]; quality: number[]; selected: number[]; threshold: number }>(
      'deita.json',
    );
    const context = strategyContext(deitaStrategy, kernel, {
      count: golden.selected.length,
      instructions: instructionsOf(golden.quality.length),
      embeddings: dollyEmbeddings(),
      options: { threshold: golden.threshold },
      measures: new Map([
        ['complexity', measureOf((position) => golden.complexity[position]!)],
        ['response-quality', measureOf((position) => golden.quality[position]!)],
      ]),
    });
    const { picks } = await (await deitaStrategy.prepare(context)).select();
    expect(picks.map(({ position }) => position)).toEqual(golden.selected);
  });

  const select = async (count: number, threshold: number, labeled: readonly number[] = []) => {
    const complexity = [3, 2, 2, 1];
    const quality = [2, 4, 2, 6];
    const context = strategyContext(deitaStrategy, kernel, {
      count,
      instructions: instructionsOf(4),
      embeddings: FAN,
      labeled: takeRows(FAN, labeled),
      candidates: [0, 1, 2, 3].filter((position) => !labeled.includes(position)),
      options: { threshold },
      measures: new Map([
        ['complexity', measureOf((position) => complexity[position]!)],
        ['response-quality', measureOf((position) => quality[position]!)],
      ]),
    });
    return (await (await deitaStrategy.prepare(context)).select()).picks;
  };

  it('sums over the turns of conversations', async () => {
    const measures = new Map([
      ['complexity', measureOf((position) => [3, 2, 2, 1][position]!)],
      ['response-quality', measureOf((position) => [2, 4, 2, 6][position]!)],
      ['earlier-turns', measureOf((position) => [0, 0, 9, 0.5][position]!)],
    ]);
    const options = { threshold: 1 };
    const context = strategyContext(deitaStrategy, kernel, {
      count: 3,
      instructions: instructionsOf(4),
      embeddings: FAN,
      options,
      measures,
    });
    const { picks } = await (await deitaStrategy.prepare(context)).select();
    expect(picks.map(({ position, score }) => [position, score])).toEqual([
      [2, 13],
      [1, 8],
      [3, 6.5],
    ]);
    expect(
      deitaStrategy.measures(normalizeOptions(deitaStrategy, {}), { hasResponses: true, hasEarlierTurns: true }),
    ).toEqual(['complexity', 'response-quality', 'earlier-turns']);
  });

  it('ranks by complexity × quality, ties to the first, and skips similar items', async () => {
    expect((await select(4, 1)).map(({ position, score }) => [position, score])).toEqual([
      [1, 8],
      [0, 6],
      [3, 6],
      [2, 4],
    ]);
    const [first, second] = await select(2, 0.7);
    // 0 and 2 are within 0.7 of 1.
    expect([first!.position, second!.position]).toEqual([1, 3]);
    expect(second!.reason).toBe('Complexity 1.0 × quality 6.0; it is 1.00; it is 6.00');
  });

  it('picks nothing similar to labeled items', async () => {
    expect((await select(1, 0.7, [1])).map(({ position }) => position)).toEqual([3]);
  });

  it('reports how many differ enough, when they are too few', async () => {
    await expect(select(3, 0.7)).rejects.toMatchObject({
      code: 'NOT_ENOUGH',
      message: 'You asked for 3 instructions, but only 2 of 4 differ enough: no two may have a cosine above 0.7.',
      hint: 'Raise threshold or lower count.',
    });
  });

  it('refuses a threshold outside the range of cosines', () => {
    expect(() => normalizeOptions(deitaStrategy, { threshold: 1.5 })).toThrow('threshold must be a cosine');
  });
});
