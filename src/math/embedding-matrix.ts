import type { RowRange } from '../engine/shards.ts';

/** A dense `rows × columns` matrix, row-major in one Float32Array. Rows are embeddings unless said otherwise. */
export interface EmbeddingMatrix {
  readonly data: Float32Array;
  readonly rows: number;
  readonly columns: number;
}

/** @throws RangeError when the data is not rows × columns long. */
export function embeddingMatrix(data: Float32Array, rows: number, columns: number): EmbeddingMatrix {
  if (data.length !== rows * columns) {
    throw new RangeError(`A ${rows} × ${columns} matrix has ${rows * columns} values, not ${data.length}.`);
  }
  return { data, rows, columns };
}

/** A view of one row; writing to it writes to the matrix. */
export function rowOf(matrix: EmbeddingMatrix, row: number): Float32Array {
  return matrix.data.subarray(row * matrix.columns, (row + 1) * matrix.columns);
}

/**
 * The rows at `positions`, in their order: `positions.length × columns`. Only to be read: consecutive rows, such as all
 * of them, are a view of the matrix, others a copy.
 */
export function takeRows(matrix: EmbeddingMatrix, positions: ArrayLike<number>): EmbeddingMatrix {
  if (areConsecutive(positions)) return rowsIn(matrix, { start: positions[0] ?? 0, rows: positions.length });
  return copyRows(matrix, positions);
}

function areConsecutive(positions: ArrayLike<number>): boolean {
  for (let i = 1; i < positions.length; i += 1) if (positions[i] !== positions[0]! + i) return false;
  return true;
}

function copyRows(matrix: EmbeddingMatrix, positions: ArrayLike<number>): EmbeddingMatrix {
  const data = new Float32Array(positions.length * matrix.columns);
  for (let i = 0; i < positions.length; i += 1) data.set(rowOf(matrix, positions[i]!), i * matrix.columns);
  return { data, rows: positions.length, columns: matrix.columns };
}

/**
 * Stacks matrices of equal width. Only to be read: where one alone has rows, it is that one. With none given: `0 × columns`.
 */
export function stackRows(matrices: readonly EmbeddingMatrix[], columns: number): EmbeddingMatrix {
  const [first, ...others] = matrices.filter((matrix) => matrix.rows > 0);
  if (first?.columns === columns && others.length === 0) return first;
  const rows = matrices.reduce((sum, matrix) => sum + matrix.rows, 0);
  const data = new Float32Array(rows * columns);
  let offset = 0;
  for (const matrix of matrices) {
    if (matrix.columns !== columns) throw new RangeError(`Cannot stack ${matrix.columns} columns on ${columns}.`);
    data.set(matrix.data.subarray(0, matrix.rows * columns), offset);
    offset += matrix.rows * columns;
  }
  return { data, rows, columns };
}

/** The rows of a range as a matrix of their own, without copying: writing to it writes to the matrix. */
export function rowsIn({ data, columns }: EmbeddingMatrix, { start, rows }: RowRange): EmbeddingMatrix {
  return { data: data.subarray(start * columns, (start + rows) * columns), rows, columns };
}

/** Whether a row has a direction. A row of zeros stands for an item without a usable vector. O(d). */
export function hasDirection(matrix: EmbeddingMatrix, row: number): boolean {
  return rowOf(matrix, row).some((value) => value !== 0);
}

/** The rows that have a direction, in their order; the matrix itself where all have. O(n·d). */
export function directedRows(matrix: EmbeddingMatrix): EmbeddingMatrix {
  const positions: number[] = [];
  for (let row = 0; row < matrix.rows; row += 1) if (hasDirection(matrix, row)) positions.push(row);
  return takeRows(matrix, positions);
}

/**
 * Every kernel's check of what it is given.
 * @throws RangeError when the widths differ or there is no centre
 */
export function assertComparable(x: EmbeddingMatrix, centers: EmbeddingMatrix): void {
  if (x.columns !== centers.columns) {
    throw new RangeError(`Rows of ${x.columns} values cannot be compared with centres of ${centers.columns}.`);
  }
  if (centers.rows === 0) throw new RangeError('There is no centre to compare the rows with.');
}

/** How far the squared length of a row may be from 1 to be taken as it is. */
export const UNIT_TOLERANCE = 1e-6;

/**
 * The rows at `positions` as unit vectors, so that their products are cosines; the matrix itself where it
 * has nothing else. Rows of zeros, which have no direction, stay zero. O(n·d).
 * @param norms length n: the squared length of each row of `x`
 */
export function unitRows(x: EmbeddingMatrix, positions: Int32Array, norms: Float64Array): EmbeddingMatrix {
  if (positions.length === x.rows && norms.every((norm) => Math.abs(norm - 1) <= UNIT_TOLERANCE)) return x;
  const rows = copyRows(x, positions);
  for (const [row, position] of positions.entries()) {
    const length = Math.sqrt(norms[position]!) || 1;
    for (let i = row * x.columns; i < (row + 1) * x.columns; i += 1) rows.data[i]! /= length;
  }
  return rows;
}
