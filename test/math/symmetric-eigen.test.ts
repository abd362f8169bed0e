import fc from 'fast-check';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/math/random.ts';
import { largestEigenpairs } from '../../src/math/symmetric-eigen.ts';

const size = 12;

/** Σ of outer products of rows, row-major; rows of small whole numbers give equal eigenvalues and zeros. */
function products(rows: readonly (readonly number[])[], columns: number): Float64Array {
  const sums = new Float64Array(columns * columns);
  for (const row of rows) {
    for (let i = 0; i < columns; i += 1) {
      for (let j = 0; j < columns; j += 1) sums[i * columns + j]! += row[i]! * row[j]!;
    }
  }
  return sums;
}

function reference(matrix: Float64Array, columns: number): number[] {
  const square = Matrix.from1DArray(columns, columns, Array.from(matrix));
  return new EigenvalueDecomposition(square, { assumeSymmetric: true }).realEigenvalues.sort((a, b) => b - a);
}

async function expectEigenpairs(matrix: Float64Array, columns: number, count: number) {
  const { values, vectors } = await largestEigenpairs(matrix.slice(), columns, (found) => found >= count);
  const norm = Math.max(...reference(matrix, columns).map(Math.abs));
  expect(values).toHaveLength(count);
  for (const [index, value] of reference(matrix, columns).slice(0, count).entries()) {
    expect(Math.abs(values[index]! - value)).toBeLessThan(1e-12 * norm);
  }
  for (let k = 0; k < count; k += 1) {
    const vector = vectors.subarray(k * columns, (k + 1) * columns);
    for (let i = 0; i < columns; i += 1) {
      const row = matrix.subarray(i * columns, (i + 1) * columns);
      const image = row.reduce((sum, value, j) => sum + value * vector[j]!, 0);
      expect(Math.abs(image - values[k]! * vector[i]!)).toBeLessThan(1e-11 * norm);
    }
    for (let other = 0; other <= k; other += 1) {
      const product = vector.reduce((sum, value, i) => sum + value * vectors[other * columns + i]!, 0);
      expect(Math.abs(product - (other === k ? 1 : 0))).toBeLessThan(1e-10);
    }
  }
}

describe('largestEigenpairs', () => {
  it('finds what a full decomposition finds, equal eigenvalues and zeros included', async () => {
    const row = fc.array(fc.integer({ min: -2, max: 2 }), { minLength: size, maxLength: size });
    const rows = fc
      .array(row, { minLength: 1, maxLength: 2 * size })
      .filter((all) => all.flat().some((value) => value !== 0));
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 1, max: size }), (all, count) =>
        expectEigenpairs(products(all, size), size, count),
      ),
    );
  });

  it('finds the vectors of many close eigenvalues, and of equal ones', async () => {
    const random = seededRandom(1);
    const rows = Array.from({ length: 200 }, () => Array.from({ length: 80 }, () => random.float() - 0.5));
    await expectEigenpairs(products(rows, 80), 80, 60);
    const diagonal = new Float64Array(30 * 30);
    for (let i = 0; i < 30; i += 1) diagonal[i * 31] = i < 20 ? 1 : 0.5;
    await expectEigenpairs(diagonal, 30, 30);
    await expectEigenpairs(Float64Array.of(3), 1, 1);
  });

  it('gives other work its turns, and stops when it is told to', async () => {
    const columns = 500;
    const random = seededRandom(1);
    const matrix = products([Array.from({ length: columns }, () => random.float())], columns);
    for (let i = 0; i < columns; i += 1) matrix[i * (columns + 1)]! += random.float();
    let turns = 0;
    const counting = setInterval(() => {
      turns += 1;
    }, 0);
    await largestEigenpairs(matrix.slice(), columns, (found) => found >= 10);
    clearInterval(counting);
    expect(turns).toBeGreaterThan(0);
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(largestEigenpairs(matrix, columns, (found) => found >= 10, signal)).rejects.toThrow('enough');
  });
});
