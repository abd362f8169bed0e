import { EmbeddingError } from '../../domain/errors.ts';
import { type EmbeddingMatrix, embeddingMatrix } from '../../math/embedding-matrix.ts';

/**
 * Scales vectors to unit length: `n × d`. A vector that has no direction stays a row of zeros, which stands for "no usable
 * vector": all zeros, empty, or with values that are not finite numbers (JSON writes those as null).
 * @throws EmbeddingError when the vectors differ in length
 */
export function unitRows(vectors: readonly (readonly (number | null)[])[]): EmbeddingMatrix {
  const columns = vectors.find(({ length }) => length > 0)?.length ?? 0;
  const data = new Float32Array(vectors.length * columns);
  for (const [row, vector] of vectors.entries()) {
    if (vector.length === 0) continue;
    if (vector.length !== columns) {
      throw new EmbeddingError(
        `Vectors of ${columns} and of ${vector.length} dimensions came together; all must have the same number.`,
      );
    }
    const values = vector.map((value) => value ?? Number.NaN);
    const length = Math.hypot(...values);
    if (!Number.isFinite(length) || length === 0) continue;
    for (let column = 0; column < columns; column += 1) data[row * columns + column] = values[column]! / length;
  }
  return embeddingMatrix(data, vectors.length, columns);
}
