import { describe, expect, it } from 'vitest';
import {
  fitLogisticRanker,
  type SparseDifference,
} from '../../../../src/selection/judges/expert/fit-logistic-ranker.ts';

const row = (values: readonly number[], weight = 1): SparseDifference => ({
  columns: values.flatMap((value, column) => (value === 0 ? [] : [column])),
  values: values.filter((value) => value !== 0),
  weight,
});

describe('the logistic ranker', () => {
  it('finds the weight at which the slope of one column is zero', () => {
    // ½ of the pairs by +1 and … : −(3/4)·σ(−w) + (1/4)·σ(w) + 0.1·w = 0.
    const rows = [row([1]), row([1]), row([1]), row([-1])];
    const [weight] = fitLogisticRanker(rows, Float64Array.of(0.1));
    const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
    expect(-0.75 * sigmoid(-weight!) + 0.25 * sigmoid(weight!) + 0.1 * weight!).toBeCloseTo(0, 4);
    expect(weight).toBeGreaterThan(0.5);
  });

  it('ends in the minimum', () => {
    const rows = Array.from({ length: 40 }, (_, i) => row([1 + (i % 3), (i % 5) - 1.5, i % 7 === 0 ? -4 : 0.5]));
    const penalties = Float64Array.of(0.01, 0.02, 0.05);
    const found = fitLogisticRanker(rows, penalties);
    const loss = (weights: ArrayLike<number>) =>
      rows.reduce((sum, { columns, values }) => {
        const margin = columns.reduce((total, column, i) => total + weights[column]! * values[i]!, 0);
        return sum + Math.log1p(Math.exp(-margin)) / rows.length;
      }, 0) + penalties.reduce((sum, penalty, j) => sum + (penalty * weights[j]! ** 2) / 2, 0);
    for (const [column] of penalties.entries()) {
      for (const step of [-0.05, 0.05]) {
        const moved = found.slice();
        moved[column]! += step;
        expect(loss(moved)).toBeGreaterThan(loss(found));
      }
    }
  });

  it('counts a row of weight 3 like three rows', () => {
    const penalties = Float64Array.of(0.1);
    const [thrice] = fitLogisticRanker([row([1], 3), row([-1])], penalties);
    const [repeated] = fitLogisticRanker([row([1]), row([1]), row([1]), row([-1])], penalties);
    expect(thrice).toBeCloseTo(repeated!, 6);
  });

  it('leaves a column unchanged that no row has', () => {
    expect(fitLogisticRanker([row([1, 0])], Float64Array.of(0.1, 0.1))[1]).toBe(0);
  });
});
