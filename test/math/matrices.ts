import fc from 'fast-check';
import { type EmbeddingMatrix, embeddingMatrix } from '../../src/math/embedding-matrix.ts';
import { seededRandom } from '../../src/math/random.ts';

/** Rows of small whole numbers: many duplicates, zero rows and exact ties. */
export function gridMatrix({ maxRows = 24, columns = 3, minRows = 1 } = {}): fc.Arbitrary<EmbeddingMatrix> {
  return fc
    .array(fc.array(fc.integer({ min: -2, max: 2 }), { minLength: columns, maxLength: columns }), {
      minLength: minRows,
      maxLength: maxRows,
    })
    .map((rows) => embeddingMatrix(Float32Array.from(rows.flat()), rows.length, columns));
}

/** Unit rows around `clusters` directions; `spread` is about the distance to the direction. */
export function clusteredMatrix(rows: number, columns: number, clusters: number, spread: number, seed = 1) {
  const random = seededRandom(seed, 'clustered');
  const draw = () => random.float() + random.float() + random.float() - 1.5;
  const directions = Float32Array.from({ length: clusters * columns }, draw);
  const data = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row += 1) {
    const direction = random.below(clusters) * columns;
    let norm = 0;
    for (let i = 0; i < columns; i += 1) {
      const value = directions[direction + i]! + spread * draw();
      data[row * columns + i] = value;
      norm += value ** 2;
    }
    for (let i = 0; i < columns; i += 1) data[row * columns + i]! /= Math.sqrt(norm);
  }
  return embeddingMatrix(data, rows, columns);
}

/** Random rows in general position: no ties. */
export function looseMatrix(rows: number, columns: number, seed: number): EmbeddingMatrix {
  const random = seededRandom(seed, 'loose');
  return embeddingMatrix(
    Float32Array.from({ length: rows * columns }, () => random.float() * 2 - 1),
    rows,
    columns,
  );
}

/** No weights, or one of a few sizes for each row. */
export function weightsFor(rows: number): fc.Arbitrary<Float64Array | undefined> {
  const weights = fc.array(fc.constantFrom(0.5, 1, 2, 3, 10), { minLength: rows, maxLength: rows });
  return fc.option(
    weights.map((values) => Float64Array.from(values)),
    { nil: undefined },
  );
}
