import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inProcessExecutor, SHARD_ROWS } from '../../src/engine/shards.ts';
import { CoveredRows } from '../../src/math/covered-rows.ts';
import { type EmbeddingMatrix, embeddingMatrix, rowOf, takeRows, unitRows } from '../../src/math/embedding-matrix.ts';
import { squaredNorms } from '../../src/math/exact-distance.ts';
import { facilityLocation } from '../../src/math/facility-location.ts';
import { facilityLocationSample, movePicks } from '../../src/math/facility-location-sample.ts';
import { seededRandom } from '../../src/math/random.ts';
import { COLUMNS_PER_PRODUCT, SimilarityColumns } from '../../src/math/similarity-columns.ts';
import { dollyEmbeddings, hasDolly3k } from './dolly-3k.ts';
import { backwards } from './executors.ts';
import { kernels, oneThread, plain, twoThreads } from './kernels.ts';
import { clusteredMatrix, gridMatrix, looseMatrix, weightsFor } from './matrices.ts';

const matrix = (...rows: number[][]) => embeddingMatrix(Float32Array.from(rows.flat()), rows.length, rows[0]!.length);

describe('greedy facility location', () => {
  it('picks, lazily, what plain greedy picks, ties included, with any earlier picks and weights', async () => {
    const anything = fc.oneof(
      gridMatrix({ maxRows: 90 }),
      fc
        .record({ rows: fc.integer({ min: 1, max: 200 }), seed: fc.nat() })
        .map(({ rows, seed }) => looseMatrix(rows, 3, seed)),
    );
    const instance = anything.chain((x) =>
      fc.tuple(
        fc.constant(x),
        weightsFor(x.rows),
        qualityFor(x.rows),
        eligibleOf(x.rows),
        fc.integer({ min: 0, max: x.rows }),
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        instance,
        gridMatrix({ minRows: 0, maxRows: 5 }),
        fc.constantFrom(0, 400, undefined),
        fc.constantFrom(0, 30, 1_000, undefined),
        async ([x, weights, qualities, eligible, most], existing, keptCosines, keptPairs) => {
          const count = Math.min(most, eligible?.filter((flag) => flag === 1).length ?? x.rows);
          const expected = naive(x, count, existing, weights, qualities, eligible);
          for (const kernel of [oneThread, plain]) {
            const options = { kernel, existing, weights, ...qualities, eligible, keptCosines, keptPairs };
            const result = await facilityLocation(x, count, options);
            expect([...result.order]).toEqual(expected.order);
            result.gains.forEach((gain, index) => {
              expect(gain).toBeCloseTo(expected.gains[index]!, 10);
            });
            expect(result.coverage).toBeCloseTo(expected.coverage, 6);
          }
        },
      ),
    );
  });

  it('finds the middle of a group that pointed away from most rows before anything covered it', async () => {
    // Of the far group those at its edge have the highest bounds while nothing is covered: more than are looked at.
    const random = seededRandom(1, 'opposite');
    const rows = Array.from({ length: 300 }, (_, row) => {
      const [side, spread] = row < 180 ? [1, 0.05] : [-1, 0.8];
      return [side, ...Array.from({ length: 3 }, () => spread * (random.float() - 0.5))];
    });
    const x = matrix(...rows);
    const { order } = await facilityLocation(x, 3, { kernel: plain });
    expect([...order]).toEqual(naive(x, 3, takeRows(x, [])).order);
    const farOnes = [...rows.keys()].slice(180).sort((a, b) => distanceToAxis(rows[a]!) - distanceToAxis(rows[b]!));
    expect(farOnes.slice(0, 12)).toContain(order[1]);
  });

  it.each([1e-5, 3e-4, 1e-3, 1e-2])(
    'tells rows apart whose gains differ by less than their bounds are rounded by, %d beside one direction',
    async (jitter) => {
      for (const seed of [1, 2, 3, 4]) {
        const random = seededRandom(seed, 'alike');
        const rows = Array.from({ length: 300 }, () =>
          [1, 0, 0, 0].map((value) => value + jitter * (random.float() - 0.5)),
        );
        const x = matrix(...rows);
        const { order } = await facilityLocation(x, 30, { kernel: plain });
        expect([...order]).toEqual(naive(x, 30, takeRows(x, [])).order);
      }
    },
  );

  it('gains at least 1 − 1/e of the most that as many rows can gain', async () => {
    const instance = gridMatrix({ maxRows: 8 }).chain((x) => {
      const count = fc.integer({ min: 1, max: Math.min(4, x.rows) });
      return fc.tuple(fc.constant(x), weightsFor(x.rows), qualityFor(x.rows), count);
    });
    await fc.assert(
      fc.asyncProperty(
        instance,
        gridMatrix({ minRows: 0, maxRows: 2 }),
        async ([x, weights, qualities, count], existing) => {
          const result = await facilityLocation(x, count, { kernel: plain, existing, weights, ...qualities });
          const gained = result.gains.reduce((sum, gain) => sum + gain, 0);
          const before = value(x, [], existing, weights);
          const gainOf = (rows: readonly number[]) =>
            value(x, rows, existing, weights) - before + meanQuality(rows, qualities);
          const most = Math.max(...subsets(x.rows, count).map(gainOf));
          expect(gained).toBeCloseTo(gainOf([...result.order]), 6);
          expect(result.coverage).toBeCloseTo(value(x, [...result.order], existing, weights), 6);
          expect(gained).toBeLessThanOrEqual(most + 1e-6);
          expect(gained).toBeGreaterThanOrEqual((1 - 1 / Math.E) * most - 1e-6);
        },
      ),
    );
  });

  it('prefers good rows as far as their quality weighs, and says what of it is coverage', async () => {
    const x = matrix([1, 0, 0], [1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 0, 1]);
    const quality = Float64Array.of(0, 0.9, 1, 0.2, 0.1, 0.5);
    const pick = (qualityWeight: number) => facilityLocation(x, 3, { kernel: plain, quality, qualityWeight });
    const none = await facilityLocation(x, 3, { kernel: plain });
    expect(await pick(0)).toEqual(none);
    expect([...none.order]).toEqual([0, 3, 5]);
    expect([...(await pick(0.01)).order]).toEqual([2, 3, 5]);
    const good = await pick(10);
    // 1 and 2 repeat each other: the second of them is worth its quality only.
    expect([...good.order]).toEqual([2, 1, 5]);
    expect(good.gains[1]).toBeCloseTo((10 * 0.9) / 3, 12);
    expect(good.coverage).toBeCloseTo((3 + 2 * 0.5 + 1) / 6, 6);
  });

  it('goes to rows that may not be picked all the same, by those near them that may', async () => {
    // Most rows lie about the first axis, where only the last, aside of them, may be picked.
    const x = matrix([1, 0, 0], [1, 0, 0], [1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 0, 1], [1, -0.2, 0]);
    const eligible = Uint8Array.of(0, 0, 0, 0, 1, 1, 1, 1);
    const { order, coverage } = await facilityLocation(x, 3, { kernel: plain, eligible });
    expect([...order]).toEqual([7, 4, 6]);
    expect(coverage).toBeCloseTo(value(x, [7, 4, 6], takeRows(x, [])), 6);
    expect([...(await facilityLocation(x, 3, { kernel: plain })).order]).toEqual([0, 4, 6]);
    await expect(facilityLocation(x, 5, { kernel: plain, eligible })).rejects.toMatchObject({
      code: 'COUNT_OUT_OF_RANGE',
      message: 'Asked for 5 eligible rows, but there are 4 rows.',
    });
    await expect(facilityLocation(x, 1, { kernel: plain, eligible: Uint8Array.of(1) })).rejects.toThrow(
      new RangeError('eligible has 1 entries; expected 8.'),
    );
  });

  it('takes the middle of the largest group first, and leaves outliers and duplicates for later', async () => {
    const [alone, above, below] = [
      [0, 0, 0, 1],
      [10, 1, 0, 0],
      [10, -1, 0, 0],
    ];
    const x = matrix(alone!, [0, 0, 2, 0], above!, below!, [1, 0, 0, 0], [10, 0, 0, 0], [0, 0, 1, 0], [0, 0, 5, 0]);
    const { order, gains, coverage } = await facilityLocation(x, 8, { kernel: plain });
    // 4 and 5 lie between 2 and 3 and have one direction; so have 1, 6 and 7; 0 is alone.
    expect([...order]).toEqual([4, 1, 0, 2, 3, 5, 6, 7]);
    expect([...gains].slice(-3)).toEqual([0, 0, 0]);
    expect([...gains].sort((a, b) => b - a)).toEqual([...gains]);
    expect(gains.reduce((sum, gain) => sum + gain, 0)).toBeCloseTo(coverage, 6);
    expect(coverage).toBeCloseTo(1, 6);
  });

  it('does not buy again what existing rows cover', async () => {
    const x = matrix([1, 0, 0], [1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 0, 1]);
    const { order } = await facilityLocation(x, 2, { kernel: plain, existing: matrix([7, 0, 0]) });
    expect([...order]).toEqual([3, 5]);
  });

  it('goes where the weight is', async () => {
    const x = matrix([1, 0, 0], [1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]);
    const weights = Float64Array.of(1, 1, 1, 2, 8);
    const { order } = await facilityLocation(x, 3, { kernel: plain, weights });
    expect([...order]).toEqual([4, 0, 3]);
  });

  it('finds no use in rows of zeros before all others are taken', async () => {
    const x = matrix([0, 0], [1, 0], [0, 0], [0, 1], [-1, 0], [0, -1]);
    const { order } = await facilityLocation(x, 6, { kernel: plain });
    expect([...order]).toEqual([1, 3, 4, 5, 0, 2]);
    const existing = matrix([0, 0], [0, 1], [1, 1], [-1, 1]);
    expect([...(await facilityLocation(x, 1, { kernel: plain, existing })).order]).toEqual([5]);
  });

  it('is the same for one thread and two, however few columns and pairs are kept', async () => {
    const x = clusteredMatrix(2_500, 48, 30, 0.6);
    const run = (kernel: typeof oneThread, keptCosines?: number, keptPairs?: number) => {
      return facilityLocation(x, 60, { kernel, keptCosines, keptPairs, existing: takeRows(x, [3, 4]) });
    };
    const one = await run(oneThread);
    expect(new Set(one.order).size).toBe(60);
    expect(await run(twoThreads)).toEqual(one);
    expect(await run(oneThread, 0)).toEqual(one);
    expect(await run(twoThreads, undefined, 0)).toEqual(one);
    expect(await run(oneThread, undefined, 20_000)).toEqual(one);
  });

  it('covers better on average than any other rows of a random draw', async () => {
    const x = clusteredMatrix(600, 16, 12, 0.5);
    const { order, coverage } = await facilityLocation(x, 12, { kernel: oneThread });
    expect(coverage).toBeCloseTo(value(x, [...order], takeRows(x, [])), 5);
    for (const start of [0, 100, 200]) {
      expect(coverage).toBeGreaterThan(
        value(
          x,
          [...Array(12).keys()].map((i) => start + i),
          takeRows(x, []),
        ),
      );
    }
  });

  it('refuses more picks than rows, and weights that are none', async () => {
    const x = looseMatrix(3, 2, 1);
    await expect(facilityLocation(x, 4, { kernel: plain })).rejects.toMatchObject({ code: 'COUNT_OUT_OF_RANGE' });
    const weights = Float64Array.of(1, 0, 1);
    await expect(facilityLocation(x, 1, { kernel: plain, weights })).rejects.toThrow('The weight of row 1 is 0');
    expect(await facilityLocation(x, 0, { kernel: plain })).toMatchObject({ coverage: 0 });
    expect((await facilityLocation(takeRows(x, []), 0, { kernel: plain })).coverage).toBe(0);
  });

  it('refuses qualities that are none, and a weight of quality without them', async () => {
    const x = looseMatrix(3, 2, 1);
    const run = (quality?: Float64Array, qualityWeight?: number) => {
      return facilityLocation(x, 1, { kernel: plain, quality, qualityWeight });
    };
    const good = Float64Array.of(0, 0.5, 1);
    await expect(run(undefined, 1)).rejects.toThrow(
      new RangeError('There is a quality weight, 1, but no quality of any row.'),
    );
    await expect(run(good)).rejects.toThrow(new RangeError('There is a quality of every row, but no quality weight.'));
    await expect(run(Float64Array.of(0, 1.5, 1), 1)).rejects.toThrow(
      new RangeError('The quality of row 1 is 1.5: it must be from 0 to 1.'),
    );
    await expect(run(Float64Array.of(0, 1, Number.NaN), 1)).rejects.toThrow('The quality of row 2 is NaN');
    await expect(run(Float64Array.of(1), 1)).rejects.toThrow(new RangeError('There are 1 qualities for 3 rows.'));
    for (const weight of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      await expect(run(good, weight)).rejects.toThrow(
        `The quality weight is ${weight}: it must be finite and 0 or more.`,
      );
    }
  });

  it('lets others have a turn, and stops when they say so, though it has all it needs', async () => {
    const x = clusteredMatrix(400, 8, 5, 0.4);
    const abort = new AbortController();
    const run = facilityLocation(x, 400, { kernel: plain, signal: abort.signal });
    setTimeout(() => abort.abort(new Error('enough')), 0);
    await expect(run).rejects.toThrow('enough');
  });

  it('tells how far it is, and stops when it is told to', async () => {
    const x = clusteredMatrix(500, 8, 5, 0.4);
    const abort = new AbortController();
    const seen: number[] = [];
    const run = facilityLocation(x, 50, {
      kernel: plain,
      keptCosines: 0,
      signal: abort.signal,
      onProgress: ({ phase, done, total }) => {
        expect([phase, total]).toEqual(['cover', 50]);
        seen.push(done);
        if (done === 3) abort.abort(new Error('enough'));
      },
    });
    await expect(run).rejects.toThrow('enough');
    expect(seen[0]).toBe(0);
    expect(seen.at(-1)).toBe(3);
  });
});

