import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EmbeddingMatrix, embeddingMatrix, rowOf, stackRows, takeRows } from '../../src/math/embedding-matrix.ts';
import { squaredDistance } from '../../src/math/exact-distance.ts';
import { pca } from '../../src/math/pca.ts';
import { dollyEmbeddings, hasDolly3k, readGolden } from './dolly-3k.ts';
import { backwards } from './executors.ts';
import { kernels, oneThread, plain, twoThreads } from './kernels.ts';
import { clusteredMatrix, gridMatrix, looseMatrix } from './matrices.ts';

describe('principal components', () => {
  it.skipIf(!hasDolly3k)('are as many as scikit-learn keeps of real instructions, with every kernel', async () => {
    const { pcaComponents } = readGolden<{ pcaComponents: number }>('car.json');
    for (const kernel of kernels) {
      const { components, scores } = await pca(dollyEmbeddings(), { kernel });
      expect(components).toBe(pcaComponents);
      expect(scores.columns).toBe(pcaComponents);
    }
  });

  it('turn a tilted line into one column, with the loading of largest size positive', async () => {
    // Along (−3, 4) / 5 around (10, 10): steps of −5, 0 and 5.
    const x = embeddingMatrix(Float32Array.from([13, 6, 10, 10, 7, 14]), 3, 2);
    const { scores, explainedShares, components } = await pca(x, { kernel: plain });
    expect(components).toBe(1);
    expect([...scores.data].map((score) => Math.round(score * 1e5) / 1e5)).toEqual([-5, 0, 5]);
    expect(explainedShares[0]).toBeCloseTo(1, 12);
  });

  it('keep more than the share asked for, not just as much', async () => {
    // Two directions with 4/5 and 1/5 of the variance.
    const x = embeddingMatrix(Float32Array.from([2, 0, -2, 0, 0, 1, 0, -1]), 4, 2);
    const kept = async (keep: number) => (await pca(x, { kernel: plain, keep })).components;
    expect([await kept(0.79), await kept(0.8), await kept(0.81)]).toEqual([1, 2, 2]);
    expect([...(await pca(x, { kernel: plain, keep: 0.9 })).explainedShares]).toEqual([0.8, 0.2]);
  });

  it('have uncorrelated scores, whose variances are the shares, falling', async () => {
    const x = clusteredMatrix(2_500, 24, 6, 0.4);
    const { scores, explainedShares, components } = await pca(x, { kernel: oneThread, keep: 0.9 });
    const total = squaredSum(centre(x));
    for (let i = 0; i < components; i += 1) {
      for (let j = 0; j <= i; j += 1) {
        expect(columnProduct(scores, i, j) / total).toBeCloseTo(i === j ? explainedShares[i]! : 0, 6);
      }
      if (i > 0) expect(explainedShares[i]!).toBeLessThanOrEqual(explainedShares[i - 1]!);
    }
    const kept = explainedShares.reduce((sum, share) => sum + share, 0);
    expect(kept).toBeGreaterThan(0.9);
    expect(kept - explainedShares.at(-1)!).toBeLessThanOrEqual(0.9);
  });

  it('point where the loading of largest size is positive, be there more rows or more columns', async () => {
    for (const [rows, columns] of [
      [30, 6],
      [6, 30],
    ] as const) {
      for (let seed = 0; seed < 5; seed += 1) {
        const x = looseMatrix(rows, columns, seed);
        const { scores, components } = await pca(x, { kernel: oneThread });
        const centred = centre(x);
        for (let component = 0; component < components; component += 1) {
          const loadings = Array.from({ length: columns }, (_, column) => {
            let sum = 0;
            for (let row = 0; row < rows; row += 1) {
              sum += centred.data[row * columns + column]! * scores.data[row * components + component]!;
            }
            return sum;
          });
          expect(Math.max(...loadings)).toBeGreaterThan(-Math.min(...loadings));
        }
      }
    }
  });

  it('are no more than the rows span, for any share', async () => {
    const [once, keep] = [looseMatrix(5, 40, 1), 1 - 1e-12];
    const often = stackRows([once, once, once, once, once, once, once, once, once], 40);
    for (const x of [once, often]) {
      for (const kernel of [oneThread, plain]) expect((await pca(x, { kernel, keep })).components).toBe(4);
    }
  });

  it('keep the distances between rows, be there more rows or more columns', async () => {
    const anything = fc.oneof(
      gridMatrix({ maxRows: 12, columns: 5 }),
      gridMatrix({ maxRows: 12, columns: 1 }),
      fc
        .record({
          rows: fc.integer({ min: 1, max: 40 }),
          columns: fc.integer({ min: 1, max: 40 }),
          seed: fc.nat(),
        })
        .map(({ rows, columns, seed }) => looseMatrix(rows, columns, seed)),
    );
    await fc.assert(
      fc.asyncProperty(anything, async (x) => {
        for (const kernel of [oneThread, plain]) {
          const { scores, components, explainedShares } = await pca(x, { kernel, keep: 0.999999 });
          expect(components).toBeLessThanOrEqual(Math.max(1, Math.min(x.rows - 1, x.columns)));
          expect(scores).toMatchObject({ rows: x.rows, columns: components });
          expect(explainedShares).toHaveLength(components);
          const variance = squaredSum(centre(x));
          for (let row = 1; row < x.rows; row += 1) {
            const lost = squaredDistance(x, 0, x, row) - squaredDistance(scores, 0, scores, row);
            expect(Math.abs(lost)).toBeLessThan(1e-3 * variance + 1e-9);
          }
        }
      }),
    );
  });

  it('are the same bits for any number of threads and any order of the workers', async () => {
    for (const [rows, columns, spread] of [
      [1_500, 96, 0.5],
      [900, 33, 0.5],
      [50, 64, 0.5],
      // A few components of many columns.
      [200, 400, 0.01],
    ] as const) {
      const x = clusteredMatrix(rows, columns, 4, spread);
      const expected = await pca(x, { kernel: oneThread, keep: 0.9 });
      expect(await pca(x, { kernel: twoThreads, keep: 0.9, executor: backwards })).toEqual(expected);
    }
  });

  it('add up over shards, each in its place', async () => {
    const once = clusteredMatrix(700, 4, 3, 0.5);
    const x = stackRows(
      Array.from({ length: 100 }, () => once),
      4,
    );
    const [alone, often] = [await pca(once, { kernel: oneThread }), await pca(x, { kernel: oneThread })];
    expect(often.components).toBe(alone.components);
    for (const row of [0, 699, 65_535, 65_536, 69_999]) {
      for (const [i, score] of rowOf(often.scores, row).entries()) {
        expect(score).toBeCloseTo(rowOf(alone.scores, row % 700)[i]!, 4);
      }
    }
    const { scores } = await pca(x, { kernel: oneThread, executor: backwards });
    expect(Buffer.from(scores.data.buffer).equals(Buffer.from(often.scores.data.buffer))).toBe(true);
  });

  it('give equal rows equal scores', async () => {
    const x = clusteredMatrix(1_200, 20, 30, 0.5);
    const { scores } = await pca(stackRows([x, takeRows(x, [3, 1_199])], 20), { kernel: twoThreads });
    expect([...rowOf(scores, 1_200)]).toEqual([...rowOf(scores, 3)]);
    expect([...rowOf(scores, 1_201)]).toEqual([...rowOf(scores, 1_199)]);
  });

  it('are one column of zeros where all rows are equal, or there is one', async () => {
    for (const rows of [1, 2, 5]) {
      const x = embeddingMatrix(new Float32Array(rows * 3).fill(0.1), rows, 3);
      const { scores, components, explainedShares } = await pca(x, { kernel: plain });
      expect(scores).toEqual({ data: new Float32Array(rows), rows, columns: 1 });
      expect([components, ...explainedShares]).toEqual([1, 0]);
    }
  });

  it('leave what they are given as it was', async () => {
    const x = looseMatrix(30, 4, 1);
    await pca(x, { kernel: plain });
    expect(x).toEqual(looseMatrix(30, 4, 1));
  });

  it('refuse shares out of range, nothing at all, and values that are no numbers', async () => {
    const x = looseMatrix(3, 2, 1);
    for (const keep of [0, 1, Number.NaN]) {
      await expect(pca(x, { kernel: plain, keep })).rejects.toThrow(`variance, not ${keep}`);
    }
    await expect(pca(embeddingMatrix(new Float32Array(0), 0, 2), { kernel: plain })).rejects.toThrow('0 × 2');
    const broken = embeddingMatrix(Float32Array.from([1, 2, Number.NaN, 4]), 2, 2);
    await expect(pca(broken, { kernel: plain })).rejects.toThrow(RangeError);
  });

  it('stop when they are told to', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(pca(looseMatrix(9, 2, 1), { kernel: plain, signal })).rejects.toThrow('enough');
  });
});

function centre(x: EmbeddingMatrix): EmbeddingMatrix {
  const data = Float32Array.from(x.data);
  for (let column = 0; column < x.columns; column += 1) {
    let sum = 0;
    for (let row = 0; row < x.rows; row += 1) sum += data[row * x.columns + column]!;
    for (let row = 0; row < x.rows; row += 1) data[row * x.columns + column]! -= sum / x.rows;
  }
  return { ...x, data };
}

function squaredSum({ data }: EmbeddingMatrix): number {
  return data.reduce((sum, value) => sum + value ** 2, 0);
}

function columnProduct({ data, rows, columns }: EmbeddingMatrix, i: number, j: number): number {
  let sum = 0;
  for (let row = 0; row < rows; row += 1) sum += data[row * columns + i]! * data[row * columns + j]!;
  return sum;
}
