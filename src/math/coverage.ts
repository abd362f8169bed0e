import { cutIntoShards, cutRows, inProcessExecutor, type ShardExecutor } from '../engine/shards.ts';
import { type EmbeddingMatrix, rowsIn } from './embedding-matrix.ts';
import { squaredDistance, squaredNorms } from './exact-distance.ts';
import type { MatrixKernel } from './matrix-kernel.ts';

/** Products held at a time: 16 MB. */
const PRODUCTS_AT_A_TIME = 2 ** 22;

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

/**
 * How well the first centres cover rows, for several numbers of them: each row is compared with each centre once,
 * however many numbers there are. Nearest centres are found by float32 products, the distances to them are exact. O(n·k·d).
 * @param x `n × d`, n at least 1
 * @param centers `k × d`, in the order they are added
 * @param counts rising, each from 1 to k
 * @returns parallel to `counts`
 */
export async function coverageCurve(
  x: EmbeddingMatrix,
  centers: EmbeddingMatrix,
  counts: readonly number[],
  { kernel, signal }: { readonly kernel: MatrixKernel; readonly signal?: AbortSignal | undefined },
): Promise<Coverage[]> {
  const largest = new Float64Array(counts.length);
  const sums = new Float64Array(counts.length);
  const halfNorms = squaredNorms(centers).map((norm) => norm / 2);
  for (const range of cutRows(x.rows, Math.max(1, Math.floor(PRODUCTS_AT_A_TIME / Math.max(1, centers.rows))))) {
    signal?.throwIfAborted();
    const rows = rowsIn(x, range);
    const products = await kernel.multiply(rows, centers);
    for (let row = 0; row < rows.rows; row += 1) {
      // Of centres that are nearer than all before them few are the nearest when they are counted.
      let [nearest, best, squared, center] = [-1, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 0];
      for (let step = 0; step < counts.length; step += 1) {
        const before = nearest;
        for (const end = counts[step]!; center < end; center += 1) {
          const score = products[row * centers.rows + center]! - halfNorms[center]!;
          if (score <= best) continue;
          best = score;
          nearest = center;
        }
        if (nearest !== before) squared = Math.min(squared, squaredDistance(rows, row, centers, nearest));
        largest[step] = Math.max(largest[step]!, squared);
        sums[step]! += Math.sqrt(squared);
      }
    }
  }
  return counts.map((_, step) => ({ radius: Math.sqrt(largest[step]!), meanDistance: sums[step]! / x.rows }));
}

/**
 * How much rows repeat each other: the mean, over rows, of the cosine with the other row most like it. null where
 * there is no other. O(n²·d).
 * @param x `n × d`, unit rows
 */
export async function redundancy(x: EmbeddingMatrix, kernel: MatrixKernel): Promise<number | null> {
  if (x.rows < 2) return null;
  let sum = 0;
  for (const block of cutRows(x.rows, Math.max(1, Math.floor(PRODUCTS_AT_A_TIME / x.rows)))) {
    const products = await kernel.multiply(rowsIn(x, block), x);
    for (let row = 0; row < block.rows; row += 1) {
      let largest = Number.NEGATIVE_INFINITY;
      for (let other = 0; other < x.rows; other += 1) {
        if (other !== block.start + row) largest = Math.max(largest, products[row * x.rows + other]!);
      }
      // Rounding may take a product of unit rows past 1.
      sum += Math.min(1, largest);
    }
  }
  return sum / x.rows;
}
