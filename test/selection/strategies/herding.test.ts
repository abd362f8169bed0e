import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMatrixKernel, type OwnedMatrixKernel } from '../../../src/math/create-matrix-kernel.ts';
import { type EmbeddingMatrix, embeddingMatrix, rowOf, takeRows } from '../../../src/math/embedding-matrix.ts';
import { javascriptKernel } from '../../../src/math/javascript-kernel.ts';
import { herd, herdingStrategy } from '../../../src/selection/strategies/herding.ts';
import { NO_ROWS, randomRows, strategyContext } from '../../../src/testing/strategy-context.ts';

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, value, column) => sum + value * b[column]!, 0);

/** The paper's update as it is written: w ← w + μ − x, with the labeled rows as the first picks. */
function bruteForce(
  x: EmbeddingMatrix,
  count: number,
  labeled: EmbeddingMatrix,
  weights?: ArrayLike<number>,
): number[] {
  const rows = Array.from({ length: x.rows }, (_, row) => Array.from(rowOf(x, row)));
  const weightOf = (row: number) => weights?.[row] ?? 1;
  const total = rows.reduce((sum, _, row) => sum + weightOf(row), 0);
  const mean = rows[0]!.map((_, column) =>
    rows.reduce((sum, values, row) => sum + (weightOf(row) * values[column]!) / total, 0),
  );
  let w = mean;
  const herd = (chosen: ArrayLike<number>) => {
    w = w.map((value, column) => value + mean[column]! - chosen[column]!);
  };
  for (let row = 0; row < labeled.rows; row += 1) herd(rowOf(labeled, row));
  const order: number[] = [];
  while (order.length < count) {
    const free = [...rows.keys()].filter((row) => !order.includes(row));
    const best = free.reduce((first, row) => (dot(w, rows[row]!) > dot(w, rows[first]!) ? row : first));
    order.push(best);
    herd(rows[best]!);
  }
  return order;
}

describe('herding', () => {
  let kernel: OwnedMatrixKernel;
  beforeAll(async () => {
    kernel = await createMatrixKernel({ threads: 1 });
  });
  afterAll(() => kernel.release());

  const weightsOf = (rows: number) => Float64Array.from({ length: rows }, (_, row) => 1 + (row % 7));

  it.each([
    ['a pool', 90, [], false],
    ['a pool with labeled items', 90, [0, 1, 2, 41], false],
    ['a weighted pool with labeled items', 90, [3, 50], true],
    ['a pool that the native kernel multiplies', 1_500, [7], false],
  ] as const)("picks what the paper's update picks from %s", async (_, rows, labeled, weighted) => {
    const x = randomRows(rows, 3);
    const existing = takeRows(x, labeled);
    const weights = weighted ? weightsOf(rows) : undefined;
    const count = Math.min(rows, 150);
    const { order } = await herd(x, count, { kernel, existing, weights });
    expect([...order]).toEqual(bruteForce(x, count, existing, weights));
  });

  it('brings the mean of the picks nearer to the mean of the pool than random picks are', async () => {
    const x = randomRows(400, 5);
    const { order } = await herd(x, 20, { kernel: javascriptKernel, existing: NO_ROWS });
    const meanOf = (rows: readonly number[]) =>
      Array.from({ length: x.columns }, (_, column) =>
        dot(
          rows.map((row) => rowOf(x, row)[column]!),
          rows.map(() => 1 / rows.length),
        ),
      );
    const mean = meanOf([...Array(400).keys()]);
    const distance = (rows: readonly number[]) =>
      Math.hypot(...meanOf(rows).map((value, column) => value - mean[column]!));
    const first = distance([...Array(20).keys()]);
    expect(distance([...order])).toBeLessThan(first / 3);
  });

  it('gives ties to the lowest position, and picks duplicates only in turn', async () => {
    const directions = [0, 0, 1, 1];
    const data = Float32Array.from(directions.flatMap((direction) => [direction === 0 ? 1 : 0, direction]));
    const x = embeddingMatrix(data, 4, 2);
    const existing = embeddingMatrix(new Float32Array(0), 0, 2);
    const { order, toPool, toChosen } = await herd(x, 4, { kernel: javascriptKernel, existing });
    expect([...order]).toEqual([0, 2, 1, 3]);
    expect([...toPool]).toEqual([0.5, 0.5, 0.5, 0.5]);
    expect([...toChosen].map((value) => value.toFixed(3))).toEqual(['0.000', '0.000', '0.333', '0.250']);
  });

  it('picks each row once, for any rows, labels and weights', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: 5 }),
        fc.integer({ min: 1, max: 1_000 }),
        fc.boolean(),
        async (rows, labeled, seed, weighted) => {
          const x = randomRows(rows, seed);
          const existing = randomRows(labeled, seed + 1);
          const weights = weighted ? weightsOf(rows) : undefined;
          const { order } = await herd(x, rows, { kernel: javascriptKernel, existing, weights });
          expect([...order].sort((a, b) => a - b)).toEqual([...Array(rows).keys()]);
          expect([...order]).toEqual(bruteForce(x, rows, existing, weights));
        },
      ),
      { numRuns: 40, seed: 7 },
    );
  });

  it('names the similarity of a pick to the pool and to earlier picks', async () => {
    const prepared = await herdingStrategy.prepare(strategyContext(herdingStrategy, kernel, { count: 2 }));
    const [first, second] = (await prepared.select()).picks;
    expect(first!.reason).toMatch(/^Mean similarity 0\.\d{3} to the pool, 0\.000 to earlier picks$/);
    expect(second!.reason).not.toContain(', 0.000');
    expect(second!.score).toBeLessThan(first!.score!);
  });

  it('stops when interrupted', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    const herding = herd(randomRows(50), 5, { kernel: javascriptKernel, existing: NO_ROWS, signal });
    await expect(herding).rejects.toThrow('enough');
  });
});
