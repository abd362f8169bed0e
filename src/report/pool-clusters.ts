import { embeddingText, type Instruction } from '../domain/instruction.ts';
import type { EmbeddingMatrix } from '../math/embedding-matrix.ts';
import { kMeans } from '../math/k-means.ts';
import type { MatrixKernel } from '../math/matrix-kernel.ts';
import { seededRandom } from '../math/random.ts';
import type { CampaignState } from '../store/campaign-state.ts';
import { clusterNames } from './cluster-names.ts';
import { computedOnce } from './computed-once.ts';

/** Raised when clusters or their names are found otherwise. */
const VERSION = 1;
/** As many as colors can be told apart. */
const MOST_CLUSTERS = 12;
/** Later ones move few items, and names not at all. */
const MOST_ITERATIONS = 20;

export interface PoolClusters {
  /** By position. */
  readonly of: Uint8Array;
  readonly clusters: readonly { readonly name: string; readonly items: number }[];
}

export interface PoolClustersOptions {
  readonly kernel: MatrixKernel;
  readonly signal?: AbortSignal | undefined;
  readonly seed: number;
  /** Names the vectors' model. */
  readonly space: string;
  /** Where they are kept once they are found. */
  readonly state: CampaignState;
}

/**
 * k-means of the pool's vectors, the largest cluster first; small pools have fewer clusters. Found once for each size of
 * the pool.
 */
export async function poolClusters(
  instructions: readonly Instruction[],
  vectors: EmbeddingMatrix,
  options: PoolClustersOptions,
): Promise<PoolClusters> {
  const { seed, space, state } = options;
  const name = `clusters ${VERSION}, of ${vectors.rows} by ${space}, seed ${seed}`;
  const { clusters, of } = await computedOnce(state, name, async () => {
    const found = await findClusters(instructions, vectors, options);
    // There are few enough of them for a byte.
    return { ...found, of: Buffer.from(found.of).toString('base64') };
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
  const names = clusterNames(instructions.map(embeddingText), of, order.length);
  return { of, clusters: names.map((name, number) => ({ name, items: sizes[order[number]!]! })) };
}
