import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EmbeddingMatrix, embeddingMatrix, rowOf, takeRows } from '../../../../src/math/embedding-matrix.ts';
import { javascriptKernel } from '../../../../src/math/javascript-kernel.ts';
import { transportShares } from '../../../../src/selection/strategies/targeted/transport-shares.ts';
import { randomRows } from '../../../../src/testing/strategy-context.ts';

const kernel = javascriptKernel;
const squared = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0);

/** The reference's KNN-KDE with exact neighbours, by plain loops in place of its heap; no example gives more than it has. */
function reference(x: EmbeddingMatrix, examples: EmbeddingMatrix, alpha: number): number[] {
  const rows = Array.from({ length: x.rows }, (_, row) => rowOf(x, row));
  const k = Math.max(2, Math.floor(rows.length / 10));
  const near = Array.from({ length: examples.rows }, (_, example) =>
    rows
      .map((row, index) => ({ index, distance: Math.sqrt(squared(row, rowOf(examples, example))) }))
      .sort((a, b) => a.distance - b.distance || a.index - b.index)
      .slice(0, k),
  );
  const union = [...new Set(near.flatMap((list) => list.map(({ index }) => index)))].sort((a, b) => a - b);
  const kde = new Map(
    union.map((row) => {
      const squares = union.map((other) => squared(rows[row]!, rows[other]!)).sort((a, b) => a - b);
      const kernels = squares.slice(0, k).map((square) => Math.max(0, 1 - square / 0.75 ** 2));
      return [row, kernels.reduce((sum, one) => sum + one, 0)];
    }),
  );
  const m = near.length;
  const weight = (j: number, i: number) => 1 / kde.get(near[j]![i]!.index)!;
  const last = new Array<number>(m).fill(0);
  const cost = new Array<number>(m).fill(0);
  const open = near.map((_, j) => ({ count: weight(j, 0), k: 0, j }));
  let s = 0;
  while (open.length > 0) {
    open.sort((a, b) => a.count - b.count || a.k - b.k || a.j - b.j);
    const { count, k: at, j } = open.shift()!;
    s = count;
    const moved = Array.from({ length: at + 1 }, (_, i) => near[j]![i]!.distance * weight(j, i));
    cost[j] = near[j]![at + 1]!.distance * count - moved.reduce((sum, one) => sum + one, 0);
    if ((alpha / 5) * cost.reduce((sum, one) => sum + one, 0) >= (1 - alpha) * m) break;
    last[j] = at;
    if (at < k - 2) open.push({ count: count + weight(j, at + 1), k: at + 1, j });
  }
  const shares = new Array<number>(rows.length).fill(0);
  for (let j = 0; j < m; j += 1) {
    let sum = 0;
    for (let i = 0; i <= last[j]!; i += 1) {
      const share = Math.min(1 / m - sum, weight(j, i) / m / s);
      shares[near[j]![i]!.index]! += share;
      sum += share;
    }
    shares[near[j]![last[j]! + 1]!.index]! += Math.max(0, 1 / m - sum);
  }
  return shares;
}

describe('shares by optimal transport', () => {
  it('are those of the reference', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 150 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 999 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (rows, count, seed, alpha) => {
          const x = randomRows(rows, seed);
          const examples = takeRows(randomRows(10, seed + 1), [...Array(count).keys()]);
          const shares = await transportShares(x, examples, { kernel, alpha });
          const expected = reference(x, examples, alpha);
          for (const [row, share] of shares.entries()) expect(share).toBeCloseTo(expected[row]!, 9);
          expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
        },
      ),
      { numRuns: 60, seed: 2 },
    );
  });

  /** Rows at distances 1, 2, 3, … of one example, so far apart that none is a near-copy. */
  const line = embeddingMatrix(
    Float32Array.from({ length: 40 }, (_, row) => row + 1),
    40,
    1,
  );
  const origin = embeddingMatrix(Float32Array.of(0), 1, 1);

  it('spread evenly over as many rows as the closed form says', async () => {
    for (const alpha of [0.3, 0.5, 0.9]) {
      // Moving mass from the first s rows on to the next costs α/5 · Σ (s + 1 − i); spreading is worth 1 − α.
      let s = 1;
      while (s < 3 && (alpha / 5) * ((s * (s + 1)) / 2) < 1 - alpha) s += 1;
      const shares = await transportShares(line, origin, { kernel, alpha });
      for (const share of shares.slice(0, s)) expect(share).toBeCloseTo(1 / s, 9);
    }
  });

  it('give near-copies one share together', async () => {
    const x = embeddingMatrix(Float32Array.from([1, 1, 3, 6, 9, ...new Array<number>(45).fill(50)]), 50, 1);
    const shares = await transportShares(x, origin, { kernel, alpha: 0 });
    expect(shares[0]! + shares[1]!).toBeCloseTo(1 / 3, 9);
    expect(shares[2]!).toBeCloseTo(1 / 3, 9);
  });

  it('are all on the nearest for α = 1', async () => {
    expect((await transportShares(line, origin, { kernel, alpha: 1 }))[0]).toBe(1);
  });

  it('stop with a reason when the neighbours do not fit in memory', async () => {
    const x = embeddingMatrix(new Float32Array(50_000), 50_000, 1);
    const examples = embeddingMatrix(new Float32Array(20_000), 20_000, 1);
    await expect(transportShares(x, examples, { kernel, alpha: 0.5 })).rejects.toThrow('do not fit in memory');
  });
});
