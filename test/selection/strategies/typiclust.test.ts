import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMatrixKernel, type OwnedMatrixKernel } from '../../../src/math/create-matrix-kernel.ts';
import {
  type EmbeddingMatrix,
  embeddingMatrix,
  rowOf,
  stackRows,
  takeRows,
} from '../../../src/math/embedding-matrix.ts';
import { kMeans } from '../../../src/math/k-means.ts';
import { seededRandom } from '../../../src/math/random.ts';
import { typicalRows } from '../../../src/selection/strategies/typiclust.ts';
import { NO_ROWS, randomRows } from '../../../src/testing/strategy-context.ts';

const distance = (a: Float32Array, b: Float32Array) => Math.hypot(...Array.from(a, (value, i) => value - b[i]!));

/** The reference's loop over given clusters, with the paper's Euclidean distances. */
function bruteForce(x: EmbeddingMatrix, clusterOf: ArrayLike<number>, labeled: number, count: number): number[] {
  const labels = Array.from(clusterOf);
  const ids = [...new Set(labels)].sort((a, b) => a - b);
  const clusters = ids
    .map((id) => ({
      id,
      size: labels.filter((one) => one === id).length,
      existing: labels.slice(0, labeled).filter((one) => one === id).length,
    }))
    .filter(({ size }) => size > 5)
    .sort((a, b) => a.existing - b.existing || b.size - a.size || a.id - b.id);
  for (let row = 0; row < labeled; row += 1) labels[row] = -1;
  const picks: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const { id } = clusters[i % clusters.length]!;
    const rows = labels.flatMap((label, row) => (label === id ? [row] : []));
    const neighbours = Math.min(20, Math.floor(rows.length / 2));
    const means = rows.map((row) => {
      const others = rows.filter((other) => other !== row).map((other) => distance(rowOf(x, row), rowOf(x, other)));
      const near = others.sort((a, b) => a - b).slice(0, neighbours);
      return near.reduce((sum, one) => sum + one, 0) / near.length;
    });
    const best = rows[means.indexOf(Math.min(...means))]!;
    picks.push(best - labeled);
    labels[best] = -1;
  }
  return picks;
}

describe('typiclust', () => {
  let kernel: OwnedMatrixKernel;
  beforeAll(async () => {
    kernel = await createMatrixKernel({ threads: 1 });
  });
  afterAll(() => kernel.release());

  it.each([
    ['without labels', 300, 0, 9],
    ['with labels, in the clusters that have fewest', 240, 6, 7],
    ['more often than there are clusters of more than five', 400, 3, 60],
  ])('picks what the reference picks from the same clusters %s', async (_, rows, labeledRows, count) => {
    const x = randomRows(rows, 4);
    const labeled = takeRows(
      randomRows(rows, 9),
      Array.from({ length: labeledRows }, (_, row) => row),
    );
    const all = stackRows([labeled, x], x.columns);
    const random = () => seededRandom(3, 'typiclust test');
    const { assignment } = await kMeans(all, Math.min(labeledRows + count, 500), { kernel, random: random() });
    const picks = await typicalRows(x, count, { kernel, random: random(), labeled });
    expect(picks.map(({ row }) => row)).toEqual(bruteForce(all, assignment, labeledRows, count));
  });

  it('makes no more than 500 clusters', async () => {
    const picks = await typicalRows(randomRows(1_200, 2), 600, { kernel, random: seededRandom(1), labeled: NO_ROWS });
    const x = randomRows(1_200, 2);
    const { assignment } = await kMeans(x, 500, { kernel, random: seededRandom(1) });
    const sizes = new Map<number, number>();
    for (const cluster of assignment) sizes.set(cluster, (sizes.get(cluster) ?? 0) + 1);
    expect(picks.map(({ row, clusterSize }) => [row, clusterSize])).toEqual(
      picks.map(({ row }) => [row, sizes.get(assignment[row]!)]),
    );
  });

  it('takes from small clusters only when the larger ones are used up', async () => {
    // Eight rows in one direction, two in another: k-means finds both for two picks.
    const rows = Array.from({ length: 10 }, (_, row) => (row < 8 ? [1, row / 100] : [row / 100, 1]));
    const x = embeddingMatrix(Float32Array.from(rows.flat()), 10, 2);
    const labeled = embeddingMatrix(new Float32Array(0), 0, 2);
    const two = await typicalRows(x, 2, { kernel, random: seededRandom(1), labeled });
    expect(two.map(({ clusterSize }) => clusterSize)).toEqual([8, 8]);
    const all = await typicalRows(x, 10, { kernel, random: seededRandom(1), labeled });
    expect(new Set(all.map(({ row }) => row)).size).toBe(10);
  });

  it('stops when interrupted', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    const typical = typicalRows(randomRows(50), 5, { kernel, random: seededRandom(1), labeled: NO_ROWS, signal });
    await expect(typical).rejects.toThrow('enough');
  });
});
