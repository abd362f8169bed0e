import { cutIntoShards, inProcessExecutor, type ShardExecutor } from '../engine/shards.ts';
import { type EmbeddingMatrix, rowsIn } from './embedding-matrix.ts';
import type { MatrixKernel } from './matrix-kernel.ts';

export interface Coverage {
  /** The largest distance of a row to its nearest centre: the covering radius. */
  readonly radius: number;
  readonly meanDistance: number;
}

/**
 * How well centres cover rows: the largest and the mean Euclidean distance to the nearest centre.
 * Both are Infinity where rows have no centre, and 0 where there are no rows. O(n·k·d).
 * @param x `n × d`
 * @param centers `k × d`
 */
export async function coverage(
  x: EmbeddingMatrix,
  centers: EmbeddingMatrix,
  { kernel, executor = inProcessExecutor }: { kernel: MatrixKernel; executor?: ShardExecutor },
): Promise<Coverage> {
  if (x.rows === 0) return { radius: 0, meanDistance: 0 };
  if (centers.rows === 0) return { radius: Number.POSITIVE_INFINITY, meanDistance: Number.POSITIVE_INFINITY };
  const shards = await executor.map(cutIntoShards(x.rows), async (shard) => {
    const { squaredDistance } = await kernel.nearest(rowsIn(x, shard), centers);
    let largest = 0;
    let sum = 0;
    for (const squared of squaredDistance) {
      largest = Math.max(largest, squared);
      sum += Math.sqrt(squared);
    }
    return { largest, sum };
  });
  const radius = Math.sqrt(Math.max(...shards.map(({ largest }) => largest)));
  const sum = shards.reduce((total, shard) => total + shard.sum, 0);
  return { radius, meanDistance: sum / x.rows };
}
