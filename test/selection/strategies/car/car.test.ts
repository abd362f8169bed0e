import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMatrixKernel, type OwnedMatrixKernel } from '../../../../src/math/create-matrix-kernel.ts';
import { embeddingMatrix } from '../../../../src/math/embedding-matrix.ts';
import type { MatrixKernel } from '../../../../src/math/matrix-kernel.ts';
import { carStrategy } from '../../../../src/selection/strategies/car/car.ts';
import type { StrategyOptions } from '../../../../src/selection/strategies/strategy.ts';
import { normalizeOptions } from '../../../../src/selection/strategies/strategy-options.ts';
import { instructionsOf, measureOf, randomRows, strategyContext } from '../../../../src/testing/strategy-context.ts';
import { dollyEmbeddings, hasDolly3k, readGolden } from '../../../math/dolly-3k.ts';

const ROWS = 72;

describe('car', () => {
  let kernel: OwnedMatrixKernel;
  beforeAll(async () => {
    kernel = await createMatrixKernel({ threads: 1 });
  });
  afterAll(() => kernel.release());

  const select = async (count: number, scores: readonly number[], options: StrategyOptions = {}) => {
    const context = strategyContext(carStrategy, kernel, {
      count,
      instructions: instructionsOf(scores.length),
      embeddings: randomRows(scores.length),
      options,
      measures: new Map([['accuracy', measureOf((position) => scores[position]!)]]),
    });
    return (await carStrategy.prepare(context)).select();
  };
  /** The lab's rows lie around five directions in turn; those of the first are best, the last come last. */
  const byDirection = Array.from({ length: ROWS }, (_, position) => 5 - (position % 5) - position / ROWS);
  const best = (count: number) =>
    [...byDirection.keys()].sort((a, b) => byDirection[b]! - byDirection[a]!).slice(0, count);

  it('picks the best overall first, then the additions of the clusters, and fills the count exactly', async () => {
    const { picks } = await select(20, byDirection);
    const fromClusters = picks.findIndex(({ reason }) => reason.startsWith('Best of cluster'));
    expect(fromClusters).toBeGreaterThan(0);
    expect(picks.slice(0, fromClusters).map(({ position }) => position)).toEqual(best(fromClusters));
    expect(picks).toHaveLength(20);
    const added = picks.slice(fromClusters);
    // ⌊√(72 / 2)⌋ = 6 clusters, each with one best.
    expect(added.every(({ reason }) => / of 6; it is /.test(reason))).toBe(true);
    expect(added.length).toBeLessThanOrEqual(6);
    expect(new Set(added.map(({ reason }) => reason.split(';')[0])).size).toBe(added.length);
    expect(added.map(({ score }) => score)).toEqual(added.map(({ score }) => score).sort((a, b) => b! - a!));
  });

  it('picks only the best of the clusters when there is no more room', async () => {
    const { picks } = await select(4, byDirection);
    expect(picks.filter(({ reason }) => reason.startsWith('Best of cluster'))).toHaveLength(4);
  });

  it('picks top overall, and perCluster of each cluster', async () => {
    const { picks } = await select(12, byDirection, { top: 10, perCluster: 3 });
    expect(picks.slice(0, 10).map(({ position }) => position)).toEqual(best(10));
    expect(picks.slice(10).every(({ reason }) => reason.startsWith('Best of cluster'))).toBe(true);
  });

  it('says what to do when top and the clusters give too few', async () => {
    await expect(select(30, byDirection, { top: 10 })).rejects.toMatchObject({
      code: 'NOT_ENOUGH',
      message: expect.stringMatching(
        /^The 10 best and the best of 6 clusters give only 1\d of the 30 instructions you asked for\.$/,
      ),
      hint: expect.stringContaining('top'),
    });
  });

  /** How wide the rows are that k-means looks for the nearest centres of. */
  const clusteredWidths = async (given: Parameters<typeof strategyContext>[2]) => {
    const widths = new Set<number>();
    const recording: MatrixKernel = {
      name: kernel.name,
      multiply: (x, centers) => kernel.multiply(x, centers),
      multiplyBetween: (x, centers, target) => kernel.multiplyBetween(x, centers, target),
      nearest: (x, centers) => {
        widths.add(x.columns);
        return kernel.nearest(x, centers);
      },
    };
    await (await carStrategy.prepare(strategyContext(carStrategy, recording, given))).select();
    return [...widths];
  };

  it.each([
    ['two directions of 90 and 6 % of the variance', [90, 6, 3, 1], 2],
    ['two directions of 90 and 4 %, which are too few', [90, 4, 3, 3], 3],
    ['one direction of 96 %', [96, 2, 1, 1], 1],
  ])('clusters in as few directions as keep 95 %% of the variance: %s', async (_, shares, width) => {
    // Two rows for every direction, on either side of the middle: they alone make its variance.
    const rows = shares.flatMap((share, column) =>
      [1, -1].map((side) => shares.map((_, other) => (other === column ? side * Math.sqrt(share) : 0))),
    );
    const embeddings = embeddingMatrix(Float32Array.from(rows.flat()), rows.length, shares.length);
    const measures = new Map([['accuracy', measureOf(() => 3)] as const]);
    expect(await clusteredWidths({ count: 4, embeddings, measures })).toEqual([width]);
  });

  it.skipIf(!hasDolly3k)('clusters in as many directions as the reference', async () => {
    const { scores, pcaComponents } = readGolden<{ scores: number[]; pcaComponents: number }>('car.json');
    const instructions = instructionsOf(scores.length);
    const measures = new Map([['accuracy', measureOf((position) => scores[position]!)] as const]);
    const widths = await clusteredWidths({ count: 50, instructions, embeddings: dollyEmbeddings(), measures });
    expect([widths, pcaComponents]).toEqual([[231], 231]);
  });

  it('refuses invalid numbers, also as text', () => {
    expect(() => normalizeOptions(carStrategy, { perCluster: 0 })).toThrow('perCluster must be at least 1.');
    expect(() => normalizeOptions(carStrategy, { top: 1.5 })).toThrow('top must be a whole number.');
    expect(() => normalizeOptions(carStrategy, { judge: 'me' })).toThrow('There is no judge "me".');
  });

  it.skipIf(!hasDolly3k)(
    'chooses on real embeddings like the reference, except for the clusters of k-means',
    async () => {
      const { scores, selected, n1 } = readGolden<{ scores: number[]; selected: number[]; n1: number }>('car.json');
      const context = strategyContext(carStrategy, kernel, {
        count: n1 + 5,
        instructions: instructionsOf(scores.length),
        embeddings: dollyEmbeddings(),
        options: { top: n1, scoreField: 'score' },
        measures: new Map([['field', measureOf((position) => scores[position]!)]]),
      });
      const { picks } = await (await carStrategy.prepare(context)).select();
      const ours = new Set(picks.map(({ position }) => position));
      const bestOverall = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]!).slice(0, n1);
      expect(bestOverall.every((position) => ours.has(position) && selected.includes(position))).toBe(true);
      expect(picks[n1]!.reason).toMatch(/^Best of cluster \d+ of 38;/);
    },
  );
});
