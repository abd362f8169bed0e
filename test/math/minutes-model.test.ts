import { describe, expect, it } from 'vitest';
import { expectedMinutes, learnMinutes, type TimedItem } from '../../src/math/minutes-model.ts';

/** Items of growing length that a person answers exactly by a line. */
function timed(person: string, count: number, intercept: number, slope: number): TimedItem[] {
  return Array.from({ length: count }, (_, index) => {
    const length = 20 * (index + 1) ** 2;
    return { person, length, minutes: intercept + slope * Math.log(1 + length) };
  });
}

describe('minutes of items', () => {
  it('are a line over the logarithm of the length, exactly where the times lie on one', () => {
    const model = learnMinutes(timed('ana', 30, 0.5, 0.4))!;
    expect(model.everyone.intercept).toBeCloseTo(0.5, 10);
    expect(model.everyone.slope).toBeCloseTo(0.4, 10);
    expect(expectedMinutes(model, 500, 'ana')).toBeCloseTo(0.5 + 0.4 * Math.log(501), 10);
  });

  it('are each person’s own where they have worked much, and near everyone’s where they have not', () => {
    const model = learnMinutes([...timed('slow', 40, 2, 1), ...timed('fast', 40, 0.2, 0.2), ...timed('new', 1, 9, 0)])!;
    const at = (person: string) => expectedMinutes(model, 1000, person);
    expect(at('slow')).toBeGreaterThan(1.4 * expectedMinutes(model, 1000));
    expect(at('fast')).toBeLessThan(0.6 * expectedMinutes(model, 1000));
    // One long item moves a person by an eleventh of the way.
    expect(at('new')).toBeLessThan(expectedMinutes(model, 1000) + 1);
    expect(at('unknown')).toBe(expectedMinutes(model, 1000));
  });

  it('never fall with the length and are never nothing', () => {
    const falling = timed('ana', 10, 5, -0.5);
    const model = learnMinutes(falling)!;
    expect(model.everyone.slope).toBe(0);
    expect(expectedMinutes(model, 10)).toBe(expectedMinutes(model, 100_000));
    expect(expectedMinutes(learnMinutes(timed('ana', 9, -8, 1))!, 1)).toBe(0.05);
  });

  it('are unknown until five items have been timed', () => {
    expect(learnMinutes(timed('ana', 4, 1, 1))).toBeUndefined();
    expect(learnMinutes(timed('ana', 5, 1, 1))).toBeDefined();
  });
});
