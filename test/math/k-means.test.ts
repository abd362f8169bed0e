import fc from 'fast-check';
import { kmeans as mlKMeans } from 'ml-kmeans';
import { describe, expect, it } from 'vitest';
import { type EmbeddingMatrix, embeddingMatrix, rowOf, takeRows } from '../../src/math/embedding-matrix.ts';
import { kMeans } from '../../src/math/k-means.ts';
import { drawKMeansSeeds } from '../../src/math/k-means-seeds.ts';
import { type Clustering, lloyd, relocateEmptyClusters } from '../../src/math/lloyd.ts';
import type { MatrixKernel } from '../../src/math/matrix-kernel.ts';
import { seededRandom } from '../../src/math/random.ts';
import { dollyEmbeddings, hasDolly3k, readGolden } from './dolly-3k.ts';
import { kernels, oneThread, plain, twoThreads } from './kernels.ts';
import { clusteredMatrix, gridMatrix, looseMatrix, weightsFor } from './matrices.ts';

describe('k-means', () => {
  it.skipIf(!hasDolly3k)('ends in one run within 2 % of the inertia scikit-learn reaches', async () => {
    const { sklearnInertia, regionSize } = readGolden<{ sklearnInertia: number; regionSize: number }>(
      'select-llm-regions.json',
    );
    const x = dollyEmbeddings();
    for (const seed of [0, 1, 2]) {
      const { inertia } = await kMeans(x, regionSize, { random: seededRandom(seed), kernel: twoThreads });
      expect(inertia).toBeLessThanOrEqual(1.02 * sklearnInertia);
    }
  });

  it('gives clusters that fit together, with any duplicates, for every k from 1 to n', async () => {
    await fc.assert(
      fc.asyncProperty(gridMatrix(), fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), async (x, seed, part) => {
        const k = 1 + Math.floor(part * (x.rows - 1));
        for (const kernel of [oneThread, plain]) {
          const result = await kMeans(x, k, { random: seededRandom(seed), kernel });
          expectConsistent(x, result);
          if (k >= distinctRows(x)) expect(result.inertia).toBe(0);
        }
      }),
    );
  });

  it('is the same for one thread and two, and for one seed again', async () => {
    const x = clusteredMatrix(3_000, 64, 40, 0.7);
    const run = (kernel: typeof oneThread, seed: number) => kMeans(x, 50, { random: seededRandom(seed), kernel });
    const one = await run(oneThread, 4);
    expect(await run(twoThreads, 4)).toEqual(one);
    expect(await run(oneThread, 4)).toEqual(one);
    expect((await run(oneThread, 5)).assignment).not.toEqual(one.assignment);
  });

  it('takes three groups far apart for three clusters, with every kernel', async () => {
    const x = embeddingMatrix(Float32Array.from([0, 1, 2, 1_000, 1_001, 9_000, 9_004]), 7, 1);
    for (const kernel of kernels) {
      const { centers, inertia } = await kMeans(x, 3, { random: seededRandom(1), kernel });
      expect([...centers.data].sort((a, b) => a - b)).toEqual([1, 1_000.5, 9_002]);
      expect(inertia).toBe(2 + 0.5 + 8);
    }
  });

  it('gives the same bits for equal weights as for none, with every kernel', async () => {
    const x = clusteredMatrix(400, 9, 12, 0.6);
    const weights = new Float64Array(x.rows).fill(0.3);
    for (const kernel of [oneThread, plain]) {
      const run = (given?: Float64Array) => kMeans(x, 15, { random: seededRandom(2), kernel, weights: given });
      expect(await run(weights)).toEqual(await run());
    }
  });

  it('fits together with weights too, with every kernel', async () => {
    const instance = gridMatrix().chain((x) => fc.tuple(fc.constant(x), weightsFor(x.rows)));
    await fc.assert(
      fc.asyncProperty(instance, fc.nat(), async ([x, weights], seed) => {
        for (const kernel of [oneThread, plain]) {
          const k = 1 + (seed % x.rows);
          expectConsistent(x, await kMeans(x, k, { random: seededRandom(seed), kernel, weights }), undefined, weights);
        }
      }),
    );
  });

  it('never moves fixed centres, and counts the free ones only', async () => {
    await fc.assert(
      fc.asyncProperty(
        gridMatrix({ minRows: 3 }),
        gridMatrix({ maxRows: 4 }),
        fc.nat(),
        async (x, fixedCenters, seed) => {
          for (const kernel of [oneThread, plain]) {
            const result = await kMeans(x, 2, { random: seededRandom(seed), kernel, fixedCenters });
            expect(result.centers.rows).toBe(2);
            expectConsistent(x, result, fixedCenters);
          }
        },
      ),
    );
  });

  it('finds the centres of a large set in a sample, within 1 % of the inertia of all rows', async () => {
    const x = clusteredMatrix(12_000, 24, 10, 0.8);
    const weights = Float64Array.from({ length: x.rows }, (_, row) => 1 + (row % 3));
    for (const given of [undefined, weights]) {
      const options = { random: seededRandom(1), kernel: oneThread, weights: given };
      const whole = await kMeans(x, 10, options);
      let compared = 0;
      const counting: MatrixKernel = {
        ...oneThread,
        name: 'onnxruntime',
        multiply: (rows, centers) => oneThread.multiply(rows, centers),
        nearest: (rows, centers) => {
          compared += rows.rows;
          return oneThread.nearest(rows, centers);
        },
      };
      const sampled = await kMeans(x, 10, { ...options, kernel: counting, mostRows: 1_000, fewestRows: 100 });
      expectConsistent(x, sampled, undefined, given);
      expect(sampled.inertia).toBeLessThan(1.01 * whole.inertia);
      // All rows thrice, the 2,560 drawn ones for the rest.
      expect(compared).toBeLessThanOrEqual(3 * x.rows + 2_560 * (sampled.iterations + 1));
      expect(compared).toBeGreaterThan(3 * x.rows);
    }
  });

  it('looks once for the fixed centre nearest to each row, not at every iteration', async () => {
    const x = clusteredMatrix(600, 8, 12, 0.8);
    const fixedCenters = looseMatrix(40, 8, 2);
    let comparedWithFixed = 0;
    const counting: MatrixKernel = {
      ...plain,
      nearest: (rows, centers) => {
        if (centers.rows >= 40) comparedWithFixed += 1;
        return plain.nearest(rows, centers);
      },
    };
    const { iterations } = await kMeans(x, 12, { random: seededRandom(1), kernel: counting, fixedCenters });
    expect(iterations).toBeGreaterThan(2);
    expect(comparedWithFixed).toBe(1);
  });

  it('seeds away from fixed centres', async () => {
    const x = embeddingMatrix(Float32Array.from([0, 0, 0, 0, 7, 0, 0]), 7, 1);
    const fixedCenters = embeddingMatrix(Float32Array.from([0]), 1, 1);
    const { centers, assignment } = await kMeans(x, 1, { random: seededRandom(1), kernel: plain, fixedCenters });
    expect([...centers.data]).toEqual([7]);
    expect([...assignment]).toEqual([1, 1, 1, 1, 0, 1, 1]);
  });

  it('moves the centres no more often than it may', async () => {
    const x = looseMatrix(500, 4, 1);
    for (const kernel of [oneThread, plain]) {
      for (const maxIterations of [0, 1, 3]) {
        const result = await kMeans(x, 20, { random: seededRandom(1), kernel, maxIterations });
        expect(result.iterations).toBe(maxIterations);
        expectConsistent(x, result);
      }
    }
  });

  it('refuses k beyond 1..n, with both numbers', async () => {
    const x = looseMatrix(3, 2, 1);
    for (const k of [0, 4, 1.5]) {
      await expect(kMeans(x, k, { random: seededRandom(1), kernel: plain })).rejects.toMatchObject({
        code: 'COUNT_OUT_OF_RANGE',
        message: `Asked for ${k} clusters, but there are 3 rows.`,
      });
    }
  });

  it('stops between iterations when it is told to', async () => {
    for (const kernel of [oneThread, plain]) {
      const abort = new AbortController();
      const run = kMeans(looseMatrix(500, 4, 1), 20, {
        random: seededRandom(1),
        kernel,
        signal: abort.signal,
        onProgress: ({ note, done }) => note === 'moving the centres' && done === 1 && abort.abort(new Error('enough')),
      });
      await expect(run).rejects.toThrow('enough');
    }
  });
});

