import { cutRows } from '../engine/shards.ts';
import { type EmbeddingMatrix, rowsIn } from './embedding-matrix.ts';
import type { MatrixKernel } from './matrix-kernel.ts';

/** Products held at a time: 16 MB. */
const PRODUCTS_AT_A_TIME = 2 ** 22;

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
