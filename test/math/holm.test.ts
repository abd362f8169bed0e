import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holm } from '../../src/math/paired-difference.ts';

describe("Holm's correction", () => {
  it('multiplies the smallest by all, the next by one less, and never falls', () => {
    // In order: 0.005·4, 0.01·3, 0.03·2, 0.04·1, which may not be below the one before.
    const adjusted = holm([0.01, 0.04, 0.03, 0.005]);
    for (const [index, expected] of [0.03, 0.06, 0.06, 0.02].entries())
      expect(adjusted[index]).toBeCloseTo(expected, 12);
  });

  it('leaves a single comparison and none as they are, and stays at most 1', () => {
    expect(holm([0.2])).toEqual([0.2]);
    expect(holm([])).toEqual([]);
    expect(holm([0.9, 0.7, 0])).toEqual([1, 1, 0]);
  });

  it('keeps the order of the p-values, lowers none and is no stricter than Bonferroni', () => {
    const pValues = fc.array(fc.oneof(fc.constantFrom(0, 0.01, 1), fc.double({ min: 0, max: 1, noNaN: true })));
    fc.assert(
      fc.property(pValues, (values) => {
        const adjusted = holm(values);
        for (const [i, value] of values.entries()) {
          expect(adjusted[i]!).toBeGreaterThanOrEqual(value);
          expect(adjusted[i]!).toBeLessThanOrEqual(Math.min(1, value * values.length));
          for (const [j, other] of values.entries()) {
            if (value <= other) expect(adjusted[i]!).toBeLessThanOrEqual(adjusted[j]!);
          }
        }
      }),
    );
  });

  it('refuses what is no p-value', () => {
    for (const value of [-0.1, 1.1, Number.NaN]) expect(() => holm([0.5, value])).toThrow(`one is ${value}`);
  });
});