describe('k-means++', () => {
  it('draws each pair of seeds as often as its definition says', async () => {
    const values = [0, 1, 3, 3, 7];
    const x = embeddingMatrix(Float32Array.from(values), values.length, 1);
    const draws = 4_000;
    const counts = new Map<string, number>();
    for (let seed = 0; seed < draws; seed += 1) {
      const pair = (await drawKMeansSeeds(x, 3, { random: seededRandom(seed), kernel: plain })).join();
      counts.set(pair, (counts.get(pair) ?? 0) + 1);
    }
    const probabilities = seedProbabilities(values, 3);
    for (const key of counts.keys()) expect(probabilities.has(key)).toBe(true);
    for (const [key, probability] of probabilities) {
      const deviation = Math.sqrt(draws * probability * (1 - probability));
      expect(Math.abs((counts.get(key) ?? 0) - draws * probability)).toBeLessThan(5 * deviation + 1);
    }
  });

  it('draws by weight times squared distance where there are weights', async () => {
    const values = [0, 1, 3, 3, 7];
    const weights = [2, 8, 1, 4, 1];
    const x = embeddingMatrix(Float32Array.from(values), values.length, 1);
    const draws = 4_000;
    const counts = new Map<string, number>();
    for (let seed = 0; seed < draws; seed += 1) {
      const options = { random: seededRandom(seed), kernel: plain, weights: Float64Array.from(weights) };
      const pair = (await drawKMeansSeeds(x, 2, options)).join();
      counts.set(pair, (counts.get(pair) ?? 0) + 1);
    }
    const probabilities = seedProbabilities(values, 2, weights);
    for (const key of counts.keys()) expect(probabilities.has(key)).toBe(true);
    for (const [key, probability] of probabilities) {
      const deviation = Math.sqrt(draws * probability * (1 - probability));
      expect(Math.abs((counts.get(key) ?? 0) - draws * probability)).toBeLessThan(5 * deviation + 1);
    }
  });

  it('draws different positions even among duplicates', async () => {
    await fc.assert(
      fc.asyncProperty(gridMatrix(), fc.nat(), async (x, seed) => {
        const seeds = await drawKMeansSeeds(x, x.rows, { random: seededRandom(seed), kernel: oneThread });
        expect([...seeds].sort((a, b) => a - b)).toEqual([...Array(x.rows).keys()]);
        const distinct = distinctRows(x);
        expect(distinctRows(takeRows(x, seeds.slice(0, distinct)))).toBe(distinct);
      }),
    );
  });
});

