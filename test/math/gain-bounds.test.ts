import { describe, expect, it } from 'vitest';
import { ClosePairs } from '../../src/math/close-pairs.ts';
import { CoveredRows } from '../../src/math/covered-rows.ts';
import { GainBounds } from '../../src/math/gain-bounds.ts';
import { SimilarityColumns } from '../../src/math/similarity-columns.ts';
import { kernels } from './kernels.ts';
import { clusteredMatrix } from './matrices.ts';

describe('bounds of gains', () => {
  it('are never below the gains, and all but equal to them once everything is accounted for', async () => {
    const x = clusteredMatrix(1_500, 24, 20, 0.5);
    const weights = Float64Array.from({ length: x.rows }, (_, row) => 0.1 + (row % 4));
    for (const kernel of kernels) {
      for (const keptPairs of [0, 30_000, undefined]) {
        const similarities = new SimilarityColumns(x, { kernel });
        const covered = new CoveredRows(weights);
        const columnOf = async (row: number) => {
          const [column] = await similarities.ofPositions([row], ({ cosines }) =>
            cosines.filter((_, index) => index % 64 === 0),
          );
          return column!;
        };
        const checked = await Promise.all(
          [3, 77, 500, 1_499].map(async (row) => ({ row, column: await columnOf(row) })),
        );
        const bounds = new GainBounds(similarities, covered, keptPairs);
        let products = 0;
        for (const picked of [9, 400, 800, 1_200, 33]) {
          covered.choose(await columnOf(picked));
          if (bounds.complete) bounds.accountForKept();
          await bounds.accountForMore(() => (products += 1));
          for (const { row, column } of checked) {
            expect(bounds.sums[row]! + bounds.error).toBeGreaterThanOrEqual(covered.gain(column));
          }
        }
        while (await bounds.accountForMore(() => {})) {}
        expect(bounds.error).toBeLessThan(1e-5 * covered.largestGain);
        for (const { row, column } of checked) {
          expect(Math.abs(bounds.sums[row]! - covered.gain(column))).toBeLessThanOrEqual(bounds.error);
        }
        // All rows at first, then 64 at a time, and none where all pairs are kept.
        expect(products).toBe(keptPairs === undefined ? 24 : 24 + 4);
      }
    }
  });
});

describe('close pairs', () => {
  const others = (...values: number[]) => Int32Array.from(values);
  const cosines = (...values: number[]) => Float32Array.from(values);

  it('take from the sums what rising limits leave below them', () => {
    const pairs = new ClosePairs(4);
    pairs.add(2, others(0, 1, 3), cosines(0.5, 0.75, 0.25));
    const sums = Float64Array.of(10, 10, 10, 10);
    pairs.update({ row: 2, from: 0, to: 0.5, weight: 2 }, sums);
    expect([...sums]).toEqual([8, 8, 10, 9]);
    pairs.update({ row: 2, from: 0.5, to: 1, weight: 2 }, sums);
    expect([...sums]).toEqual([8, 7, 10, 9]);
    pairs.update({ row: 2, from: 1, to: 2, weight: 2 }, sums);
    expect([...sums]).toEqual([8, 7, 10, 9]);
  });

  it('keep what they have room for, and find room again where rows became shorter', () => {
    const pairs = new ClosePairs(4, 8);
    const sums = new Float64Array(4);
    pairs.add(0, others(1, 2, 3), cosines(0.25, 0.5, 0.75));
    pairs.add(1, others(0, 2, 3), cosines(0.25, 0.5, 0.75));
    pairs.add(2, others(0, 1, 3), cosines(0.25, 0.5, 0.75));
    expect([0, 1, 2, 3].map((row) => pairs.has(row))).toEqual([true, true, false, false]);
    pairs.update({ row: 0, from: 0, to: 0.5, weight: 1 }, sums);
    pairs.add(2, others(0, 1, 3), cosines(0.25, 0.5, 0.75));
    expect(pairs.has(2)).toBe(true);
    sums.fill(0);
    for (const row of [0, 1, 2]) pairs.update({ row, from: row === 0 ? 0.5 : 0, to: 1, weight: 1 }, sums);
    expect([...sums]).toEqual([-1, -1, -1, -3.5]);
  });
});