describe('similarity columns', () => {
  it('have the same bits beside any others, for equal rows, and in any order of shards', async () => {
    const x = looseMatrix(SHARD_ROWS + 77, 5, 1);
    x.data.copyWithin(5 * 60_000, 5 * 2, 5 * 3);
    const weights = Float64Array.from({ length: x.rows }, (_, row) => 1 + (row % 7));
    const covered = new CoveredRows(weights);
    for (const kernel of kernels) {
      for (const executor of [inProcessExecutor, backwards]) {
        const columns = new SimilarityColumns(x, { kernel, executor });
        const load = async (positions: number[]) => {
          const shards = await columns.ofPositions(positions, (shard) => ({
            ...shard,
            gains: covered.shardGains(shard),
          }));
          return positions.map((_, index) => {
            const column = new Float32Array(x.rows);
            for (const { start, rows, cosines } of shards) {
              for (let i = 0; i < rows; i += 1) column[start + i] = cosines[i * COLUMNS_PER_PRODUCT + index]!;
            }
            return { column, gain: shards.reduce((sum, { gains }) => sum + gains[index]!, 0) };
          });
        };
        const [alone] = await load([2]);
        const many = await load([9, 60_000, ...Array.from({ length: 61 }, (_, i) => 100 + i), 2]);
        expect(Buffer.from(many.at(-1)!.column.buffer).equals(Buffer.from(alone!.column.buffer))).toBe(true);
        expect(Buffer.from(many[1]!.column.buffer).equals(Buffer.from(alone!.column.buffer))).toBe(true);
        expect(many.at(-1)!.gain).toBe(alone!.gain);
        expect(covered.gain(alone!.column)).toBe(alone!.gain);
      }
    }
  });

  it('have the same cosine in both directions, in a short last shard too', async () => {
    const x = looseMatrix(SHARD_ROWS + 77, 48, 3);
    const positions = [0, 5, 30_000, SHARD_ROWS - 1, SHARD_ROWS, SHARD_ROWS + 3, SHARD_ROWS + 76];
    for (const kernel of [oneThread, twoThreads]) {
      const columns = new SimilarityColumns(x, { kernel });
      const table = positions.map(() => positions.map(() => Number.NaN));
      await columns.ofPositions(positions, ({ start, rows, cosines }) => {
        for (const [i, position] of positions.entries()) {
          if (position < start || position >= start + rows) continue;
          for (const j of positions.keys()) table[i]![j] = cosines[(position - start) * COLUMNS_PER_PRODUCT + j]!;
        }
      });
      expect(table).toEqual(positions.map((_, i) => positions.map((__, j) => table[j]![i]!)));
      expect(table.flat().every(Number.isFinite)).toBe(true);
    }
  });

  it('lead to the same first pick in any order of shards', async () => {
    const x = clusteredMatrix(SHARD_ROWS + 500, 3, 4, 0.3);
    const first = async (executor: typeof inProcessExecutor) => facilityLocation(x, 1, { kernel: oneThread, executor });
    expect(await first(backwards)).toEqual(await first(inProcessExecutor));
  });
});

