import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coverage } from '../../src/math/coverage.ts';
import { coveringSample } from '../../src/math/covering-sample.ts';
import { embeddingMatrix, takeRows } from '../../src/math/embedding-matrix.ts';
import { seededRandom } from '../../src/math/random.ts';
import { oneThread, plain } from './kernels.ts';
import { clusteredMatrix, gridMatrix, weightsFor } from './matrices.ts';

describe('coveringSample', () => {
  it('gives as many distinct positions as are asked for, ascending, and all where there are no more', async () => {
    const instance = gridMatrix().chain((x) => fc.tuple(fc.constant(x), weightsFor(x.rows)));
    await fc.assert(
      fc.asyncProperty(instance, fc.nat({ max: 40 }), fc.nat(), async ([x, weights], count, seed) => {
        const sample = await coveringSample(x, count, { kernel: plain, random: seededRandom(seed), weights });
        expect(sample).toHaveLength(Math.min(count, x.rows));
        expect([...new Set(sample)].sort((a, b) => a - b)).toEqual([...sample]);
        expect([...sample].every((row) => row >= 0 && row < x.rows)).toBe(true);
      }),
    );
  });

  it('covers better than as many rows drawn at random, with as few rows of each group', async () => {
    const x = clusteredMatrix(2_000, 24, 40, 0.3);
    const sample = await coveringSample(x, 40, { kernel: oneThread, random: seededRandom(1) });
    const drawn = seededRandom(2)
      .shuffle([...Array(x.rows).keys()])
      .slice(0, 40);
    const meanOf = async (rows: ArrayLike<number>) =>
      (await coverage(x, takeRows(x, rows), { kernel: oneThread })).meanDistance;
    expect(await meanOf(sample)).toBeLessThan(0.9 * (await meanOf(drawn)));
  });

  it('leaves out what existing rows cover', async () => {
    const x = embeddingMatrix(Float32Array.from([0, 0.125, 0.25, 5, 5.25, 9]), 6, 1);
    const existing = embeddingMatrix(Float32Array.from([0.125]), 1, 1);
    const options = { kernel: plain, random: seededRandom(1), existing };
    expect([...(await coveringSample(x, 2, options))]).toEqual([3, 5]);
  });

  it('is the same for the same stream', async () => {
    const x = clusteredMatrix(300, 8, 20, 0.5);
    const run = (seed: number) => coveringSample(x, 30, { kernel: oneThread, random: seededRandom(seed) });
    expect(await run(1)).toEqual(await run(1));
    expect(await run(1)).not.toEqual(await run(2));
  });
});
