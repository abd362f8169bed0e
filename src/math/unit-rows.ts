import { type EmbeddingMatrix, takeRows } from './embedding-matrix.ts';

/** How far the squared length of a row may be from 1 to be taken as it is. */
export const UNIT_TOLERANCE = 1e-6;

/**
 * The rows at `positions` as unit vectors, so that their products are cosines; the matrix itself where it
 * has nothing else. Rows of zeros, which have no direction, stay zero. O(n·d).
 * @param norms length n: the squared length of each row of `x`
 */
export function unitRows(x: EmbeddingMatrix, positions: Int32Array, norms: Float64Array): EmbeddingMatrix {
  if (positions.length === x.rows && norms.every((norm) => Math.abs(norm - 1) <= UNIT_TOLERANCE)) return x;
  const rows = takeRows(x, positions);
  for (const [row, position] of positions.entries()) {
    const length = Math.sqrt(norms[position]!) || 1;
    for (let i = row * x.columns; i < (row + 1) * x.columns; i += 1) rows.data[i]! /= length;
  }
  return rows;
}
