import type { EmbeddingMatrix } from './embedding-matrix.ts';

/** Half the distance between 1 and the next float32: the largest relative error of one rounding. */
export const UNIT_ROUNDOFF = 2 ** -24;

/**
 * The squared Euclidean distance between row `i` of `a` and row `j` of `b`: differences, squares and sum
 * in double precision. Exactly 0 for equal rows, never negative, the same whichever row comes first.
 * The matrices must have the same number of columns. O(d).
 */
export function squaredDistance(a: EmbeddingMatrix, i: number, b: EmbeddingMatrix, j: number): number {
  const { data: aData, columns } = a;
  const bData = b.data;
  let p = i * columns;
  let q = j * columns;
  const end = p + columns;
  // Four sums, for one alone would wait for itself at every step.
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  for (const last = end - 3; p < last; p += 4, q += 4) {
    const difference0 = aData[p]! - bData[q]!;
    const difference1 = aData[p + 1]! - bData[q + 1]!;
    const difference2 = aData[p + 2]! - bData[q + 2]!;
    const difference3 = aData[p + 3]! - bData[q + 3]!;
    sum0 += difference0 * difference0;
    sum1 += difference1 * difference1;
    sum2 += difference2 * difference2;
    sum3 += difference3 * difference3;
  }
  for (; p < end; p += 1, q += 1) {
    const difference = aData[p]! - bData[q]!;
    sum0 += difference * difference;
  }
  return sum0 + sum1 + (sum2 + sum3);
}

/** The dot product of row `i` of `a` and row `j` of `b`, in double precision. O(d). */
export function dotProduct(a: EmbeddingMatrix, i: number, b: EmbeddingMatrix, j: number): number {
  const { data: aData, columns } = a;
  const bData = b.data;
  let sum = 0;
  for (let p = i * columns, q = j * columns, end = p + columns; p < end; p += 1, q += 1) sum += aData[p]! * bData[q]!;
  return sum;
}

/** Per row its squared length, in double precision. O(n·d). */
export function squaredNorms(x: EmbeddingMatrix): Float64Array {
  return Float64Array.from({ length: x.rows }, (_, row) => dotProduct(x, row, x, row));
}

/**
 * How far a float32 dot product over `columns` terms can be off, per |x|·|y|, in any order of its
 * terms are added. Times the lengths it is a hard bound, so a computation may look at float32 products
 * first and decide by exact distances only where the bound leaves a doubt, without missing anything.
 * Source: Higham, Accuracy and Stability of Numerical Algorithms, §3.1 (γ_n).
 */
export function productErrorBound(columns: number): number {
  const terms = (columns + 2) * UNIT_ROUNDOFF;
  return terms / (1 - terms);
}
