import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { embeddingMatrix, takeRows } from '../../src/math/embedding-matrix.ts';
import { seededRandom } from '../../src/math/random.ts';
import { clusterRepresentatives } from '../../src/math/representatives.ts';
import { oneThread } from './kernels.ts';
import { clusteredMatrix, gridMatrix } from './matrices.ts';

const options = (seed = 0) => ({ kernel: oneThread, random: seededRandom(seed, 'test') });
const matrix = (...rows: number[][]) => embeddingMatrix(Float32Array.from(rows.flat()), rows.length, rows[0]!.length);

describe('clusterRepresentatives', () => {
  it('takes of each cluster the row nearest to its centre, the largest cluster first', async () => {
    const x = matrix([10, 0], [0, 0], [2, 0], [1, 0], [11, 0]);
    expect(await clusterRepresentatives(x, 2, options())).toEqual([
      { row: 3, distance: 0, clusterSize: 3, clusterShare: 0.6 },
      // Both are as near: the lower row.
      { row: 0, distance: 0.5, clusterSize: 2, clusterShare: 0.4 },
    ]);
  });

  it('does not buy again what fixed centres cover', async () => {
    const x = matrix([0, 0], [0.1, 0], [5, 0], [5.25, 0], [9, 9], [9, 9.1]);
    const fixedCenters = matrix([0, 0.1], [9.1, 9]);
    const chosen = await clusterRepresentatives(x, 1, { ...options(), fixedCenters });
    expect(chosen).toEqual([{ row: 2, distance: 0.125, clusterSize: 2, clusterShare: 1 / 3 }]);
  });

  it('puts the heaviest cluster first, and takes the row nearest to its weighted centre', async () => {
    const x = matrix([10, 0], [0, 0], [2, 0], [1, 0], [11, 0]);
    const weights = Float64Array.of(1, 1, 1, 1, 4);
    const chosen = await clusterRepresentatives(x, 2, { ...options(), weights });
    expect(chosen).toMatchObject([
      { row: 4, clusterSize: 2, clusterShare: 5 / 8 },
      { row: 3, clusterSize: 3, clusterShare: 3 / 8 },
    ]);
    expect(chosen[0]!.distance).toBeCloseTo(0.2, 6);
  });

  it('fills up with rows where there are fewer different ones than are wanted, and tells their distance', async () => {
    const x = matrix([1, 0], [1, 0], [1, 0], [0, 1]);
    const chosen = await clusterRepresentatives(x, 4, options());
    expect(chosen.map(({ row }) => row).sort()).toEqual([0, 1, 2, 3]);
    expect(chosen.map(({ distance }) => distance)).toEqual([0, 0, 0, 0]);
    const fixedCenters = matrix([1, 0], [0, 1]);
    const covered = await clusterRepresentatives(x, 2, { ...options(), fixedCenters });
    expect(covered.map(({ distance }) => distance)).toEqual([0, 0]);
  });

  it('gives exactly the count of distinct rows, with true distances, by falling cluster size', async () => {
    await fc.assert(
      fc.asyncProperty(gridMatrix(), fc.nat(), fc.nat({ max: 3 }), async (x, wanted, fixed) => {
        const count = (wanted % x.rows) + 1;
        const fixedCenters = takeRows(x, [0, 1, 2].slice(0, Math.min(fixed, x.rows)));
        const chosen = await clusterRepresentatives(x, count, { ...options(wanted), fixedCenters });
        expect(new Set(chosen.map(({ row }) => row)).size).toBe(count);
        expect(chosen).toHaveLength(count);
        const sizes = chosen.map(({ clusterSize }) => clusterSize);
        expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
        for (const { row, distance } of chosen) {
          expect(row).toBeLessThan(x.rows);
          expect(distance).toBeGreaterThanOrEqual(0);
          expect(distance).toBeLessThan(10);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('is the same for the same seed', async () => {
    const x = clusteredMatrix(80, 6, 8, 0.4);
    expect(await clusterRepresentatives(x, 12, options(3))).toEqual(await clusterRepresentatives(x, 12, options(3)));
  });

  it('refuses more than there are rows', async () => {
    await expect(clusterRepresentatives(matrix([1, 0]), 2, options())).rejects.toThrow(RangeError);
  });
});