describe("Lloyd's iterations", () => {
  it('end where ml-kmeans ends, from the same centres', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 5, max: 80 }),
        fc.integer({ min: 1, max: 5 }),
        fc.nat(),
        async (n, k, seed) => {
          const x = looseMatrix(n, 4, seed);
          const rows = Array.from({ length: n }, (_, row) => Array.from(rowOf(x, row)));
          const expected = mlKMeans(rows, k, { initialization: rows.slice(0, k), tolerance: 0, maxIterations: 1_000 });
          fc.pre(new Set(expected.clusters).size === k);
          const initial = takeRows(x, [...Array(k).keys()]);
          for (const kernel of [oneThread, plain]) {
            const { assignment } = await lloyd(x, initial, { kernel, tolerance: 0, maxIterations: 1_000 });
            expect([...assignment]).toEqual(expected.clusters);
          }
        },
      ),
    );
  });

  it('count a row of weight w as w equal rows', async () => {
    const instance = gridMatrix().chain((x) => {
      const weights = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: x.rows, maxLength: x.rows });
      return fc.tuple(fc.constant(x), weights, fc.integer({ min: 1, max: Math.min(4, x.rows) }));
    });
    await fc.assert(
      fc.asyncProperty(instance, async ([x, weights, k]) => {
        const initial = takeRows(x, [...Array(k).keys()]);
        const options = { kernel: oneThread, tolerance: 0, maxIterations: 1 };
        const weighted = await lloyd(x, initial, { ...options, weights: Float64Array.from(weights) });
        const repeated = takeRows(
          x,
          weights.flatMap((weight, row) => Array<number>(weight).fill(row)),
        );
        const expected = await lloyd(repeated, initial, options);
        // A cluster without rows takes one row, not all its repetitions.
        fc.pre(new Set((await lloyd(x, initial, { ...options, maxIterations: 0 })).assignment).size === k);
        weighted.centers.data.forEach((value, i) => {
          expect(value).toBeCloseTo(expected.centers.data[i]!, 5);
        });
        expect(weighted.inertia * Math.max(...weights)).toBeCloseTo(expected.inertia, 4);
      }),
    );
  });

  it('move a centre without rows to the row farthest from its own', async () => {
    const x = embeddingMatrix(Float32Array.from([0, 1, 10]), 3, 1);
    const initial = embeddingMatrix(Float32Array.from([0, 500]), 2, 1);
    const { centers, assignment } = await lloyd(x, initial, { kernel: plain });
    expect([...centers.data]).toEqual([0.5, 10]);
    expect([...assignment]).toEqual([0, 0, 1]);
  });
});

