import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { relativeWeights } from '../../src/math/relative-weights.ts';

describe('relativeWeights', () => {
  it('keeps ratios and makes the largest 1', () => {
    expect(relativeWeights(Float64Array.of(1, 4, 2), 3)).toEqual(Float64Array.of(0.25, 1, 0.5));
  });

  it('is undefined where all weights are equal or absent', () => {
    expect(relativeWeights(undefined, 3)).toBeUndefined();
    fc.assert(
      fc.property(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), fc.nat({ max: 9 }), (weight, rows) => {
        expect(relativeWeights(new Float64Array(rows).fill(weight), rows)).toBeUndefined();
      }),
    );
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuses %d, and says of which row', (weight) => {
    expect(() => relativeWeights(Float64Array.of(1, weight), 2)).toThrow(
      `The weight of row 1 is ${weight}: it must be finite and above 0.`,
    );
  });

  it('refuses another number of weights than rows, and weights too far apart', () => {
    expect(() => relativeWeights(Float64Array.of(1, 2), 3)).toThrow('There are 2 weights for 3 rows.');
    expect(() => relativeWeights(Float64Array.of(1, 1e10), 2)).toThrow('Weights from 1 to 10000000000 are too far');
  });
});
