import { embeddingText, type Instruction } from '../domain/instruction.ts';
import type { EmbeddingMatrix } from '../math/embedding-matrix.ts';
import { kMeans } from '../math/k-means.ts';
import type { MatrixKernel } from '../math/matrix-kernel.ts';
import { seededRandom } from '../math/random.ts';
import { clusterNames } from './cluster-names.ts';

/** As many as colors can be told apart. */
const MOST_CLUSTERS = 12;
/** Later ones move few items, and names not at all. */
const MOST_ITERATIONS = 20;

export interface PoolClusters {
  /** By position. */
  readonly of: Int32Array;
  readonly clusters: readonly { readonly name: string; readonly items: number }[];
}

/** k-means of the pool's vectors, the largest cluster first; small pools have fewer clusters. */
export async function poolClusters(
  instructions: readonly Instruction[],
  vectors: EmbeddingMatrix,
  { kernel, seed, signal }: { kernel: MatrixKernel; seed: number; signal?: AbortSignal | undefined },
): Promise<PoolClusters> {
  const k = Math.min(MOST_CLUSTERS, Math.max(1, Math.round(Math.sqrt(vectors.rows / 2))));
  const random = seededRandom(seed, 'report clusters');
  const { assignment } = await kMeans(vectors, k, {
    kernel,
    random,
    maxIterations: MOST_ITERATIONS,
    ...(signal ? { signal } : {}),
  });
  const sizes = new Array<number>(k).fill(0);
  for (const cluster of assignment) sizes[cluster]! += 1;
  const order = [...sizes.keys()]
    .filter((cluster) => sizes[cluster]! > 0)
    .sort((a, b) => sizes[b]! - sizes[a]! || a - b);
  const numbers = new Map(order.map((cluster, number) => [cluster, number]));
  const of = Int32Array.from(assignment, (cluster) => numbers.get(cluster)!);
  const names = clusterNames(instructions.map(embeddingText), of, order.length);
  return { of, clusters: names.map((name, number) => ({ name, items: sizes[order[number]!]! })) };
}
