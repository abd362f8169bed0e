import type { EmbeddingMatrix } from './embedding-matrix.ts';
import type { KMeansOptions } from './k-means.ts';
import { clusterRepresentatives } from './representatives.ts';

/** Lloyd iterations: the clusters only have to cover, and k is in the thousands. */
const ITERATIONS = 10;

/** Of `existing` and `weights` as of k-means: rows that cover already, and how much each row matters. */
export interface CoveringSampleOptions extends Omit<KMeansOptions, 'fixedCenters' | 'maxIterations' | 'tolerance'> {
  /** `f × d`: rows that are there already, such as labeled ones; what is nearest to them is not sampled. */
  readonly existing?: EmbeddingMatrix;
}

/**
 * Rows that stand for all: one row per k-means cluster, the nearest to its centre, by 10 of Lloyd's
 * iterations. All rows where `count` ≥ n. k-means rather than k-center, whose picks are outliers.
 * Deterministic for one stream and kernel. O(n·count·d).
 * @param x `n × d`
 * @param count ≥ 0
 * @returns min(count, n) distinct positions, ascending
 */
export async function coveringSample(
  x: EmbeddingMatrix,
  count: number,
  { existing, ...options }: CoveringSampleOptions,
): Promise<Int32Array> {
  if (count >= x.rows) return Int32Array.from({ length: x.rows }, (_, row) => row);
  if (count === 0) return new Int32Array(0);
  const representatives = await clusterRepresentatives(x, count, {
    ...options,
    fixedCenters: existing,
    maxIterations: ITERATIONS,
  });
  return Int32Array.from(representatives, ({ row }) => row).sort();
}
