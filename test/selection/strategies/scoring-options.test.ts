import { describe, expect, it } from 'vitest';
import { STRATEGIES } from '../../../src/selection/strategies/registry.ts';
import type { StrategyOptions } from '../../../src/selection/strategies/strategy.ts';
import { normalizeOptions, takesScores } from '../../../src/selection/strategies/strategy-options.ts';

/** With the option that makes them use scores. */
const BY_SCORES: readonly (readonly [string, StrategyOptions])[] = [
  ['alpagasus', {}],
  ['car', {}],
  ['deita', {}],
  ['mig', {}],
  ['mods', {}],
  ['facility-location', { qualityWeight: 1 }],
];

describe('the strategies that use scores', () => {
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
        message: `scoreField uses existing scores, so it cannot be combined with ${other}.`,
        data: { option: 'scoreField' },
      }),
    );
    expect(normalizeOptions(strategy, options)).toMatchObject(options);
  });

  it('judge no criterion when a field has the scores', () => {
    const mods = STRATEGIES.find('mods');
    expect(() => normalizeOptions(mods, { scoreField: 'stars', criterion: 'accuracy' })).toThrow(
      'so it cannot be combined with criterion.',
    );
    expect(normalizeOptions(mods, { criterion: 'accuracy' })).toMatchObject({ criterion: 'accuracy' });
  });

  it('accept "draft: false" beside a field', () => {
    expect(normalizeOptions(STRATEGIES.find('car'), { scoreField: 'stars', draft: false })).toMatchObject({
      draft: false,
    });
  });

  it('refuse a judge that does not exist, and an option of another judge', () => {
    const car = STRATEGIES.find('car');
    expect(() => normalizeOptions(car, { judge: 'gpt' })).toThrow('There is no judge "gpt".');
    expect(() => normalizeOptions(car, { judge: 'offline', scorer: 's.json' })).toThrow(
      expect.objectContaining({
        message: 'scorer has no effect with the judge "offline".',
        data: { option: 'scorer' },
      }),
    );
    expect(normalizeOptions(car, { judge: 'expert', scorer: 's.json' })).toMatchObject({ scorer: 's.json' });
  });
});