const distanceToAxis = ([, ...others]: readonly number[]) => Math.hypot(...others);

interface Qualities {
  readonly quality: Float64Array;
  readonly qualityWeight: number;
}

/** None, or a few sizes, so that there are ties. */
function qualityFor(rows: number): fc.Arbitrary<Qualities | undefined> {
  const quality = fc.array(fc.constantFrom(0, 0.25, 0.5, 1), { minLength: rows, maxLength: rows });
  const qualities = fc.record({
    quality: quality.map((values) => Float64Array.from(values)),
    qualityWeight: fc.constantFrom(0, 0.1, 1, 20),
  });
  return fc.option(qualities, { nil: undefined });
}

/** All, or those that flags say. */
function eligibleOf(rows: number): fc.Arbitrary<Uint8Array | undefined> {
  const flags = fc.array(fc.constantFrom(0, 1, 1), { minLength: rows, maxLength: rows });
  return fc.option(
    flags.map((values) => Uint8Array.from(values)),
    { nil: undefined },
  );
}

const meanQuality = (rows: readonly number[], qualities?: Qualities) =>
  qualities ? rows.reduce((sum, row) => sum + (qualities.qualityWeight * qualities.quality[row]!) / rows.length, 0) : 0;

/** Greedy by its definition, over the whole table of similarities. */
function naive(
  x: EmbeddingMatrix,
  count: number,
  existing: EmbeddingMatrix,
  given?: Float64Array,
  qualities?: Qualities,
  eligible?: Uint8Array,
) {
  const weights = relative(x.rows, given);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const rows = unit(x);
  const others = unit(existing);
  const columnOf = (matrix: EmbeddingMatrix, row: number) =>
    Array.from({ length: x.rows }, (_, i) => (isZero(matrix, row) ? -1 : cosine(rows, i, matrix, row)));
  const columns = Array.from({ length: x.rows }, (_, row) => columnOf(rows, row));
  const covered = Array<number>(x.rows).fill(-1);
  const choose = (column: number[]) => {
    for (const [i, similarity] of column.entries()) covered[i] = Math.max(covered[i]!, similarity);
  };
  for (let row = 0; row < existing.rows; row += 1) choose(columnOf(others, row));
  const gainOf = (column: number[]) =>
    column.reduce((sum, similarity, i) => sum + 2 * weights[i]! * Math.max(0, similarity - covered[i]!), 0);
  const bonusOf = (row: number) =>
    qualities ? ((qualities.qualityWeight * qualities.quality[row]!) / count) * (4 * total) : 0;
  const order: number[] = [];
  const gains: number[] = [];
  while (order.length < count) {
    const all = columns.map((column, row) => gainOf(column) + bonusOf(row));
    const left = [...all.keys()].filter((row) => !order.includes(row) && eligible?.[row] !== 0);
    const best = left.reduce((top, row) => (all[row]! > all[top]! ? row : top));
    order.push(best);
    gains.push(all[best]! / (4 * total));
    choose(columns[best]!);
  }
  const coverage = covered.reduce((sum, similarity, i) => sum + weights[i]! * (1 + similarity), 0) / (2 * total);
  return { order, gains, coverage };
}

