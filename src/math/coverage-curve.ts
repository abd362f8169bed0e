import { cutRows } from '../engine/shards.ts';
import type { Coverage } from './coverage.ts';
import { type EmbeddingMatrix, rowsIn } from './embedding-matrix.ts';
import { squaredDistance, squaredNorms } from './exact-distance.ts';
import type { MatrixKernel } from './matrix-kernel.ts';

/** Products held at a time: 16 MB. */
const PRODUCTS_AT_A_TIME = 2 ** 22;

/**
 * How well the first centres cover rows, for several numbers of them: each row is compared with each centre once,
 * whatever the numbers. Nearest centres are found by float32 products, the distances to them are exact. O(n·k·d).
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
