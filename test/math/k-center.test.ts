import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EmbeddingMatrix, embeddingMatrix } from '../../src/math/embedding-matrix.ts';
import { kCenter } from '../../src/math/k-center.ts';
import { seededRandom } from '../../src/math/random.ts';
import { dollyEmbeddings, hasDolly3k, readGolden } from './dolly-3k.ts';
import { kernels, oneThread, plain } from './kernels.ts';
import { clusteredMatrix, gridMatrix, looseMatrix, weightsFor } from './matrices.ts';

describe('k-center greedy', () => {
  it.skipIf(!hasDolly3k)('picks what the MoDS reference picks, in its order', async () => {
    const golden = readGolden<{ first: number; order: number[]; finalRadius: number }>('k-center.json');
    for (const kernel of kernels) {
      const { order, radius } = await kCenter(dollyEmbeddings(), golden.order.length, { kernel, first: golden.first });
      expect([...order]).toEqual(golden.order);
      expect(Math.abs(radius - golden.finalRadius)).toBeLessThan(1e-5);
    }
  });

  it('picks like a plain double loop, with any earlier picks', async () => {
    const anything = fc.oneof(
      gridMatrix({ maxRows: 80 }),
      fc
        .record({ rows: fc.integer({ min: 1, max: 150 }), seed: fc.nat() })
        .map(({ rows, seed }) => looseMatrix(rows, 3, seed)),
    );
    await fc.assert(
      fc.asyncProperty(
        anything,
        gridMatrix({ minRows: 0, maxRows: 5 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (x, existing, part) => {
          const count = Math.round(part * x.rows);
          const expected = naive(x, count, existing);
          for (const kernel of [oneThread, plain]) {
            const result = await kCenter(x, count, { kernel, existing, first: 0 });
            expect([...result.order]).toEqual(expected.order);
            expect([...result.distances]).toEqual(expected.distances.map(Math.fround));
            expect(result.radius).toBeCloseTo(expected.radius, 12);
          }
        },
      ),
    );
  });

  it('picks the largest weight × distance like a plain double loop, the heaviest first', async () => {
    const instance = gridMatrix({ maxRows: 60 }).chain((x) => fc.tuple(fc.constant(x), weightsFor(x.rows)));
    await fc.assert(
      fc.asyncProperty(
        instance,
        gridMatrix({ minRows: 0, maxRows: 3 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async ([x, weights], existing, part) => {
          const count = Math.round(part * x.rows);
          const expected = naive(x, count, existing, weights);
          for (const kernel of [oneThread, plain]) {
            const result = await kCenter(x, count, { kernel, existing, weights });
            expect([...result.order]).toEqual(expected.order);
            expect([...result.distances]).toEqual(expected.distances.map(Math.fround));
            expect(result.radius).toBeCloseTo(expected.radius, 12);
          }
        },
      ),
    );
  });

  it('has a weighted radius of at most min(3, 1 + largest / smallest weight) times the smallest possible', async () => {
    const instance = gridMatrix({ maxRows: 8 }).chain((x) => {
      return fc.tuple(fc.constant(x), weightsFor(x.rows), fc.integer({ min: 1, max: Math.min(3, x.rows) }));
    });
    await fc.assert(
      fc.asyncProperty(instance, gridMatrix({ minRows: 0, maxRows: 2 }), async ([x, given, count], existing) => {
        const weights = given ?? new Float64Array(x.rows).fill(1);
        const { radius } = await kCenter(x, count, { kernel: plain, existing, weights });
        const factor = Math.min(3, 1 + Math.max(...weights) / Math.min(...weights));
        expect(radius).toBeLessThanOrEqual(factor * smallestRadius(x, count, existing, weights) + 1e-9);
      }),
      { numRuns: 300 },
    );
  });

  it('leaves duplicates of a centre for the end, and never picks a position twice', async () => {
    const x = embeddingMatrix(Float32Array.from([0, 0, 5, 5, 0, 9]), 6, 1);
    const { order, distances, radius } = await kCenter(x, 6, { kernel: plain, first: 1 });
    expect([...order]).toEqual([1, 5, 2, 0, 3, 4]);
    expect([...distances]).toEqual([Number.POSITIVE_INFINITY, 9, 4, 0, 0, 0]);
    expect(radius).toBe(0);
  });

  it('covers a large set no worse than the distance of its last pick', async () => {
    const x = clusteredMatrix(3_000, 48, 30, 0.6);
    const { distances, radius } = await kCenter(x, 100, { kernel: oneThread, random: seededRandom(3) });
    for (let i = 1; i < 100; i += 1) expect(distances[i]!).toBeLessThanOrEqual(distances[i - 1]!);
    expect(radius).toBeLessThanOrEqual(distances[99]!);
    expect(radius).toBeGreaterThan(0);
  });

  it('draws the first centre by the seed, and says where the centres are after none', async () => {
    const x = looseMatrix(50, 2, 1);
    const first = async (seed: number) =>
      (await kCenter(x, 1, { kernel: plain, random: seededRandom(seed) })).order[0]!;
    expect(await first(1)).toBe(await first(1));
    expect(new Set(await Promise.all([1, 2, 3, 4, 5, 6].map(first))).size).toBeGreaterThan(1);
    expect((await kCenter(x, 0, { kernel: plain })).radius).toBe(Number.POSITIVE_INFINITY);
  });

  it('refuses more picks than rows, with both numbers', async () => {
    await expect(kCenter(looseMatrix(3, 2, 1), 4, { kernel: plain })).rejects.toMatchObject({
      code: 'COUNT_OUT_OF_RANGE',
      message: expect.stringMatching(/4 .*3 rows/),
    });
    await expect(kCenter(looseMatrix(3, 2, 1), 1, { kernel: plain, first: 3 })).rejects.toThrow(RangeError);
  });

  it('stops when it is told to', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(kCenter(looseMatrix(3, 2, 1), 2, { kernel: plain, signal })).rejects.toThrow('enough');
  });
});

function smallestRadius(x: EmbeddingMatrix, count: number, existing: EmbeddingMatrix, weights: Float64Array): number {
  const squared = (a: EmbeddingMatrix, i: number, b: EmbeddingMatrix, j: number) =>
    [0, 1, 2].reduce((sum, column) => sum + (a.data[i * 3 + column]! - b.data[j * 3 + column]!) ** 2, 0);
  const radiusOf = (chosen: readonly number[]) =>
    Math.max(
      ...Array.from(weights, (weight, row) => {
        const distances = chosen.map((other) => squared(x, row, x, other));
        for (let other = 0; other < existing.rows; other += 1) distances.push(squared(x, row, existing, other));
        return (weight / Math.max(...weights)) * Math.sqrt(Math.min(...distances));
      }),
    );
  const search = (chosen: readonly number[]): number =>
    chosen.length === count ? radiusOf(chosen) : Math.min(...Array.from(weights, (_, row) => search([...chosen, row])));
  return search([]);
}

function naive(x: EmbeddingMatrix, count: number, existing: EmbeddingMatrix, given?: Float64Array) {
  const weights = Array.from({ length: x.rows }, (_, row) => (given ? given[row]! / Math.max(...given) : 1));
  const at = (matrix: EmbeddingMatrix, row: number) => Array.from(matrix.data.subarray(row * 3, row * 3 + 3));
  const squared = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0);
  const centers = Array.from({ length: existing.rows }, (_, row) => at(existing, row));
  const nearest = () =>
    Array.from({ length: x.rows }, (_, row) => Math.min(...centers.map((center) => squared(at(x, row), center))));
  const order: number[] = [];
  const distances: number[] = [];
  while (order.length < count) {
    const now = nearest();
    const urgency = (row: number) => (Number.isFinite(now[row]!) ? weights[row]! ** 2 * now[row]! : weights[row]!);
    const next = [...now.keys()]
      .filter((row) => !order.includes(row))
      .reduce((best, row) => (urgency(row) > urgency(best) ? row : best));
    order.push(next);
    distances.push(Math.sqrt(now[next]!));
    centers.push(at(x, next));
  }
  return {
    order,
    distances,
    radius: Math.sqrt(Math.max(0, ...nearest().map((value, row) => weights[row]! ** 2 * value))),
  };
}
