import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EmbeddingMatrix, embeddingMatrix, rowOf, takeRows } from '../../../src/math/embedding-matrix.ts';
import { javascriptKernel } from '../../../src/math/javascript-kernel.ts';
import { seededRandom } from '../../../src/math/random.ts';
import { novelRows, novelselectStrategy } from '../../../src/selection/strategies/novelselect.ts';
import { NO_ROWS, randomRows, strategyContext } from '../../../src/testing/strategy-context.ts';

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
const squared = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0);

/** The reference as it is written: for every pick, sort all weighted distances and weigh them by 1 / rank. */
function bruteForce(x: EmbeddingMatrix, count: number, labeled: EmbeddingMatrix, first: number | undefined): number[] {
  const rows = Array.from({ length: x.rows }, (_, row) => rowOf(x, row));
  const density = (point: Float32Array, own: number) => {
    const near = rows
      .flatMap((other, row) => (row === own ? [] : [squared(point, other)]))
      .sort((a, b) => a - b)
      .slice(0, 10);
    return 1 / (near.reduce((sum, one) => sum + one, 0) / near.length + 1e-9) ** 0.5;
  };
  const densities = rows.map((row, index) => density(row, index));
  const chosen = Array.from({ length: labeled.rows }, (_, row) => ({
    point: rowOf(labeled, row),
    density: density(rowOf(labeled, row), -1),
  }));
  const order: number[] = [];
  while (order.length < count) {
    const novelty = rows.map((row, index) => {
      if (order.includes(index)) return Number.NEGATIVE_INFINITY;
      const distances = chosen.map((one) => (1 - dot(row, one.point)) * (densities[index]! + one.density));
      return distances.sort((a, b) => a - b).reduce((sum, one, rank) => sum + one / (rank + 1), 0);
    });
    const next = order.length === 0 && first !== undefined ? first : novelty.indexOf(Math.max(...novelty));
    order.push(next);
    chosen.push({ point: rows[next]!, density: densities[next]! });
  }
  return order;
}

describe('novelselect', () => {
  it('picks what the reference picks, whose first pick is random', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 60 }),
        fc.integer({ min: 0, max: 6 }),
        fc.integer({ min: 1, max: 1_000 }),
        async (rows, labels, seed) => {
          const x = randomRows(rows, seed);
          const labeled = takeRows(randomRows(10, seed + 1), [...Array(labels).keys()]);
          const count = Math.min(rows, 25);
          const random = seededRandom(seed);
          const { order } = await novelRows(x, count, { kernel: javascriptKernel, random, labeled });
          const first = labels === 0 ? seededRandom(seed).below(rows) : undefined;
          expect([...order]).toEqual(bruteForce(x, count, labeled, first));
        },
      ),
      { numRuns: 40, seed: 5 },
    );
  });

  it('gives the novelty of a pick: here of the third row of a triangle', async () => {
    const x = embeddingMatrix(Float32Array.of(1, 0, 0, 1, -1, 0), 3, 2);
    const labeled = takeRows(x, [0, 1]);
    const rest = takeRows(x, [2]);
    const { novelty } = await novelRows(rest, 1, { kernel: javascriptKernel, random: seededRandom(1), labeled });
    // Alone, the candidate has no neighbours: density (1e-9)^-½. The labels lie at squared distances 4 and 2 from it.
    const own = 1e-9 ** -0.5;
    const near = (own + (2 + 1e-9) ** -0.5) * 1;
    const far = (own + (4 + 1e-9) ** -0.5) * 2;
    expect(novelty[0]! / (near + far / 2)).toBeCloseTo(1, 6);
  });

  it('says what it lacks when the distances would not fit in memory', async () => {
    const x = embeddingMatrix(new Float32Array(2 ** 20), 2 ** 20, 1);
    const options = {
      kernel: javascriptKernel,
      random: seededRandom(1),
      labeled: embeddingMatrix(new Float32Array(0), 0, 1),
    };
    await expect(novelRows(x, 1_000, options)).rejects.toThrow(
      expect.objectContaining({ code: 'NOT_ENOUGH', message: expect.stringContaining('does not fit in memory') }),
    );
  });

  it('says that the first pick is random', async () => {
    const context = strategyContext(novelselectStrategy, javascriptKernel, { count: 2, labeled: NO_ROWS });
    const { picks } = await (await novelselectStrategy.prepare(context)).select();
    expect(picks.map(({ reason }) => reason)).toEqual([
      'Drawn at random, as the first',
      'Unlike everything chosen so far',
    ]);
  });
});
