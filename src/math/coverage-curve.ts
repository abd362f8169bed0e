import type { Coverage } from './coverage.ts';
import type { EmbeddingMatrix } from './embedding-matrix.ts';
import type { MatrixKernel } from './matrix-kernel.ts';
import { rowsIn } from './row-range.ts';

/**
 * How well the first centres cover rows, for several numbers of them: each row is compared with each centre once,
 * whatever the numbers. O(n·k·d).
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
  const squared = new Float64Array(x.rows).fill(Number.POSITIVE_INFINITY);
  const curve: Coverage[] = [];
  for (const [step, count] of counts.entries()) {
    signal?.throwIfAborted();
    const start = counts[step - 1] ?? 0;
    const { squaredDistance } = await kernel.nearest(x, rowsIn(centers, { start, rows: count - start }));
    for (let row = 0; row < x.rows; row += 1) squared[row] = Math.min(squared[row]!, squaredDistance[row]!);
    curve.push(coverageOf(squared));
  }
  return curve;
}

function coverageOf(squared: Float64Array): Coverage {
  let largest = 0;
  let sum = 0;
  for (const value of squared) {
    largest = Math.max(largest, value);
    sum += Math.sqrt(value);
  }
  return { radius: Math.sqrt(largest), meanDistance: sum / squared.length };
}
