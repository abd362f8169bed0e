import { EmbeddingError } from '../../domain/errors.ts';
import { type EmbeddingMatrix, embeddingMatrix } from '../../math/embedding-matrix.ts';

/**
 * Scales vectors to unit length: `n × d`. A zero vector, which some models give for a text without
 * tokens, has no direction; it becomes the first axis, so that every row is a valid unit vector.
 * @throws EmbeddingError when the vectors differ in length, are empty, or hold something not finite
 */
export function unitRows(vectors: readonly (readonly number[])[]): EmbeddingMatrix {
  const columns = vectors[0]?.length ?? 0;
  const data = new Float32Array(vectors.length * columns);
  for (const [row, vector] of vectors.entries()) {
    if (vector.length !== columns || columns === 0) {
      throw new EmbeddingError(
        `Vectors of ${columns} and of ${vector.length} dimensions came together; all must have as many, at least 1.`,
      );
    }
    const length = Math.hypot(...vector);
    if (!Number.isFinite(length)) throw new EmbeddingError(`Vector number ${row} holds values that are not finite.`);
    if (length === 0) data[row * columns] = 1;
    else for (let column = 0; column < columns; column += 1) data[row * columns + column] = vector[column]! / length;
  }
  return embeddingMatrix(data, vectors.length, columns);
}
