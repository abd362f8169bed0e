import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMatrixKernel, type OwnedMatrixKernel } from '../../../src/math/create-matrix-kernel.ts';
import { embeddingMatrix, takeRows } from '../../../src/math/embedding-matrix.ts';
import { STRATEGIES } from '../../../src/selection/strategies/registry.ts';
import { strategyContext } from '../../../src/testing/strategy-context.ts';

let kernel: OwnedMatrixKernel;
beforeAll(async () => {
  kernel = await createMatrixKernel({ threads: 1 });
});
afterAll(() => kernel.release());

/** Four directions: 20 rows of the first, then 10, 6 and 4 of the others. */
const SIZES = [20, 10, 6, 4];
const DIRECTION_OF = SIZES.flatMap((size, direction) => Array.from({ length: size }, () => direction));
const EMBEDDINGS = embeddingMatrix(
  Float32Array.from(DIRECTION_OF.flatMap((direction) => SIZES.map((_, column) => (column === direction ? 1 : 0)))),
  DIRECTION_OF.length,
  SIZES.length,
);

async function select(name: string, count: number, labeled: readonly number[] = [], weights?: Float64Array) {
  const given = { embeddings: EMBEDDINGS, labeled: takeRows(EMBEDDINGS, labeled), count, weights };
  const prepared = await STRATEGIES.find(name).prepare(strategyContext(STRATEGIES.find(name), kernel, given));
  return (await prepared.select()).picks;
}
const directions = (picks: readonly { position: number }[]) => picks.map(({ position }) => DIRECTION_OF[position]!);

/** The last four rows together weigh more than all others. */
const LAST_DIRECTION_HEAVY = Float64Array.from(DIRECTION_OF, (direction) => (direction === 3 ? 10 : 1));

describe.each(['k-means', 'k-center', 'facility-location'])('%s', (name) => {
  it('covers every direction before any twice', async () => {
    expect(directions(await select(name, 4)).sort()).toEqual([0, 1, 2, 3]);
  });

  it('counts labeled items as centres, so that their topics are not picked again', async () => {
    expect(directions(await select(name, 2, [0, 39])).sort()).toEqual([1, 2]);
  });

  it('picks the largest weights first', async () => {
    expect(directions(await select(name, 4, [], LAST_DIRECTION_HEAVY))[0]).toBe(3);
    expect(directions(await select(name, 4, [], LAST_DIRECTION_HEAVY)).sort()).toEqual([0, 1, 2, 3]);
  });
});

describe('k-means', () => {
  it('picks the largest cluster first, and names its size', async () => {
    const picks = await select('k-means', 4);
    expect(directions(picks)).toEqual([0, 1, 2, 3]);
    expect(picks.map(({ score }) => score)).toEqual([0.5, 0.25, 0.15, 0.1]);
    expect(picks[0]!.reason).toBe('Typical of a cluster of 20 (distance 0.000 from its centre)');
  });
});

describe('facility-location', () => {
  it('picks the best coverage first', async () => {
    const picks = await select('facility-location', 5);
    expect(directions(picks).slice(0, 4)).toEqual([0, 1, 2, 3]);
    // At first all rows of other directions are half covered: (1 + cos) / 2.
    const scores = picks.map(({ score }) => score!);
    [0.75, 0.125, 0.075, 0.05, 0].forEach((score, index) => {
      expect(scores[index]).toBeCloseTo(score, 12);
    });
    expect(picks[1]!.reason).toBe('Typical of many remaining questions');
  });
});

describe('weights', () => {
  it('are named in the reasons', async () => {
    const [heaviest] = await select('k-means', 4, [], LAST_DIRECTION_HEAVY);
    expect(heaviest!.score).toBeCloseTo(40 / 76, 12);
    expect(heaviest!.reason).toBe('Typical of a cluster of 4, 53 % of the weight (distance 0.000 from its centre)');
    const [first, second] = await select('k-center', 2, [], LAST_DIRECTION_HEAVY);
    expect(first).toMatchObject({ score: null, reason: 'Highest weight' });
    expect(second!.reason).toBe('Most different from earlier picks (distance 1.414 × weight 0.100)');
    expect(second!.score).toBeCloseTo(Math.SQRT2 / 10);
  });
});

describe('k-center', () => {
  it('names the distance of each pick to all earlier ones, except for the first', async () => {
    const [first, second] = await select('k-center', 2);
    expect(first).toMatchObject({ score: null, reason: 'Random starting point' });
    expect(second).toMatchObject({ reason: 'Most different from earlier picks (distance 1.414)' });
    expect(second!.score).toBeCloseTo(Math.SQRT2);
    const [afterLabeled] = await select('k-center', 1, [0]);
    expect(afterLabeled!.score).toBeCloseTo(Math.SQRT2);
  });
});
