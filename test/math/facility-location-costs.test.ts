import { afterAll, expect, it } from 'vitest';
import { createMatrixKernel } from '../../src/math/create-matrix-kernel.ts';
import { type EmbeddingMatrix, rowOf } from '../../src/math/embedding-matrix.ts';
import { facilityLocation } from '../../src/math/facility-location.ts';
import { seededRandom } from '../../src/math/random.ts';

const kernel = await createMatrixKernel();
afterAll(() => kernel.release());

function unitVectors(rows: number, columns: number, seed: number): EmbeddingMatrix {
  const random = seededRandom(seed, 'vectors');
  const data = Float32Array.from({ length: rows * columns }, () => random.float() - 0.5);
  const matrix = { data, rows, columns };
  for (let row = 0; row < rows; row += 1) {
    const vector = rowOf(matrix, row);
    const length = Math.hypot(...vector);
    for (let i = 0; i < columns; i += 1) vector[i]! /= length;
  }
  return matrix;
}

/** Of every row that is left the gain for its cost, one by one. */
function byBruteForce(x: EmbeddingMatrix, count: number, costs: Float64Array): number[] {
  const similarity = (i: number, j: number) =>
    (1 + rowOf(x, i).reduce((sum, value, column) => sum + value * rowOf(x, j)[column]!, 0)) / 2;
  const covered = new Float64Array(x.rows);
  const order: number[] = [];
  while (order.length < count) {
    let best = -1;
    let most = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < x.rows; j += 1) {
      if (order.includes(j)) continue;
      let gain = 0;
      for (let i = 0; i < x.rows; i += 1) gain += Math.max(0, similarity(i, j) - covered[i]!);
      if (gain / costs[j]! > most + 1e-9) [best, most] = [j, gain / costs[j]!];
    }
    order.push(best);
    for (let i = 0; i < x.rows; i += 1) covered[i] = Math.max(covered[i]!, similarity(i, best));
  }
  return order;
}

it('with costs picks what gains most for its cost, as trying every row does', async () => {
  const random = seededRandom(3, 'costs');
  for (const seed of [1, 2, 3]) {
    const x = unitVectors(60, 8, seed);
    const costs = Float64Array.from({ length: 60 }, () => 0.5 + 4 * random.float());
    const { order } = await facilityLocation(x, 12, { kernel, costs });
    expect([...order]).toEqual(byBruteForce(x, 12, costs));
  }
});

it('equal costs change nothing, and lower ones attract', async () => {
  const x = unitVectors(60, 8, 4);
  const plain = await facilityLocation(x, 10, { kernel });
  const equal = await facilityLocation(x, 10, { kernel, costs: new Float64Array(60).fill(3) });
  expect([...equal.order]).toEqual([...plain.order]);
  expect([...equal.gains]).toEqual([...plain.gains]);
  const cheap = [...Array(60).keys()].filter((row) => !plain.order.includes(row))[0]!;
  const costs = new Float64Array(60).fill(3).with(cheap, 0.01);
  expect((await facilityLocation(x, 1, { kernel, costs })).order[0]).toBe(cheap);
});

it('refuses costs that are none', async () => {
  const x = unitVectors(5, 4, 5);
  await expect(facilityLocation(x, 1, { kernel, costs: new Float64Array(4).fill(1) })).rejects.toThrow('expected 5');
  await expect(facilityLocation(x, 1, { kernel, costs: new Float64Array(5) })).rejects.toThrow('must be above 0');
});
