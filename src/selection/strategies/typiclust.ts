import { z } from 'zod';
import type { OnProgress } from '../../domain/progress.ts';
import { type EmbeddingMatrix, stackRows, takeRows } from '../../math/embedding-matrix.ts';
import { kMeans } from '../../math/k-means.ts';
import type { MatrixKernel } from '../../math/matrix-kernel.ts';
import { nearestRows } from '../../math/nearest-rows.ts';
import { type Random, seededRandom } from '../../math/random.ts';
import { defineStrategy } from './strategy.ts';

const MOST_CLUSTERS = 500;
/** Clusters must be larger than this to come first. */
const SMALL_CLUSTER = 5;
const NEIGHBOURS = 20;
/** Keeps the typicality of duplicates finite. */
const REGULARIZER = 1e-5;

/**
 * TypiClust: the most typical instruction of each cluster that has no label yet. k-means over labeled items and
 * candidates makes min(labeled + count, 500) clusters. Those with the fewest labels come first, of equal ones the
 * largest, and each in turn gives its most typical candidate: the one with the smallest mean distance to its 20 nearest
 * neighbours among the cluster's remaining candidates (to half of them in small clusters). Ties → the lowest position.
 * Weights have no effect. O(n·k·d) per iteration of k-means and O(c²·d) per pick from a cluster of c.
 *
 * Source: Hacohen, Dekel & Weinshall 2022 (arXiv 2202.02794) §3.1; code avihu111/TypiClust for the order of clusters and
 * the constants. The code drops clusters of 5 or fewer and fails when the others are used up. Here small clusters come
 * last and empty ones are skipped. Distances are Euclidean, as in the paper; the code's are squared.
 */
export const typiclustStrategy = defineStrategy({
  name: 'typiclust',
  summary: 'the most typical instruction of each cluster without a label',
  source: 'Hacohen, Dekel & Weinshall 2022 (arXiv 2202.02794).',
  needs: { embeddings: 'instructions', llm: false },
  options: z.object({}),
  nested: () => false,
  measures: () => [],
  prompts: [],
  prepare: async ({ candidates, count, embeddings, labeled, seed, kernel, signal, onProgress }) => ({
    plan: { notes: [] },
    select: async () => {
      const random = seededRandom(seed, 'strategy', 'typiclust');
      const options = { kernel, random, labeled, signal, onProgress };
      const picks = await typicalRows(takeRows(embeddings, candidates), count, options);
      return {
        picks: picks.map(({ row, typicality, clusterSize, labels }, index) => ({
          position: candidates[row]!,
          rank: index + 1,
          score: typicality,
          reason: `Most typical of a cluster of ${clusterSize} with ${labels} labeled`,
          strategy: 'typiclust',
          query: null,
          model: null,
          costMicroUsd: 0,
        })),
      };
    },
  }),
});

export interface TypicalRow {
  readonly row: number;
  /** 1 / (mean distance to its neighbours + 1e-5). */
  readonly typicality: number;
  /** Labeled items included. */
  readonly clusterSize: number;
  /** Labeled items of the cluster. */
  readonly labels: number;
}

export interface TypicalRowsOptions {
  readonly kernel: MatrixKernel;
  readonly random: Random;
  /** `l × d` */
  readonly labeled: EmbeddingMatrix;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** See `typiclustStrategy`. @param x `n × d` @param count 1 … n @returns distinct rows, in the order picked */
export async function typicalRows(
  x: EmbeddingMatrix,
  count: number,
  { kernel, random, labeled, signal, onProgress }: TypicalRowsOptions,
): Promise<TypicalRow[]> {
  const rows = stackRows([labeled, x], x.columns);
  const k = Math.min(labeled.rows + count, MOST_CLUSTERS, rows.rows);
  const { assignment } = await kMeans(rows, k, {
    kernel,
    random,
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onProgress } : {}),
  });
  const clusters = clustersInTurn(assignment, labeled.rows, k);
  const picks: TypicalRow[] = [];
  while (picks.length < count) {
    const large = clusters.filter(({ size, open }) => size > SMALL_CLUSTER && open.length > 0);
    const some = large.length > 0 ? large : clusters.filter(({ open }) => open.length > 0);
    for (const cluster of some) {
      if (picks.length === count) break;
      signal?.throwIfAborted();
      onProgress?.({ phase: 'choose', done: picks.length, total: count });
      const { index, typicality } = await mostTypical(takeRows(x, cluster.open), kernel);
      const [row] = cluster.open.splice(index, 1);
      picks.push({ row: row!, typicality, clusterSize: cluster.size, labels: cluster.labels });
    }
  }
  return picks;
}

interface Cluster {
  readonly size: number;
  readonly labels: number;
  /** Rows not picked yet, ascending. */
  readonly open: number[];
}

/** Fewest labels first, then the largest, then the lowest number. */
function clustersInTurn(assignment: Int32Array, labeled: number, k: number): readonly Cluster[] {
  const clusters = Array.from({ length: k }, () => ({ size: 0, labels: 0, open: [] as number[] }));
  for (const [row, center] of assignment.entries()) {
    const cluster = clusters[center]!;
    cluster.size += 1;
    if (row < labeled) cluster.labels += 1;
    else cluster.open.push(row - labeled);
  }
  return clusters.sort((a, b) => a.labels - b.labels || b.size - a.size);
}

async function mostTypical(rows: EmbeddingMatrix, kernel: MatrixKernel) {
  const k = Math.min(NEIGHBOURS, Math.floor(rows.rows / 2));
  const { distances } = await nearestRows(rows, rows, k, { kernel, except: (row) => row });
  let index = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let row = 0; row < rows.rows; row += 1) {
    const own = distances.subarray(row * k, (row + 1) * k);
    const mean = own.reduce((sum, distance) => sum + distance, 0) / Math.max(1, k);
    if (mean < least) {
      least = mean;
      index = row;
    }
  }
  return { index, typicality: 1 / (least + REGULARIZER) };
}
