import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EmbeddingMatrix, embeddingMatrix, rowOf, stackRows, takeRows } from '../../src/math/embedding-matrix.ts';
import { groupNearDuplicates } from '../../src/math/near-duplicates.ts';
import { seededRandom } from '../../src/math/random.ts';
import { dollyEmbeddings, hasDolly3k } from './dolly-3k.ts';
import { kernels, oneThread, plain, twoThreads } from './kernels.ts';
import { clusteredMatrix, gridMatrix } from './matrices.ts';

describe('grouping near-duplicates', () => {
  it('groups like a plain double loop over the representatives', async () => {
    const anything = fc.oneof(
      gridMatrix({ minRows: 0, maxRows: 40 }),
      gridMatrix({ minRows: 0, maxRows: 40, columns: 1 }),
      fc
        .record({
          rows: fc.integer({ min: 1, max: 80 }),
          spread: fc.double({ min: 0.01, max: 1, noNaN: true }),
          seed: fc.nat(),
        })
        .map(({ rows, spread, seed }) => clusteredMatrix(rows, 12, 5, spread, seed)),
    );
    const threshold = fc.oneof(
      fc.constantFrom(-1, 0, 0.5, 0.8, 0.98, 1, 1.1),
      fc.double({ min: -1, max: 1, noNaN: true }),
    );
    await fc.assert(
      fc.asyncProperty(anything, threshold, async (x, cosine) => {
        const expected = naive(x, cosine);
        for (const kernel of [oneThread, plain]) {
          expect([...(await groupNearDuplicates(x, cosine, { kernel }))]).toEqual(expected);
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each([0.5, 0.9, 0.95, 0.98])('misses no pair across blocks at threshold %d', async (threshold) => {
    const x = clusteredMatrix(2_600, 48, 300, 0.25);
    const leader = await groupNearDuplicates(x, threshold, { kernel: twoThreads });
    expect([...leader]).toEqual(naive(x, threshold));
  });

  it.skipIf(!hasDolly3k)(
    'groups real instructions the same with every kernel, and as the plain loop does',
    async () => {
      const x = dollyEmbeddings();
      const expected = naive(x, 0.9);
      expect(expected.filter((leader, row) => leader !== row).length).toBeGreaterThan(20);
      for (const kernel of kernels) expect([...(await groupNearDuplicates(x, 0.9, { kernel }))]).toEqual(expected);
    },
  );

  it('puts equal rows together at threshold 1, however far apart they are', async () => {
    const once = clusteredMatrix(1_500, 384, 1_500, 1);
    const x = stackRows([once, takeRows(once, [3, 1_499])], 384);
    const leader = await groupNearDuplicates(x, 1, { kernel: oneThread });
    expect([...leader.subarray(1_500)]).toEqual([3, 1_499]);
    expect(leader.subarray(0, 1_500).every((position, row) => position === row)).toBe(true);
  });

  it('does not chain: each member is near its leader, not only near another member', async () => {
    const angles = [0, 20, 40, 60].map((degrees) => (degrees * Math.PI) / 180);
    const x = embeddingMatrix(Float32Array.from(angles.flatMap((angle) => [Math.cos(angle), Math.sin(angle)])), 4, 2);
    const leader = await groupNearDuplicates(x, Math.cos((25 * Math.PI) / 180), { kernel: plain });
    expect([...leader]).toEqual([0, 0, 2, 2]);
  });

  it('compares directions, and leaves rows of zeros alone', async () => {
    const x = embeddingMatrix(Float32Array.from([0, 0, 1, 0, 9, 0, 0, 0, -3, 0]), 5, 2);
    expect([...(await groupNearDuplicates(x, 0.98, { kernel: plain }))]).toEqual([0, 1, 1, 3, 4]);
  });

  describe('among more rows than are compared pair by pair', () => {
    /** Rows and near copies of some of them, at this cosine at least. */
    function withCopies(rows: number, cosine: number): EmbeddingMatrix {
      const random = seededRandom(7);
      const once = clusteredMatrix(rows, 48, 40, 0.6, 3);
      const turned = Float32Array.from(once.data, (value) => value);
      for (let row = 0; row < rows; row += 1) turn(turned.subarray(row * 48, (row + 1) * 48), cosine, random);
      return stackRows([once, embeddingMatrix(turned, rows, 48)], 48);
    }

    it.each([0.9, 0.95, 0.98])(
      'finds nearly all copies at the threshold %d, and nothing that is none',
      async (threshold) => {
        const x = withCopies(1_500, threshold + 1e-4);
        const exact = await groupNearDuplicates(x, threshold, { kernel: twoThreads });
        const hashed = await groupNearDuplicates(x, threshold, { kernel: twoThreads, exactRows: 0 });
        const joined = (leader: Int32Array) => leader.filter((position, row) => position !== row).length;
        expect(joined(exact)).toBeGreaterThanOrEqual(1_500);
        expect(joined(hashed)).toBeGreaterThanOrEqual(0.999 * joined(exact));
        for (const [row, position] of hashed.entries()) {
          if (position === row) continue;
          expect(position).toBeLessThan(row);
          expect(cosineOf(x, row, position)).toBeGreaterThanOrEqual(threshold);
          expect(hashed[position]).toBe(position);
        }
      },
    );

    it('finds every equal row, and leaves rows of zeros alone', async () => {
      const once = clusteredMatrix(500, 48, 500, 1);
      const zeros = embeddingMatrix(new Float32Array(2 * 48), 2, 48);
      const x = stackRows([once, zeros, once], 48);
      const leader = await groupNearDuplicates(x, 0.98, { kernel: plain, exactRows: 0 });
      expect([...leader]).toEqual(await groupNearDuplicates(x, 0.98, { kernel: plain }).then((exact) => [...exact]));
    });

    it.skipIf(!hasDolly3k)('groups real instructions as the exact search does', async () => {
      const x = dollyEmbeddings();
      const exact = await groupNearDuplicates(x, 0.95, { kernel: oneThread });
      expect([...(await groupNearDuplicates(x, 0.95, { kernel: oneThread, exactRows: 0 }))]).toEqual([...exact]);
    });

    it('compares all pairs where the threshold is too low for hashes', async () => {
      const x = clusteredMatrix(300, 12, 20, 0.4);
      const leader = await groupNearDuplicates(x, 0.7, { kernel: plain, exactRows: 0 });
      expect([...leader]).toEqual(naive(x, 0.7));
    });
  });

  it('stops when it is told to', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(groupNearDuplicates(clusteredMatrix(9, 2, 1, 1), 0.9, { kernel: plain, signal })).rejects.toThrow(
      'enough',
    );
  });
});

/** Turns a vector, in place, by the angle of a cosine in a random direction. */
function turn(row: Float32Array, cosine: number, random: { float(): number }): void {
  const length = Math.hypot(...row);
  const aside = row.map(() => random.float() - 0.5);
  const along = row.reduce((sum, value, i) => sum + value * aside[i]!, 0) / length ** 2;
  const square = aside.map((value, i) => value - along * row[i]!);
  const scale = (length * Math.sqrt(1 - cosine ** 2)) / Math.hypot(...square);
  for (const [i, value] of row.entries()) row[i] = cosine * value + scale * square[i]!;
}

function cosineOf(x: EmbeddingMatrix, row: number, other: number): number {
  const [a, b] = [[...rowOf(x, row)], [...rowOf(x, other)]];
  const dot = a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  return dot / (Math.hypot(...a) * Math.hypot(...b)) + 1e-12;
}

function naive(x: EmbeddingMatrix, threshold: number): number[] {
  const rows = Array.from({ length: x.rows }, (_, row) => rowOf(x, row));
  const dot = (a: Float32Array, b: Float32Array) => {
    let sum = 0;
    for (let i = 0; i < a.length; i += 1) sum += a[i]! * b[i]!;
    return sum;
  };
  const norms = rows.map((row) => dot(row, row));
  const leaders: number[] = [];
  return rows.map((row, position) => {
    if (norms[position] === 0) return position;
    const leader = leaders.find(
      (other) => dot(row, rows[other]!) / Math.sqrt(norms[position]! * norms[other]!) >= threshold,
    );
    if (leader === undefined) leaders.push(position);
    return leader ?? position;
  });
}
