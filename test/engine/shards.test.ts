import { describe, expect, it } from 'vitest';
import { cutIntoShards, inProcessExecutor, SHARD_ROWS } from '../../src/engine/shards.ts';
import { coverage } from '../../src/math/coverage.ts';
import { takeRows } from '../../src/math/embedding-matrix.ts';
import { kCenter } from '../../src/math/k-center.ts';
import { kMeans } from '../../src/math/k-means.ts';
import { seededRandom } from '../../src/math/random.ts';
import { backwards } from '../math/executors.ts';
import { oneThread } from '../math/kernels.ts';
import { looseMatrix } from '../math/matrices.ts';

describe('shards', () => {
  it('cut rows at fixed places, without a rest', () => {
    expect(cutIntoShards(0)).toEqual([]);
    expect(cutIntoShards(SHARD_ROWS)).toEqual([{ start: 0, rows: SHARD_ROWS }]);
    expect(cutIntoShards(SHARD_ROWS + 1)).toEqual([
      { start: 0, rows: SHARD_ROWS },
      { start: SHARD_ROWS, rows: 1 },
    ]);
  });

  it('come back in their order', async () => {
    const shards = cutIntoShards(3 * SHARD_ROWS);
    expect(await inProcessExecutor.map(shards, ({ start }) => start)).toEqual(shards.map(({ start }) => start));
  });

  it('gives the same results in any order of work', async () => {
    const x = looseMatrix(2 * SHARD_ROWS + 77, 3, 1);
    const outlier = x.rows - 1;
    x.data[outlier * x.columns] = 5;
    const results = await Promise.all(
      [inProcessExecutor, backwards].map(async (executor) => {
        const options = { kernel: oneThread, executor };
        const clustering = await kMeans(x, 9, { ...options, random: seededRandom(1), maxIterations: 5 });
        const weights = Float64Array.from({ length: x.rows }, (_, row) => 1 + (row % 3));
        const weighted = await kMeans(x, 9, { ...options, weights, random: seededRandom(1), maxIterations: 5 });
        const cover = await kCenter(x, 40, { ...options, existing: takeRows(x, [5]) });
        return {
          centers: [...clustering.centers.data],
          inertia: clustering.inertia,
          weighted: [weighted.inertia, ...weighted.centers.data],
          order: [...cover.order],
          radius: cover.radius,
          coverage: await coverage(x, clustering.centers, options),
        };
      }),
    );
    expect(results[1]).toEqual(results[0]);
    expect(results[0]!.order[0]).toBe(outlier);
  });
});
