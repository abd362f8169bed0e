import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coverage, coverageCurve } from '../../src/math/coverage.ts';
import { type EmbeddingMatrix, takeRows } from '../../src/math/embedding-matrix.ts';
import { squaredDistance } from '../../src/math/exact-distance.ts';
import { isolatedRows } from '../../src/math/isolated-rows.ts';
import { javascriptKernel as kernel } from '../../src/math/javascript-kernel.ts';
import type { MatrixKernel } from '../../src/math/matrix-kernel.ts';
import { nearestRows } from '../../src/math/nearest-rows.ts';
import { seededRandom } from '../../src/math/random.ts';
import { clusteredMatrix } from './matrices.ts';

/** Rows on a small grid: many are equal, and many as far from each other. */
const grid = (rows: { min: number; max: number }): fc.Arbitrary<EmbeddingMatrix> =>
  fc
    .array(fc.tuple(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -3, max: 3 })), {
      minLength: rows.min,
      maxLength: rows.max,
    })
    .map((points) => ({ data: Float32Array.from(points.flat()), rows: points.length, columns: 2 }));

/** Distances of a row to all rows of `among` but one, rising. */
function sortedDistances(x: EmbeddingMatrix, row: number, among: EmbeddingMatrix, except = -1): number[] {
  return Array.from({ length: among.rows }, (_, other) => other)
    .filter((other) => other !== except)
    .map((other) => Math.sqrt(squaredDistance(x, row, among, other)))
    .sort((a, b) => a - b);
}

describe('nearest rows', () => {
  it('are the k nearest of all, with their distances', async () => {
    await fc.assert(
      fc.asyncProperty(grid({ min: 1, max: 20 }), grid({ min: 4, max: 30 }), async (x, among) => {
        const near = await nearestRows(x, among, 3, { kernel });
        for (let row = 0; row < x.rows; row += 1) {
          const found = near.rows.slice(3 * row, 3 * row + 3);
          expect(new Set(found).size).toBe(3);
          expect([...near.distances.slice(3 * row, 3 * row + 3)]).toEqual(sortedDistances(x, row, among).slice(0, 3));
          for (const [place, other] of found.entries()) {
            expect(Math.sqrt(squaredDistance(x, row, among, other))).toBe(near.distances[3 * row + place]);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('leave out the row that is named, and take the lowest of equals', async () => {
    const x = { data: Float32Array.of(0, 0, 0, 5), rows: 4, columns: 1 };
    const near = await nearestRows(x, x, 2, { kernel, except: (row) => row });
    expect([...near.rows]).toEqual([1, 2, 0, 2, 0, 1, 0, 1]);
  });
});

describe('isolated rows', () => {
  it('are those with the farthest nearest other row, of equals the lowest, also where most are ruled out early', async () => {
    await fc.assert(
      fc.asyncProperty(
        grid({ min: 2, max: 40 }),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 8 }),
        async (x, firstRows, finishedRows) => {
          const found = await isolatedRows(x, 3, { kernel, random: seededRandom(1), firstRows, finishedRows });
          const all = Array.from({ length: x.rows }, (_, row) => {
            return { row, distance: sortedDistances(x, row, x, row)[0]! };
          });
          const expected = all.sort((a, b) => b.distance - a.distance || a.row - b.row).slice(0, 3);
          expect(found).toEqual({ exact: true, rows: expected });
        },
      ),
      { numRuns: 100 },
    );
  });

  it('are found without comparing most rows with all others', async () => {
    const x = clusteredMatrix(2_000, 16, 10, 0.2);
    let products = 0;
    const counting: MatrixKernel = {
      ...kernel,
      multiply: (a, b) => {
        products += a.rows * b.rows;
        return kernel.multiply(a, b);
      },
    };
    const options = { random: seededRandom(3), firstRows: 64, finishedRows: 16 };
    const found = await isolatedRows(x, 5, { ...options, kernel: counting });
    const near = await nearestRows(x, x, 1, { kernel, except: (row) => row });
    expect(found.rows.map(({ distance }) => distance)).toEqual([...near.distances].sort((a, b) => b - a).slice(0, 5));
    expect(products).toBeLessThan(x.rows ** 2 / 3);
  });

  it('are said not to be certain where comparing was cut short', async () => {
    const random = seededRandom(2);
    const data = Float32Array.from({ length: 600 * 8 }, () => random.float());
    const options = { kernel, random, firstRows: 4, finishedRows: 8 };
    const x = { data, rows: 600, columns: 8 };
    expect(await isolatedRows(x, 2, { ...options, mostComparisons: 600 })).toMatchObject({ exact: false });
    expect(await isolatedRows(x, 2, options)).toMatchObject({ exact: true });
  });

  it('there are none of a single row', async () => {
    const x = { data: Float32Array.of(1), rows: 1, columns: 1 };
    expect(await isolatedRows(x, 3, { kernel, random: seededRandom(1) })).toEqual({ rows: [], exact: true });
  });
});

it('a coverage curve is the coverage of the first centres, at every number of them', async () => {
  await fc.assert(
    fc.asyncProperty(grid({ min: 1, max: 30 }), grid({ min: 6, max: 6 }), async (x, centers) => {
      const counts = [1, 2, 5, 6];
      const curve = await coverageCurve(x, centers, counts, { kernel });
      for (const [index, count] of counts.entries()) {
        const { radius, meanDistance } = await coverage(
          x,
          takeRows(centers, [...centers.data.keys()].slice(0, count)),
          {
            kernel,
          },
        );
        expect(curve[index]!.radius).toBe(radius);
        expect(curve[index]!.meanDistance).toBeCloseTo(meanDistance, 10);
      }
    }),
    { numRuns: 50 },
  );
});
