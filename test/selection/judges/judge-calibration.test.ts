import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/math/random.ts';
import {
  calibrateJudge,
  type DecidedJudgment,
  fittingThreshold,
  shareAbove,
} from '../../../src/selection/judges/judge-calibration.ts';

const options = () => ({ random: seededRandom(1, 'test') });

/** Items of random lengths, approved with a chance that their quality gives. */
function decided(count: number, scoreOf: (quality: number, length: number) => number): DecidedJudgment[] {
  const random = seededRandom(2, 'decided');
  return Array.from({ length: count }, () => {
    const quality = random.float() * 10;
    const length = 20 + Math.floor(random.float() * 400);
    return { score: scoreOf(quality, length), length, approved: random.float() < quality / 10 };
  });
}

describe('calibrateJudge', () => {
  it('finds that a judge of quality agrees with people more than length does, and divides at the middle', () => {
    const found = calibrateJudge(
      decided(300, (quality) => quality),
      options(),
    )!;
    expect(found.agreement).toBeGreaterThan(0.75);
    expect(found.noBetterThanLength).toBe(false);
    expect(found.gain.low).toBeGreaterThan(0);
    expect(found.threshold).toBeGreaterThan(3);
    expect(found.threshold).toBeLessThan(7);
    for (const { expected, observed } of found.reliability) expect(Math.abs(expected - observed)).toBeLessThan(0.2);
    expect(found.reliability.reduce((sum, { judgments }) => sum + judgments, 0)).toBe(300);
  });

  it('raises the alarm for a judge that only counts characters', () => {
    const found = calibrateJudge(
      decided(300, (_, length) => length / 100),
      options(),
    )!;
    expect(found.agreement).toBe(found.lengthAgreement);
    expect(found).toMatchObject({ noBetterThanLength: true, gain: { low: 0, high: 0 } });
  });

  it('says nothing of a few decisions, nor of decisions of one kind', () => {
    const one = { score: 5, length: 10 };
    const some = (approved: number, others: number) => [
      ...Array.from({ length: approved }, () => ({ ...one, approved: true })),
      ...Array.from({ length: others }, () => ({ ...one, approved: false })),
    ];
    expect(calibrateJudge(some(10, 9), options())).toBeUndefined();
    expect(calibrateJudge(some(30, 4), options())).toBeUndefined();
    expect(calibrateJudge(some(15, 5), options())).toMatchObject({ judgments: 20, approved: 15, agreement: 0.5 });
  });
});

describe('fittingThreshold', () => {
  it('is the threshold of the calibration, and nothing where length agrees with people as well', () => {
    const ofQuality = decided(300, (quality) => quality);
    expect(fittingThreshold(ofQuality)).toBe(calibrateJudge(ofQuality, options())!.threshold);
    expect(fittingThreshold(decided(300, (_, length) => length / 100))).toBeUndefined();
    expect(fittingThreshold(ofQuality.slice(0, 19))).toBeUndefined();
  });
});

it('the share above counts equal values half, by brute force', () => {
  const values = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(values, values, (high, low) => {
      const wins = high.flatMap((a) => low.map((b) => (a > b ? 1 : a === b ? 0.5 : 0)));
      const expected = wins.reduce((sum: number, win) => sum + win, 0) / wins.length;
      expect(shareAbove(high, low)).toBeCloseTo(expected, 12);
    }),
  );
});
