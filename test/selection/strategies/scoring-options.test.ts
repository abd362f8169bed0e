import { describe, expect, it } from 'vitest';
import { findStrategy, STRATEGIES } from '../../../src/selection/strategies/registry.ts';
import type { StrategyOptions } from '../../../src/selection/strategies/strategy.ts';

/** With what makes them go by scores. */
const BY_SCORES: readonly (readonly [string, StrategyOptions])[] = [
  ['alpagasus', {}],
  ['car', {}],
  ['deita', {}],
  ['mods', {}],
  ['facility-location', { qualityWeight: 1 }],
];

describe('the strategies that go by scores', () => {
  it('are these', () => {
    const scored = STRATEGIES.filter(({ normalizeOptions }) => {
      try {
        return normalizeOptions({ scoreField: 'stars' }).scoreField === 'stars';
      } catch {
        return false;
      }
    });
    expect(scored.map(({ name }) => name).sort()).toEqual(BY_SCORES.map(([name]) => name).sort());
  });

  it.each(
    BY_SCORES.flatMap(([name, options]) =>
      Object.entries({ judge: 'expert', scorer: 's.json', draft: true }).map(
        ([other, value]) => [name, other, { ...options, [other]: value }] as const,
      ),
    ),
  )('%s takes scores from a field or makes them by %s, not both', (name, other, options) => {
    const { normalizeOptions } = findStrategy(name);
    expect(() => normalizeOptions({ ...options, scoreField: 'stars' })).toThrow(
      `scoreField takes scores that are there already; it does not go with ${other}.`,
    );
    expect(normalizeOptions(options)).toMatchObject(options);
  });

  it('judge no criterion where a field has the scores', () => {
    const { normalizeOptions } = findStrategy('mods');
    expect(() => normalizeOptions({ scoreField: 'stars', criterion: 'accuracy' })).toThrow(
      'it does not go with criterion.',
    );
    expect(normalizeOptions({ criterion: 'accuracy' })).toMatchObject({ criterion: 'accuracy' });
  });

  it('take "draft: false" beside a field for what it says', () => {
    expect(findStrategy('car').normalizeOptions({ scoreField: 'stars', draft: false })).toMatchObject({ draft: false });
  });
});
