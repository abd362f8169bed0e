import { ChosenDistances } from './chosen-distances.ts';
import type { Coverage } from './coverage.ts';
import type { EmbeddingMatrix } from './embedding-matrix.ts';
import type { MatrixKernel } from './matrix-kernel.ts';
import { cutRows, rowsIn } from './row-range.ts';

const CENTERS_PER_PRODUCT = 32;

/**
 * How well the first centres cover rows, for several numbers of them: every centre is added once, whatever the numbers.
 * O(n·k·d).
 * @param x `n × d`, n at least 1
 * @param centers `k × d`, in the order they are added
 * @param counts rising, from 1 to k
 * @returns parallel to `counts`
 */
export async function coverageCurve(
  x: EmbeddingMatrix,
  centers: EmbeddingMatrix,
  counts: readonly number[],
  { kernel, signal }: { readonly kernel: MatrixKernel; readonly signal?: AbortSignal | undefined },
): Promise<Coverage[]> {
  const distances = new ChosenDistances(x, { kernel });
  const curve: Coverage[] = [];
  for (const range of cutRows(counts.at(-1) ?? 0, CENTERS_PER_PRODUCT)) {
    signal?.throwIfAborted();
    const batch = await distances.multiply(rowsIn(centers, range));
    for (let index = 0; index < range.rows; index += 1) {
      distances.add(batch, index);
      if (range.start + index + 1 === counts[curve.length]) curve.push(coverageOf(distances.squared));
    }
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