describe('relocation of empty clusters', () => {
  it('leaves every cluster its last row, and rows at distance 0 where they are', () => {
    expect(relocateEmptyClusters(Int32Array.of(0, 0), Float32Array.of(1, 2), 1)).toBeUndefined();
    expect(relocateEmptyClusters(Int32Array.of(0, 0), Float32Array.of(0, 0), 3)).toBeUndefined();
    expect(relocateEmptyClusters(Int32Array.of(0, 0, 1), Float32Array.of(1, 2, 9), 4)).toEqual(Int32Array.of(0, 2, 1));
    // Cluster 1 is fixed here, and may lose its only row.
    expect(relocateEmptyClusters(Int32Array.of(1), Float32Array.of(9), 1)).toEqual(Int32Array.of(0));
  });
});

/** The assignment is to a nearest centre and the inertia is what it says, up to float32 rounding. */
function expectConsistent(
  x: EmbeddingMatrix,
  { centers, assignment, inertia }: Clustering,
  fixed?: EmbeddingMatrix,
  weights?: Float64Array,
) {
  const all = [centers, ...(fixed ? [fixed] : [])].flatMap((matrix) =>
    Array.from({ length: matrix.rows }, (_, row) => rowOf(matrix, row)),
  );
  let sum = 0;
  for (let row = 0; row < x.rows; row += 1) {
    const distances = all.map((center) =>
      rowOf(x, row).reduce((total, value, i) => total + (value - center[i]!) ** 2, 0),
    );
    const own = distances[assignment[row]!]!;
    expect(own - Math.min(...distances)).toBeLessThan(1e-5);
    sum += own * (weights ? weights[row]! / Math.max(...weights) : 1);
  }
  expect(Math.abs(inertia - sum)).toBeLessThanOrEqual(1e-6 * (1 + sum));
}

function distinctRows(x: EmbeddingMatrix): number {
  return new Set(
    Array.from({ length: x.rows }, (_, row) =>
      rowOf(x, row)
        .map((value) => value + 0)
        .join(),
    ),
  ).size;
}

/** What k-means++ is by definition: every sequence of seeds with its probability. */
function seedProbabilities(
  values: readonly number[],
  k: number,
  weights: readonly number[] = values.map(() => 1),
): Map<string, number> {
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  let sequences = new Map<number[], number>(values.map((_, position) => [[position], weights[position]! / all]));
  for (let size = 1; size < k; size += 1) {
    const longer = new Map<number[], number>();
    for (const [seeds, probability] of sequences) {
      const squared = values.map(
        (value, position) => weights[position]! * Math.min(...seeds.map((seed) => (value - values[seed]!) ** 2)),
      );
      const total = squared.reduce((sum, weight) => sum + weight, 0);
      for (const [position, weight] of squared.entries()) {
        if (weight > 0) longer.set([...seeds, position], (probability * weight) / total);
      }
    }
    sequences = longer;
  }
  return new Map([...sequences].map(([seeds, probability]) => [seeds.join(), probability]));
}
