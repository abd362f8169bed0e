import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMatrixKernel } from '../../src/math/create-matrix-kernel.ts';
import { embeddingMatrix, takeRows } from '../../src/math/embedding-matrix.ts';
import { kernels, oneThread, plain, twoThreads } from './kernels.ts';
import { clusteredMatrix, gridMatrix, looseMatrix } from './matrices.ts';

describe('the choice of a kernel', () => {
  it('takes onnxruntime where it loads, and plain JavaScript where it does not', () => {
    expect(kernels.map(({ name }) => name)).toEqual(['onnxruntime', 'onnxruntime', 'javascript']);
  });

  it('gives a kernel that still works after it was released', async () => {
    const kernel = await createMatrixKernel();
    const x = looseMatrix(3, 5, 1);
    const before = await kernel.multiply(x, x);
    await kernel.release();
    expect(await kernel.multiply(x, x)).toEqual(before);
    await kernel.release();
  });
});

describe.each([
  ['onnxruntime', oneThread],
  ['javascript', plain],
])('the %s kernel', (_, kernel) => {
  it('multiplies rows with centres', async () => {
    await fc.assert(
      fc.asyncProperty(gridMatrix(), gridMatrix(), async (x, centers) => {
        const expected = Array.from({ length: x.rows * centers.rows }, (__, i) => {
          const [row, center] = [Math.floor(i / centers.rows), i % centers.rows];
          return [0, 1, 2].reduce((sum, j) => sum + x.data[row * 3 + j]! * centers.data[center * 3 + j]!, 0);
        });
        const products = await kernel.multiply(x, centers);
        // 0 and −0 are the same product.
        expect(Array.from(products, (product) => product + 0)).toEqual(expected.map((product) => product + 0));
      }),
    );
  });

  it('gives the same products beside what of them is between two limits', async () => {
    const x = clusteredMatrix(5_003, 40, 20, 0.8);
    const centers = looseMatrix(64, 40, 3);
    const lowest = Float32Array.from({ length: 64 }, (__, c) => (c % 7) / 10 - 0.3);
    const highest = lowest.map((limit, c) => (c % 5 === 0 ? 2 : limit + 0.2));
    const weights = Float32Array.from({ length: 64 }, (__, c) => (c % 3) + 0.5);
    const products = new Float32Array(5_003 * 64);
    const sums = await kernel.multiplyBetween(x, centers, { products, lowest, highest, weights });
    expect(bytesOf(products).equals(bytesOf(await kernel.multiply(x, centers)))).toBe(true);
    for (const [row, sum] of sums.entries()) {
      const expected = weights.reduce((total, weight, c) => {
        const product = products[row * 64 + c]!;
        return total + weight * (Math.min(Math.max(product, lowest[c]!), highest[c]!) - lowest[c]!);
      }, 0);
      expect(Math.abs(sum - expected)).toBeLessThan(1e-5);
    }
  });

  it('finds the nearest centre, the lowest of equals, and the distance to it', async () => {
    await fc.assert(
      fc.asyncProperty(gridMatrix(), gridMatrix(), async (x, centers) => {
        const { center, squaredDistance } = await kernel.nearest(x, centers);
        for (let row = 0; row < x.rows; row += 1) {
          const distances = Array.from({ length: centers.rows }, (__, c) =>
            [0, 1, 2].reduce((sum, j) => sum + (x.data[row * 3 + j]! - centers.data[c * 3 + j]!) ** 2, 0),
          );
          expect(squaredDistance[row]).toBe(Math.min(...distances));
          expect(center[row]).toBe(distances.indexOf(Math.min(...distances)));
        }
      }),
    );
  });

  it('measures the distance to a duplicate as exactly 0', async () => {
    const x = clusteredMatrix(300, 384, 5, 0.5);
    const { center, squaredDistance } = await kernel.nearest(x, takeRows(x, [...x.data.keys()].slice(100, 300)));
    expect(Array.from(squaredDistance.subarray(100)).every((squared) => squared === 0)).toBe(true);
    expect(Array.from(center.subarray(100))).toEqual(Array.from({ length: 200 }, (__, i) => i));
    expect(squaredDistance.every((squared) => squared >= 0)).toBe(true);
  });

  it('measures a distance of a millionth to three digits', async () => {
    const c = clusteredMatrix(1, 384, 1, 0.5);
    const x = embeddingMatrix(c.data.slice(), 1, 384);
    x.data[7]! += 1e-6;
    const exact = (x.data[7]! - c.data[7]!) ** 2;
    const { squaredDistance } = await kernel.nearest(x, c);
    expect(squaredDistance[0]! / exact).toBeCloseTo(1, 3);
  });

  it('finds the best of more centres than one run compares', async () => {
    const centers = looseMatrix(5_000, 8, 2);
    const { center } = await kernel.nearest(takeRows(centers, [4_999, 0, 2_048, 2_047]), centers);
    expect([...center]).toEqual([4_999, 0, 2_048, 2_047]);
  });

  it('takes no rows, and refuses no centres and other widths', async () => {
    const none = looseMatrix(0, 3, 1);
    const one = looseMatrix(1, 3, 1);
    expect(await kernel.multiply(none, one)).toHaveLength(0);
    expect((await kernel.nearest(none, one)).center).toHaveLength(0);
    await expect(kernel.nearest(one, none)).rejects.toThrow(RangeError);
    await expect(kernel.multiply(one, looseMatrix(1, 4, 1))).rejects.toThrow('3 values');
  });
});

describe('kernels side by side', () => {
  const x = clusteredMatrix(5_001, 384, 20, 0.8);
  const centers = looseMatrix(1_003, 384, 3);

  it('give the same bits for one thread and two', async () => {
    const [one, two] = [await oneThread.nearest(x, centers), await twoThreads.nearest(x, centers)];
    expect(bytesOf(await twoThreads.multiply(x, centers)).equals(bytesOf(await oneThread.multiply(x, centers)))).toBe(
      true,
    );
    expect(bytesOf(two.center).equals(bytesOf(one.center))).toBe(true);
    expect(bytesOf(two.squaredDistance).equals(bytesOf(one.squaredDistance))).toBe(true);
  });

  it('give the same bits for one thread and two where a few rows more than fit into one run', async () => {
    const many = looseMatrix(2 ** 15 + 10, 300, 4);
    const few = looseMatrix(64, 300, 5);
    const [one, two] = [await oneThread.multiply(many, few), await twoThreads.multiply(many, few)];
    expect(bytesOf(two).equals(bytesOf(one))).toBe(true);
  });

  it('agree on products to float32 rounding', async () => {
    const [native, javascript] = await Promise.all([oneThread.multiply(x, centers), plain.multiply(x, centers)]);
    let worst = 0;
    for (let i = 0; i < native.length; i += 1) worst = Math.max(worst, Math.abs(native[i]! - javascript[i]!));
    expect(worst).toBeLessThan(1e-5);
  });
});

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array | Int32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
