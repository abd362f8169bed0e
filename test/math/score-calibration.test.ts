import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/math/random.ts';
import { calibrated, calibrationMap, isotonicMap } from '../../src/math/score-calibration.ts';

const judgments = fc.array(fc.record({ score: fc.integer({ min: 0, max: 9 }), approved: fc.boolean() }), {
  minLength: 1,
  maxLength: 40,
});
const scoresOf = (list: readonly { score: number }[]) => list.map(({ score }) => score);
const approvedOf = (list: readonly { approved: boolean }[]) => list.map(({ approved }) => approved);

describe('isotonicMap', () => {
  it('is the rising fit with the least squared error, by brute force', () => {
    const few = fc.array(fc.record({ score: fc.integer({ min: 0, max: 2 }), approved: fc.boolean() }), {
      minLength: 1,
      maxLength: 9,
    });
    fc.assert(
      fc.property(few, (list) => {
        const errorOf = (curve: (score: number) => number) =>
          list.reduce((sum, { score, approved }) => sum + (curve(score) - (approved ? 1 : 0)) ** 2, 0);
        const map = isotonicMap(scoresOf(list), approvedOf(list));
        const found = errorOf((score) => calibrated(score, map));
        const steps = Array.from({ length: 11 }, (_, i) => i / 10);
        for (const a of steps)
          for (const b of steps)
            for (const c of steps)
              if (a <= b && b <= c) expect(found).toBeLessThanOrEqual(errorOf((score) => [a, b, c][score]!) + 1e-9);
      }),
      { numRuns: 50 },
    );
  });
});

describe('calibrationMap', () => {
  it('never falls, and stays within 0 to 1', () => {
    fc.assert(
      fc.property(judgments, (list) => {
        for (const map of [
          calibrationMap(scoresOf(list), approvedOf(list)),
          isotonicMap(scoresOf(list), approvedOf(list)),
        ]) {
          const values = Array.from({ length: 12 }, (_, i) => calibrated(i - 1, map));
          for (const [i, value] of values.entries()) {
            expect(value).toBeGreaterThanOrEqual(i === 0 ? 0 : values[i - 1]! - 1e-9);
            expect(value).toBeLessThanOrEqual(1);
          }
        }
      }),
    );
  });

  it.each([
    [150, 'logistic'],
    [5_000, 'isotonic'],
  ] as const)('finds the chances that %i judgments were drawn with, by a curve of kind %s', (count, kind) => {
    const random = seededRandom(1, kind);
    const chance = (score: number) => 1 / (1 + Math.exp(-(score - 5)));
    const list = Array.from({ length: count }, () => {
      const score = random.float() * 10;
      return { score, approved: random.float() < chance(score) };
    });
    const map = calibrationMap(scoresOf(list), approvedOf(list));
    expect(map.kind).toBe(kind);
    for (const score of [2, 5, 8]) expect(Math.abs(calibrated(score, map) - chance(score))).toBeLessThan(0.12);
  });

  it('is flat where people contradict the scores', () => {
    const map = calibrationMap([1, 2, 3, 4], [true, true, false, false]);
    expect(calibrated(1, map)).toBeCloseTo(0.5, 6);
    expect(calibrated(4, map)).toBeCloseTo(0.5, 6);
  });
});
