import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { studentTCritical, studentTTwoSidedP } from '../../src/math/student-t.ts';

describe("Student's t", () => {
  it.each([
    [1, 0.05, 12.706204736174694],
    [2, 0.05, 4.302652729749462],
    [3, 0.05, 3.182446305283708],
    [4, 0.05, 2.776445105197794],
    [9, 0.05, 2.262157162798205],
    [29, 0.05, 2.045229642132704],
    [100, 0.05, 1.9839715185235518],
    [10_000, 0.05, 1.960201239890626],
    [4, 0.1, 2.131846786326649],
    [4, 0.01, 4.604094871349993],
  ])('with %d degrees of freedom is exceeded with probability %d at %d', (degrees, p, t) => {
    expect(studentTCritical(p, degrees) / t).toBeCloseTo(1, 11);
  });

  it('has the p-values of its closed forms', () => {
    for (const t of [1e-9, 0.001, 0.3, 1, 2.5, 40, 1e6]) {
      const oneDegree = (2 / Math.PI) * Math.atan2(1, t);
      expect(studentTTwoSidedP(t, 1) / oneDegree).toBeCloseTo(1, 12);
      // 1 − t / √(2 + t²), without what cancels.
      const root = Math.sqrt(2 + t * t);
      expect(studentTTwoSidedP(t, 2) / (2 / (root * (root + t)))).toBeCloseTo(1, 12);
    }
  });

  // Computed to 40 digits and rounded to 15.
  it.each([
    [-40, 30, 1.37260451944064e-27],
    [2.5, 200, 0.01322317264170079],
    [3, 2_000, 0.0027331437620328],
    [2.5, 10_000, 0.0124352195505837],
    [0.5, 10_000, 0.617086079323233],
  ])('keeps its digits far out and with many degrees of freedom: t = %d with %d', (t, degrees, p) => {
    expect(Math.abs(studentTTwoSidedP(t, degrees) / p - 1)).toBeLessThan(2e-13);
  });

  it('is symmetric, sure at 0 and impossible at infinity', () => {
    expect(studentTTwoSidedP(-2.5, 4)).toBe(studentTTwoSidedP(2.5, 4));
    expect(studentTTwoSidedP(0, 4)).toBe(1);
    expect(studentTTwoSidedP(1e-200, 4)).toBe(1);
    expect(studentTTwoSidedP(Number.NEGATIVE_INFINITY, 4)).toBe(0);
    expect(studentTTwoSidedP(1e300, 400)).toBe(0);
  });

  it('falls with t, and its critical values lead back to their p', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.double({ min: 0, max: 20, noNaN: true }),
        fc.double({ min: 1e-6, max: 0.999, noNaN: true }),
        (degrees, t, p) => {
          const here = studentTTwoSidedP(t, degrees);
          expect(studentTTwoSidedP(t + 0.01, degrees)).toBeLessThan(here);
          expect(studentTTwoSidedP(studentTCritical(p, degrees), degrees) / p).toBeCloseTo(1, 9);
        },
      ),
    );
  });

  it('refuses what it is not defined for', () => {
    for (const degrees of [0, -1, 1.5, Number.NaN]) expect(() => studentTTwoSidedP(1, degrees)).toThrow(RangeError);
    expect(() => studentTTwoSidedP(Number.NaN, 1)).toThrow('NaN');
    for (const p of [0, 1, -1, Number.NaN]) expect(() => studentTCritical(p, 4)).toThrow(RangeError);
  });
});