/** The objective by its definition. */
function value(x: EmbeddingMatrix, chosen: readonly number[], existing: EmbeddingMatrix, given?: Float64Array): number {
  const weights = relative(x.rows, given);
  const rows = unit(x);
  const others = unit(existing);
  let sum = 0;
  for (let i = 0; i < x.rows; i += 1) {
    const cosines = chosen.filter((row) => !isZero(rows, row)).map((row) => cosine(rows, i, rows, row));
    for (let row = 0; row < others.rows; row += 1) {
      if (!isZero(others, row)) cosines.push(cosine(rows, i, others, row));
    }
    sum += weights[i]! * (cosines.length === 0 ? 0 : (1 + Math.max(...cosines)) / 2);
  }
  return sum / weights.reduce((total, weight) => total + weight, 0);
}

const relative = (rows: number, given?: Float64Array) =>
  given ? given.map((weight) => weight / Math.max(...given)) : new Float64Array(rows).fill(1);

const unit = (x: EmbeddingMatrix) =>
  unitRows(
    x,
    Int32Array.from({ length: x.rows }, (_, row) => row),
    squaredNorms(x),
  );

const isZero = (x: EmbeddingMatrix, row: number) => rowOf(x, row).every((value) => value === 0);

function cosine(a: EmbeddingMatrix, i: number, b: EmbeddingMatrix, j: number): number {
  const other = rowOf(b, j);
  return Math.fround(rowOf(a, i).reduce((sum, term, column) => sum + term * other[column]!, 0));
}

