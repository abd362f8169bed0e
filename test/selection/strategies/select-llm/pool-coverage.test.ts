import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMatrixKernel, type OwnedMatrixKernel } from '../../../../src/math/create-matrix-kernel.ts';
import { dotProduct } from '../../../../src/math/exact-distance.ts';
import { facilityLocation } from '../../../../src/math/facility-location.ts';
import { PoolCoverage } from '../../../../src/selection/strategies/select-llm/pool-coverage.ts';
import { NO_ROWS, randomRows } from '../../../../src/testing/strategy-context.ts';

let kernel: OwnedMatrixKernel;
beforeAll(async () => {
  kernel = await createMatrixKernel({ threads: 1 });
});
afterAll(() => kernel.release());

const embeddings = randomRows(200);
const candidates = Array.from({ length: 100 }, (_, row) => 2 * row);
const labeled = randomRows(70, 9);

/** The weighted mean of (1 + cosine) / 2, by plain loops. */
function coverageOf(chosen: readonly number[], given: { labeled: typeof labeled; weights?: Float64Array }): number {
  let [sum, total] = [0, 0];
  candidates.forEach((position, row) => {
    const cosines = [
      -1,
      ...chosen.map((other) => dotProduct(embeddings, position, embeddings, other)),
      ...Array.from({ length: given.labeled.rows }, (_, other) =>
        dotProduct(embeddings, position, given.labeled, other),
      ),
    ];
    const weight = given.weights?.[row] ?? 1;
    sum += (weight * (1 + Math.max(...cosines))) / 2;
    total += weight;
  });
  return sum / total;
}

describe('the coverage of a pool', () => {
  it.each([
    ['nothing labeled', { labeled: NO_ROWS }],
    ['labeled items', { labeled }],
    ['weights', { labeled, weights: Float64Array.from(candidates, (_, row) => 1 + (row % 7)) }],
  ])('tells what each candidate adds to it, with %s', async (_, given) => {
    const coverage = await PoolCoverage.open({ embeddings, candidates, kernel, ...given });
    await coverage.choose([4, 90]);
    // More than one product holds.
    const query = candidates.slice(10, 90);
    const gains = (await coverage.gainsOf(query))([30, 44]);
    expect([...gains.keys()]).toEqual(query.filter((position) => position !== 30 && position !== 44));
    const before = coverageOf([4, 90, 30, 44], given);
    for (const [position, gain] of gains) {
      expect(gain).toBeCloseTo(coverageOf([4, 90, 30, 44, position], given) - before, 5);
    }
  });

  it('leads to the picks of facility location where one query shows the whole pool', async () => {
    const all = Array.from({ length: 200 }, (_, row) => row);
    const coverage = await PoolCoverage.open({ embeddings, candidates: all, labeled, kernel });
    const gainsAfter = await coverage.gainsOf(all);
    const order: number[] = [];
    while (order.length < 12) {
      const [best] = [...gainsAfter(order)].sort((a, b) => b[1] - a[1])[0]!;
      order.push(best);
    }
    const { order: expected } = await facilityLocation(embeddings, 12, { kernel, existing: labeled });
    expect(order).toEqual([...expected]);
  });
});
