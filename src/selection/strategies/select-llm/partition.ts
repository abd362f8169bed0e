import { claimNearest } from '../../../math/claim-nearest.ts';
import { type EmbeddingMatrix, takeRows } from '../../../math/embedding-matrix.ts';
import { kCenter } from '../../../math/k-center.ts';
import { kMeans } from '../../../math/k-means.ts';
import type { MatrixKernel } from '../../../math/matrix-kernel.ts';
import { seededRandom } from '../../../math/random.ts';

export const PARTITIONS = ['diverse', 'similar', 'random'] as const;
export type PartitionName = (typeof PARTITIONS)[number];

interface PartitionOptions {
  readonly seed: number;
  readonly kernel: MatrixKernel;
  readonly signal?: AbortSignal;
}

/**
 * Splits n rows into at most `queries` groups; every row is in exactly one group, no group is empty.
 *
 * - `diverse`: every group spans all topics. k-means with ceil(n / queries) clusters; the clusters claim their nearest free
 *   row in turn, for `queries` rounds; group p has the p-th row of each.
 * - `similar`: each group is one topic. The groups grow around k-center centres, which claim their nearest free row in
 *   turn, so that sizes differ by at most one.
 * - `random`: a seeded shuffle, cut evenly.
 *
 * Source: SelectLLM (arXiv 2401.16553) §3, `get_diverse_kmeans` and `get_similar_divide`. When rows run out, the reference
 * repeats row 0, 1, …, and its `similar` marks the wrong rows as taken; ours does neither.
 * @param x `n × d`; `random` uses only its number of rows
 * @returns row numbers, in the order of the clusters (diverse), of claiming (similar) or drawn (random)
 */
export async function partitionRows(
  name: PartitionName,
  x: EmbeddingMatrix,
  queries: number,
  options: PartitionOptions,
): Promise<number[][]> {
  const groups = await PARTITION_RULES[name](x, Math.min(queries, x.rows), options);
  return groups.filter((group) => group.length > 0);
}

type PartitionRule = (x: EmbeddingMatrix, queries: number, options: PartitionOptions) => Promise<number[][]>;

const PARTITION_RULES: Record<PartitionName, PartitionRule> = {
  diverse: async (x, queries, { seed, kernel, signal }) => {
    const clusters = Math.ceil(x.rows / queries);
    const random = seededRandom(seed, 'diverse');
    const { centers } = await kMeans(x, clusters, { random, kernel, signal });
    return diverseGroups(x, centers, queries, kernel);
  },
  similar: async (x, queries, { seed, kernel, signal }) => {
    const random = seededRandom(seed, 'similar');
    const { order } = await kCenter(x, queries, { random, kernel, signal });
    const owned = await claimNearest(x, takeRows(x, order), Math.ceil(x.rows / queries), { kernel });
    return owned.map((rows) => [...rows]);
  },
  random: async (x, queries, { seed }) => {
    const shuffled = seededRandom(seed, 'random').shuffle(Array.from({ length: x.rows }, (_, row) => row));
    return Array.from({ length: queries }, (_, query) =>
      shuffled.slice(Math.floor((query * x.rows) / queries), Math.floor(((query + 1) * x.rows) / queries)),
    );
  },
};

/** The `diverse` groups around given centres: group p has, of every cluster, the p-th owned row by position. */
export async function diverseGroups(
  x: EmbeddingMatrix,
  centers: EmbeddingMatrix,
  queries: number,
  kernel: MatrixKernel,
): Promise<number[][]> {
  const owned = await claimNearest(x, centers, queries, { kernel });
  const sorted = owned.map((rows) => rows.slice().sort((a, b) => a - b));
  return Array.from({ length: queries }, (_, query) =>
    sorted.filter((rows) => query < rows.length).map((rows) => rows[query]!),
  );
}
