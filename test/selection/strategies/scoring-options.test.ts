import { describe, expect, it } from 'vitest';
import { STRATEGIES } from '../../../src/selection/strategies/registry.ts';
import type { StrategyOptions } from '../../../src/selection/strategies/strategy.ts';
import { normalizeOptions, takesScores } from '../../../src/selection/strategies/strategy-options.ts';

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
    const scored = [...STRATEGIES].filter(takesScores);
    expect(scored.map(({ name }) => name).sort()).toEqual(BY_SCORES.map(([name]) => name).sort());
    for (const strategy of scored) {
      expect(normalizeOptions(strategy, { scoreField: 'stars' })).toMatchObject({ scoreField: 'stars' });
    }
  });

  it.each(
    BY_SCORES.flatMap(([name, options]) =>
      Object.entries({ judge: 'expert', scorer: 's.json', draft: true }).map(
        ([other, value]) => [name, other, { ...options, [other]: value }] as const,
      ),
    ),
  )('%s takes scores from a field or makes them by %s, not both', (name, other, options) => {
    const strategy = STRATEGIES.find(name);
    expect(() => normalizeOptions(strategy, { ...options, scoreField: 'stars' })).toThrow(
      expect.objectContaining({
        code: 'USAGE',
        message: `scoreField takes scores that are there already; it does not go with ${other}.`,
        data: { option: 'scoreField' },
      }),
    );
    expect(normalizeOptions(strategy, options)).toMatchObject(options);
  });

  it('judge no criterion where a field has the scores', () => {
    const mods = STRATEGIES.find('mods');
    expect(() => normalizeOptions(mods, { scoreField: 'stars', criterion: 'accuracy' })).toThrow(
      'it does not go with criterion.',
    );
    expect(normalizeOptions(mods, { criterion: 'accuracy' })).toMatchObject({ criterion: 'accuracy' });
  });

  it('take "draft: false" beside a field for what it says', () => {
    expect(normalizeOptions(STRATEGIES.find('car'), { scoreField: 'stars', draft: false })).toMatchObject({
      draft: false,
    });
  });

  it('refuse a judge that does not exist, and an option of another judge', () => {
    const car = STRATEGIES.find('car');
    expect(() => normalizeOptions(car, { judge: 'gpt' })).toThrow('There is no judge "gpt".');
    expect(() => normalizeOptions(car, { judge: 'offline', scorer: 's.json' })).toThrow(
      expect.objectContaining({
        message: 'scorer does nothing for the judge "offline".',
        data: { option: 'scorer' },
      }),
    );
    expect(normalizeOptions(car, { judge: 'expert', scorer: 's.json' })).toMatchObject({ scorer: 's.json' });
  });
});
