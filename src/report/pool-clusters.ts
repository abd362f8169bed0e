import { z } from 'zod';
import { embeddingText, type Instruction } from '../domain/instruction.ts';
import { lazyMap } from '../domain/lazy-list.ts';
import type { EmbeddingMatrix } from '../math/embedding-matrix.ts';
import { kMeans } from '../math/k-means.ts';
import type { MatrixKernel } from '../math/matrix-kernel.ts';
import { seededRandom } from '../math/random.ts';
import type { CampaignState } from '../store/campaign-state.ts';
import { clusterNames } from './cluster-names.ts';
import { computedOnce } from './computed-once.ts';

/** Increased when the algorithm for clusters or their names changes. */
const VERSION = 1;
/** With more clusters the map is hard to read. */
const MOST_CLUSTERS = 12;
/** Later iterations move few items and do not change names. */
const MOST_ITERATIONS = 20;

const clustersShape = z.object({
  clusters: z.array(z.object({ name: z.string(), items: z.int() })),
  /** The cluster of each position, a byte each, as base64. */
  of: z.string(),
});

export interface PoolClusters {
  /** By position. */
  readonly of: Uint8Array;
  readonly clusters: readonly { readonly name: string; readonly items: number }[];
}

export interface PoolClustersOptions {
  readonly kernel: MatrixKernel;
  readonly signal?: AbortSignal | undefined;
  readonly seed: number;
  /** The name of the vectors' model. */
  readonly space: string;
  /** Stores the results. */
  readonly state: CampaignState;
}

/** k-means clusters of the pool, the largest first; computed once for each pool size. Small pools have fewer clusters. */
export async function poolClusters(
  instructions: readonly Instruction[],
  vectors: EmbeddingMatrix,
  options: PoolClustersOptions,
): Promise<PoolClusters> {
  const { seed, space, state } = options;
  const name = `clusters ${VERSION}, of ${vectors.rows} by ${space}, seed ${seed}`;
  const { clusters, of } = await computedOnce(state, name, clustersShape, async () => {
    const found = await findClusters(instructions, vectors, options);
    // A cluster number fits in a byte.
    return { clusters: [...found.clusters], of: Buffer.from(found.of).toString('base64') };
  });
  return { clusters, of: new Uint8Array(Buffer.from(of, 'base64')) };
}

async function findClusters(
  instructions: readonly Instruction[],
  vectors: EmbeddingMatrix,
  { kernel, seed, signal }: PoolClustersOptions,
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
  const of = Uint8Array.from(assignment, (cluster) => numbers.get(cluster)!);
  const names = clusterNames(lazyMap(instructions, embeddingText), of, order.length);
  return { of, clusters: names.map((name, number) => ({ name, items: sizes[order[number]!]! })) };
}
