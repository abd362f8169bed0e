import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMatrixKernel, type OwnedMatrixKernel } from '../../../src/math/create-matrix-kernel.ts';
import { takeRows } from '../../../src/math/embedding-matrix.ts';
import type { MeasureName } from '../../../src/selection/measures/measure.ts';
import { modsStrategy } from '../../../src/selection/strategies/mods.ts';
import { STRATEGIES } from '../../../src/selection/strategies/registry.ts';
import type { StrategyOptions } from '../../../src/selection/strategies/strategy.ts';
import { normalizeOptions } from '../../../src/selection/strategies/strategy-options.ts';
import { instructionsOf, measureOf, randomRows, strategyContext } from '../../../src/testing/strategy-context.ts';

const POOL = 60;
const embeddings = randomRows(POOL);
/** Every third is bad. */
const scoreOf = (position: number) => (position % 3 === 0 ? 2.4 : 2.5 + (position % 5) / 2);
const good = Array.from({ length: POOL }, (_, position) => position).filter((position) => position % 3 !== 0);

function measuresOf(options: StrategyOptions, hasResponses = true): readonly MeasureName[] {
  return modsStrategy.measures(normalizeOptions(modsStrategy, options), { hasResponses });
}

describe('mods', () => {
  let kernel: OwnedMatrixKernel;
  beforeAll(async () => {
    kernel = await createMatrixKernel({ threads: 1 });
  });
  afterAll(() => kernel.release());

  type Given = Partial<Parameters<typeof strategyContext>[2]>;
  async function select({ options = {}, ...given }: Given, numberOf = scoreOf) {
    const measures = new Map([[measuresOf(options)[0]!, measureOf(numberOf, 3)]]);
    const context = { count: 8, embeddings, instructions: instructionsOf(POOL), measures, options, ...given };
    return (await modsStrategy.prepare(strategyContext(modsStrategy, kernel, context))).select();
  }

  it.each(['k-center', 'facility-location', 'k-means'])(
    'gives the best of near-duplicates the weight of their candidate, by %s',
    async (cover) => {
      const candidates = Array.from({ length: 50 }, (_, row) => row + 10);
      const weights = Float64Array.from(candidates, (position) => (position === 31 ? 1e6 : 1));
      // 2 repeats 31, and is better.
      const copies = new Map([[31, [2]]]);
      const numberOf = (position: number) => (position === 2 ? 5 : 3);
      const rows = randomRows(POOL);
      rows.data.copyWithin(2 * rows.columns, 31 * rows.columns, 32 * rows.columns);
      const given = { count: 3, candidates, embeddings: rows, options: { cover } };
      const { picks } = await select({ ...given, copies, weights }, numberOf);
      const alone = await select({ ...given, weights }, numberOf);
      const expected = alone.picks.map(({ position }) => (position === 31 ? 2 : position));
      expect(expected).toContain(2);
      expect(picks.map(({ position }) => position).sort()).toEqual(expected.sort());
    },
  );

  it.each(['k-center', 'facility-location', 'k-means'])(
    'picks by %s among the candidates at or above the threshold',
    async (cover) => {
      const weights = Float64Array.from({ length: POOL }, (_, position) => 1 + (position % 4));
      const labeled = takeRows(embeddings, [0, 7]);
      const { picks } = await select({ options: { cover }, labeled, weights });
      const strategy = STRATEGIES.find(cover);
      const alone = await strategy.prepare(
        strategyContext(strategy, kernel, {
          count: 8,
          embeddings,
          instructions: instructionsOf(POOL),
          candidates: good,
          labeled,
          weights: weights.filter((_, position) => position % 3 !== 0),
        }),
      );
      const expected = (await alone.select()).picks;
      expect(picks.map(({ position }) => position)).toEqual(expected.map(({ position }) => position));
      for (const [index, { position, score, reason }] of picks.entries()) {
        const number = scoreOf(position).toFixed(2);
        expect(score).toBe(scoreOf(position));
        expect(reason).toBe(`${expected[index]!.reason}; accuracy ${score!.toFixed(1)} (it is ${number})`);
      }
      expect(picks[0]).toMatchObject({ rank: 1, strategy: 'mods', model: 'test-model', costMicroUsd: 3 });
    },
  );

  it('covers by k-center by default', async () => {
    expect((await select({})).picks).toEqual((await select({ options: { cover: 'k-center' } })).picks);
  });

  it('keeps candidates at the threshold, and reports when there are too few', async () => {
    expect((await select({ count: 40, options: { threshold: 2.5 } })).picks).toHaveLength(40);
    await expect(select({ count: 41 })).rejects.toMatchObject({
      code: 'NOT_ENOUGH',
      message:
        'You asked for 41 instructions, but only 40 of 60 are scored 2.5 or better; scores range from 2.40 to 4.50.',
      hint: 'Lower threshold (2.5 is the default) or count, or add to the pool.',
    });
    expect((await select({ count: 60, options: { threshold: 0 } })).picks).toHaveLength(60);
  });

  it('never picks candidates without a score, and is short by them', async () => {
    const { picks } = await select({ count: 60, options: { threshold: 0 } }, (position) =>
      position < 5 ? Number.NaN : 3,
    );
    expect(picks.map(({ position }) => position).sort((a, b) => a - b)[0]).toBe(5);
    expect(picks).toHaveLength(55);
  });

  it('judges responses if there are any, else instructions, or by option', () => {
    expect(measuresOf({})).toEqual(['accuracy']);
    expect(measuresOf({}, false)).toEqual(['quality']);
    expect(measuresOf({ criterion: 'quality' })).toEqual(['quality']);
    expect(measuresOf({ criterion: 'accuracy' }, false)).toEqual(['accuracy']);
    expect(measuresOf({ scoreField: 'stars' }, false)).toEqual(['field']);
  });

  it('accepts any number of a field, with any threshold', async () => {
    const { picks } = await select(
      { count: 20, options: { scoreField: 'stars', threshold: -3 } },
      (position) => -position / 10,
    );
    expect(Math.max(...picks.map(({ position }) => position))).toBeLessThanOrEqual(30);
    expect(picks[0]!.reason).toMatch(/; it is -\d\.\d\d$/);
  });

  it('is nested if its cover is', () => {
    const nested = (options: StrategyOptions) => modsStrategy.nested(normalizeOptions(modsStrategy, options));
    expect(['k-center', 'facility-location', 'k-means'].map((cover) => nested({ cover }))).toEqual([true, true, false]);
  });

  it('refuses unknown values', () => {
    expect(() => normalizeOptions(modsStrategy, { cover: 'blanket' })).toThrow('cover must be one of k-center');
    expect(() => normalizeOptions(modsStrategy, { criterion: 'beauty' })).toThrow('criterion must be one of quality');
    expect(() => normalizeOptions(modsStrategy, { threshold: 'high' })).toThrow('threshold must be a number');
  });
});
