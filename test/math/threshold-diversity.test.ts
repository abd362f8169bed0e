import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EmbeddingMatrix, embeddingMatrix, rowOf, stackRows, takeRows } from '../../src/math/embedding-matrix.ts';
import { thresholdDiversity } from '../../src/math/threshold-diversity.ts';
import { dollyEmbeddings, hasDolly3k, readGolden } from './dolly-3k.ts';
import { kernels, oneThread, plain, twoThreads } from './kernels.ts';
import { clusteredMatrix, gridMatrix, looseMatrix } from './matrices.ts';

describe('the walk with a similarity threshold', () => {
  it.skipIf(!hasDolly3k)('keeps what the DEITA reference keeps, in its order', async () => {
    const { complexity, quality, threshold, dataSize, selected } = readGolden<{
      complexity: number[];
      quality: number[];
      threshold: number;
      dataSize: number;
      selected: number[];
    }>('deita.json');
    const scores = complexity.map((value, row) => value * quality[row]!);
    const order = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]! || a - b);
    for (const kernel of kernels) {
      const { kept } = await thresholdDiversity(dollyEmbeddings(), order, { threshold, count: dataSize, kernel });
      expect([...kept]).toEqual(selected);
    }
  });

  it('keeps what a plain double loop keeps, with any earlier picks', async () => {
    const anything = fc.oneof(
      gridMatrix({ maxRows: 60 }),
      gridMatrix({ maxRows: 20, columns: 1 }),
      fc
        .record({
          rows: fc.integer({ min: 1, max: 80 }),
          spread: fc.double({ min: 0.01, max: 1, noNaN: true }),
          seed: fc.nat(),
        })
        .map(({ rows, spread, seed }) => clusteredMatrix(rows, 3, 5, spread, seed)),
    );
    const threshold = fc.oneof(
      // Cosines of grid rows, among them some that are not exact in floating point.
      fc.constantFrom(-1, -0.5, 0, 0.5, 1 / Math.sqrt(2), 0.8, 0.9, 1, 2),
      fc.double({ min: -1, max: 1, noNaN: true }),
    );
    const instance = anything.chain((x) =>
      fc.tuple(
        fc.constant(x),
        fc.shuffledSubarray([...Array(x.rows).keys()]),
        gridMatrix({ minRows: 0, maxRows: 3, columns: x.columns }),
      ),
    );
    await fc.assert(
      fc.asyncProperty(instance, threshold, fc.double({ min: 0, max: 1, noNaN: true }), async (given, cosine, part) => {
        const [x, order, existing] = given;
        const count = Math.round(part * order.length);
        const expected = naive(x, order, cosine, count, existing);
        for (const kernel of [oneThread, plain]) {
          const { kept, skipped } = await thresholdDiversity(x, order, { threshold: cosine, count, kernel, existing });
          expect({ kept: [...kept], skipped }).toEqual(expected);
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each([0.2, 0.6, 0.95])('overlooks nothing across blocks at threshold %d', async (threshold) => {
    const x = clusteredMatrix(2_100, 24, 400, 0.35);
    const order = [...Array(2_100).keys()].reverse();
    const existing = clusteredMatrix(3_600, 24, 3_600, 1, 2);
    const expected = naive(x, order, threshold, 2_000, existing);
    const options = { threshold, count: 2_000, existing };
    for (const kernel of [oneThread, twoThreads]) {
      const { kept, skipped } = await thresholdDiversity(x, order, { ...options, kernel });
      expect({ kept: [...kept], skipped }).toEqual(expected);
    }
  });

  it('leaves out rows above the threshold, not at it', async () => {
    // Cosines with the first: 0.6 and 0.8, but for their rounding to float32.
    const x = embeddingMatrix(Float32Array.from([1, 0, 3, 4, 4, 3]), 3, 2);
    const kept = async (threshold: number) => [
      ...(await thresholdDiversity(x, [0, 1], { threshold, count: 2, kernel: oneThread })).kept,
    ];
    expect(await kept(0.6)).toEqual([0, 1]);
    expect(await kept(0.5999999)).toEqual([0]);
  });

  it('keeps parallel rows at threshold 1 only, and rows of zeros unless 0 is too similar', async () => {
    const x = embeddingMatrix(Float32Array.from([0.1, 0.3, 0.7, 2.1, 0, 0, 0, 0, -0.1, -0.3]), 5, 2);
    const kept = async (threshold: number) => [
      ...(await thresholdDiversity(x, [0, 1, 2, 3, 4], { threshold, count: 5, kernel: plain })).kept,
    ];
    expect(await kept(1)).toEqual([0, 1, 2, 3, 4]);
    expect(await kept(0.999)).toEqual([0, 2, 3, 4]);
    expect(await kept(-0.1)).toEqual([0, 4]);
  });

  it('takes nothing for more similar than 1 by rounding', async () => {
    const once = looseMatrix(200, 400, 1);
    const x = stackRows([once, { ...once, data: once.data.map((value) => 3 * value) }], 400);
    const order = [...Array(400).keys()];
    expect((await thresholdDiversity(x, order, { threshold: 1, count: 400, kernel: plain })).skipped).toBe(0);
  });

  it('stops at the count, and says how many it left out until then', async () => {
    const once = looseMatrix(40, 8, 1);
    const x = stackRows([takeRows(once, [0, 0, 0]), once], 8);
    const order = [...Array(43).keys()];
    const options = { threshold: 0.999, kernel: plain };
    expect(await thresholdDiversity(x, order, { ...options, count: 2 })).toEqual({
      kept: Int32Array.from([0, 4]),
      skipped: 3,
    });
    expect(await thresholdDiversity(x, order, { ...options, count: 43 })).toMatchObject({ skipped: 3 });
    expect(await thresholdDiversity(x, order, { ...options, count: 0 })).toEqual({
      kept: new Int32Array(0),
      skipped: 0,
    });
  });

  it('leaves the first out where it repeats an existing row of any length', async () => {
    const x = embeddingMatrix(Float32Array.from([1, 0, 0, 1]), 2, 2);
    const existing = embeddingMatrix(Float32Array.from([7, 0, 0, 0]), 2, 2);
    const result = await thresholdDiversity(x, [0, 1], { threshold: 0.9, count: 2, kernel: plain, existing });
    expect(result).toEqual({ kept: Int32Array.from([1]), skipped: 1 });
  });

  it('tells how far it is', async () => {
    const done: number[] = [];
    const onProgress = (event: { done: number; total?: number }) => done.push(event.done);
    const x = looseMatrix(1_100, 30, 1);
    const order = [...Array(1_100).keys()];
    const { kept } = await thresholdDiversity(x, order, {
      threshold: 0.9,
      count: 1_100,
      kernel: oneThread,
      onProgress,
    });
    expect(done).toEqual([0, 1_024, kept.length]);
  });

  it('refuses more rows than there are to walk, and walks that make no sense', async () => {
    const x = looseMatrix(3, 2, 1);
    const walk = (order: number[], count = 1, threshold = 0.9, existing?: EmbeddingMatrix) =>
      thresholdDiversity(x, order, { threshold, count, kernel: plain, existing });
    await expect(walk([0, 1], 3)).rejects.toMatchObject({ code: 'COUNT_OUT_OF_RANGE' });
    await expect(walk([0, 3])).rejects.toThrow('no row 3 among 3');
    await expect(walk([0, -1])).rejects.toThrow('no row -1');
    await expect(walk([0, 2, 0])).rejects.toThrow('row 0 twice');
    await expect(walk([0], 1, Number.NaN)).rejects.toThrow(RangeError);
    await expect(walk([0], 1, 0.9, looseMatrix(1, 3, 1))).rejects.toThrow('existing ones of 3');
  });

  it('stops when it is told to', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    const options = { threshold: 0.9, count: 1, kernel: plain, signal };
    await expect(thresholdDiversity(looseMatrix(3, 2, 1), [0, 1], options)).rejects.toThrow('enough');
  });
});

function naive(x: EmbeddingMatrix, order: number[], threshold: number, count: number, existing: EmbeddingMatrix) {
  const dot = (a: Float32Array, b: Float32Array) => {
    let sum = 0;
    for (let i = 0; i < a.length; i += 1) sum += a[i]! * b[i]!;
    return sum;
  };
  const cosine = (a: Float32Array, b: Float32Array) => {
    const norms = dot(a, a) * dot(b, b);
    return norms === 0 ? 0 : Math.min(1, dot(a, b) / Math.sqrt(norms));
  };
  const seen = Array.from({ length: existing.rows }, (_, row) => rowOf(existing, row));
  const kept: number[] = [];
  let skipped = 0;
  for (const position of order) {
    if (kept.length === count) break;
    const row = rowOf(x, position);
    if (seen.some((other) => cosine(row, other) > threshold)) skipped += 1;
    else {
      seen.push(row);
      kept.push(position);
    }
  }
  return { kept, skipped };
}
