import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMatrixKernel, type OwnedMatrixKernel } from '../../../src/math/create-matrix-kernel.ts';
import type { MeasureName } from '../../../src/selection/measures/measure.ts';
import { alpaGasusStrategy } from '../../../src/selection/strategies/alpagasus.ts';
import type { StrategyOptions } from '../../../src/selection/strategies/strategy.ts';
import { normalizeOptions } from '../../../src/selection/strategies/strategy-options.ts';
import { instructionsOf, measureOf, strategyContext } from '../../../src/testing/strategy-context.ts';

const HAVE = { hasResponses: true };
const measuresOf = (options: StrategyOptions) =>
  alpaGasusStrategy.measures(normalizeOptions(alpaGasusStrategy, options), HAVE);

describe('alpagasus', () => {
  let kernel: OwnedMatrixKernel;
  beforeAll(async () => {
    kernel = await createMatrixKernel({ threads: 1 });
  });
  afterAll(() => kernel.release());

  async function select(scores: readonly number[], count: number, options: StrategyOptions = {}) {
    const [name] = measuresOf(options) as [MeasureName];
    const measures = new Map([[name, measureOf((position) => scores[position]!)]]);
    const given = { count, instructions: instructionsOf(scores.length), measures, options };
    return (await alpaGasusStrategy.prepare(strategyContext(alpaGasusStrategy, kernel, given))).select();
  }

  it('picks the best at or above 4.5, ties in the order of the pool', async () => {
    const { picks } = await select([4.5, 4.9, 4.4, 5, 4.9], 4);
    expect(picks.map(({ position, score }) => [position, score])).toEqual([
      [3, 5],
      [1, 4.9],
      [4, 4.9],
      [0, 4.5],
    ]);
    expect(picks[0]).toMatchObject({ rank: 1, reason: 'it is 5.00', model: 'test-model', strategy: 'alpagasus' });
  });

  it('picks nothing below the threshold, and reports how many reach it', async () => {
    await expect(select([4.5, 4.49, 5], 3)).rejects.toMatchObject({
      code: 'NOT_ENOUGH',
      message: 'You asked for 3 instructions, but only 2 of 3 are rated 4.5 or better; scores range from 4.49 to 5.00.',
      hint: 'Lower threshold (4.5 is the default) or count.',
    });
    expect((await select([4.5, 4.49, 5], 3, { threshold: 4 })).picks).toHaveLength(3);
  });

  it.each([
    [[0.004, 0.99], 1, 'scores range from 0.004 to 0.99', 'Lower threshold or count.'],
    [[0.9996, 0.9996], 1, 'all scores are 0.9996', 'Lower threshold or count.'],
  ])(
    'names the range of the scores %j, and calls only a default threshold the default',
    async (scores, threshold, span, hint) => {
      const message = expect.stringContaining(`are rated 1 or better; ${span}.`);
      await expect(select(scores, 1, { threshold })).rejects.toMatchObject({ message, hint });
    },
  );

  it('judges accuracy, or helpfulness by option, or reads a field', () => {
    expect(measuresOf({})).toEqual(['accuracy']);
    expect(measuresOf({ dimension: 'helpfulness' })).toEqual(['helpfulness']);
    expect(measuresOf({ scoreField: 'stars' })).toEqual(['field']);
    expect(() => normalizeOptions(alpaGasusStrategy, { dimension: 'beauty' })).toThrow(
      'dimension must be one of accuracy, helpfulness',
    );
  });

  it('leaves out instructions without a rating, without a default, and is short by them', async () => {
    const { picks, measured } = await select([Number.NaN, 5, 4.6, Number.NaN], 3);
    expect(picks.map(({ position }) => position)).toEqual([1, 2]);
    expect(measured![0]!.failed.map(({ failure }) => failure)).toEqual(['it says nothing.', 'it says nothing.']);
  });

  it('warns when nearly all ratings are equal', async () => {
    const { measured } = await select(
      Array.from({ length: 20 }, (_, index) => (index === 0 ? 4.5 : 5)),
      2,
    );
    expect(measured![0]!.collapse).toEqual({ score: 5, share: 0.95, ratings: 20 });
  });
});