function subsets(rows: number, count: number): number[][] {
  if (count === 0) return [[]];
  return Array.from({ length: rows }, (_, last) => subsets(last, count - 1).map((rest) => [...rest, last])).flat();
}

describe('facility location in a sample', () => {
  const objective = async (x: EmbeddingMatrix, order: Int32Array) => {
    const products = await oneThread.multiply(x, takeRows(x, order));
    const rows = Array.from({ length: x.rows }, (_, row) =>
      products.subarray(row * order.length, (row + 1) * order.length),
    );
    return rows.reduce((sum, cosines) => sum + (1 + Math.max(...cosines)) / 2, 0) / x.rows;
  };
  const SMALL = { mostRows: 100, sampleRows: 600 };

  it.skipIf(!hasDolly3k)('reaches 98 % of what the whole pool gives, on real instructions', async () => {
    const x = dollyEmbeddings();
    const whole = await facilityLocation(x, 30, { kernel: oneThread });
    const { order } = await facilityLocation(x, 30, { kernel: oneThread, ...SMALL });
    expect(new Set(order).size).toBe(30);
    expect([...order]).not.toEqual([...whole.order]);
    expect(await objective(x, order)).toBeGreaterThan(0.98 * (await objective(x, whole.order)));
  });

  it('moves picks to rows that cover more, and never to fewer', async () => {
    const x = clusteredMatrix(2_000, 24, 20, 0.7);
    const drawn = Int32Array.from({ length: 20 }, (_, i) => i * 97);
    const moved = await movePicks(x, drawn, { kernel: oneThread });
    expect(new Set(moved).size).toBe(20);
    expect(await objective(x, moved)).toBeGreaterThan(await objective(x, drawn));
    expect([...(await movePicks(x, drawn, { kernel: oneThread, existing: x }))]).toEqual([...drawn]);
  });

  it('keeps weights, and brings the best, cheapest and eligible rows along', async () => {
    const x = clusteredMatrix(2_000, 8, 10, 0.7);
    const eligible = Uint8Array.from({ length: x.rows }, (_, row) => (row < 40 ? 1 : 0));
    const { order } = await facilityLocation(x, 40, { kernel: oneThread, eligible, ...SMALL });
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, row) => row));
    const quality = Float64Array.from({ length: x.rows }, (_, row) => (row === 1_234 ? 1 : 0));
    const best = await facilityLocation(x, 5, { kernel: oneThread, quality, qualityWeight: 10, ...SMALL });
    expect([...best.order]).toContain(1_234);
    const costs = quality.map((value) => (value === 1 ? 1e-3 : 1));
    expect([...(await facilityLocation(x, 5, { kernel: oneThread, costs, ...SMALL })).order]).toContain(1_234);
    const weights = Float64Array.from({ length: x.rows }, (_, row) => 1 + (row % 3));
    const sample = facilityLocationSample(x, 5, { kernel: oneThread, weights, ...SMALL })!;
    expect([...sample.options.weights!]).toEqual(Array.from(sample.rows, (row) => weights[row]!));
  });

  it('is not used where the sample would be the pool', () => {
    expect(facilityLocationSample(clusteredMatrix(500, 4, 2, 0.5), 5, { kernel: oneThread, ...SMALL })).toBeUndefined();
  });
});
