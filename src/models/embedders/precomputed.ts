import { EmbeddingError } from '../../domain/errors.ts';
import { option, sentence } from '../../domain/wording.ts';
import { type EmbeddingMatrix, rowOf } from '../../math/embedding-matrix.ts';
import { readNpy } from './npy.ts';

/**
 * Reads vectors the user already has: a .npy file with one row for each record that was read, in their
 * order, duplicates included.
 * @param expectedRows the number of records read
 * @returns `expectedRows × d`, rows scaled to unit length; a row of zeros stays one, and rows that have
 *   unit length keep their bits, so that saved embeddings give the selection they were saved from
 * @throws EmbeddingError when the file cannot be read, has another number of rows, no columns, or a
 *   value that is not finite
 */
export async function loadPrecomputed(path: string, expectedRows: number): Promise<EmbeddingMatrix> {
  const matrix = await readNpy(path);
  if (matrix.rows !== expectedRows) {
    throw new EmbeddingError(`${path} has ${matrix.rows} rows, but ${expectedRows} records were read.`, {
      hint: sentence`It needs one row for each record read, in the order of the files: with duplicates, without skipped bad lines. Give the pool files it was made from, or make it again with ${option('saveEmbeddings')}.`,
      data: { file: path },
    });
  }
  if (matrix.columns === 0) {
    throw new EmbeddingError(`${path} has rows without columns.`, { hint: 'Give vectors of at least one dimension.' });
  }
  for (let row = 0; row < matrix.rows; row += 1) {
    if (!scaleToUnitLength(rowOf(matrix, row))) {
      throw new EmbeddingError(`Row ${row} of ${path} (counted from 0) has a value that is not a finite number.`, {
        hint: 'Make the vectors of that record again; such values come from overflow or division by zero.',
      });
    }
  }
  return matrix;
}

/** How far from 1 the squared length of a unit vector may be: sums in float32 leave some 1e-6. */
const UNIT_TOLERANCE = 1e-5;

/** @returns false when a value is not finite; the row is then as it was */
function scaleToUnitLength(row: Float32Array): boolean {
  let squares = 0;
  // In double precision the squares of float32 values neither overflow nor vanish.
  for (const value of row) squares += value * value;
  if (!Number.isFinite(squares)) return false;
  if (squares === 0 || Math.abs(squares - 1) <= UNIT_TOLERANCE) return true;
  const length = Math.sqrt(squares);
  for (let column = 0; column < row.length; column += 1) row[column]! /= length;
  return true;
}
