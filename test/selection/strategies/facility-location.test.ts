import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMatrixKernel, type OwnedMatrixKernel } from '../../../src/math/create-matrix-kernel.ts';
import type { MeasureName } from '../../../src/selection/measures/measure.ts';
import { facilityLocationStrategy } from '../../../src/selection/strategies/facility-location.ts';
import type { StrategyOptions } from '../../../src/selection/strategies/strategy.ts';
import { normalizeOptions } from '../../../src/selection/strategies/strategy-options.ts';
import { measureOf, randomRows, strategyContext } from '../../../src/testing/strategy-context.ts';

const ROWS = 40;

/** The lab's rows, one of them twice. */
function withCopy(of: number, at: number) {
  const rows = randomRows(ROWS);
  rows.data.copyWithin(at * rows.columns, of * rows.columns, (of + 1) * rows.columns);
  return rows;
}

describe('facility-location with quality', () => {
  let kernel: OwnedMatrixKernel;
  beforeAll(async () => {
    kernel = await createMatrixKernel({ threads: 1 });
  });
  afterAll(() => kernel.release());

  const score = (position: number) => 1 + (position % 4);
  const select = async (options: StrategyOptions, name: MeasureName = 'accuracy', given: object = {}) => {
    const context = strategyContext(facilityLocationStrategy, kernel, {
      count: 8,
      embeddings: randomRows(ROWS),
      options,
      measures: new Map(options.qualityWeight ? [[name, measureOf(score, 3)]] : []),
      ...given,
    });
    return (await (await facilityLocationStrategy.prepare(context)).select()).picks;
  };
  const meanScore = (picks: Awaited<ReturnType<typeof select>>) =>
    picks.reduce((sum, { position }) => sum + score(position), 0) / picks.length;

  it('only covers, with a weight of 0, and judges nothing', async () => {
    expect(facilityLocationStrategy.measures({ qualityWeight: 0 }, { hasResponses: true })).toEqual([]);
    expect(await select({ qualityWeight: 0 })).toEqual(await select({}));
  });

  it('says that a large pool is looked at in a sample', async () => {
    const planFor = async (candidates: number) => {
      const context = strategyContext(facilityLocationStrategy, kernel, {
        count: 8,
        embeddings: randomRows(ROWS),
        options: {},
        candidates: Array.from({ length: candidates }, (_, position) => position),
      });
      return (await facilityLocationStrategy.prepare(context)).plan.notes;
    };
    expect(await planFor(50_000)).toEqual([]);
    expect(await planFor(50_001)).toEqual([
      'Facility location looks at a sample of the 50,001 candidates, because there are more than 50,000.',
    ]);
  });

  it('prefers quality more the larger its weight, and finally ranks by quality alone', async () => {
    const means = await Promise.all(
      [0, 0.05, 100].map(async (qualityWeight) => meanScore(await select({ qualityWeight }))),
    );
    expect(means[1]).toBeGreaterThan(means[0]!);
    expect(means[2]).toBe(4);
  });

  it('names the score of a pick, its reason and its cost', async () => {
    const [first] = await select({ qualityWeight: 100 });
    // A score of 4 on the scale from 1 to 5 is worth 3/4 of 100/8.
    expect(first!.score).toBeGreaterThan(9.375);
    expect(first!.score).toBeLessThan(10.375);
    expect(first!.reason).toMatch(/^Typical of many remaining questions; accuracy 4\.0; it is 4\.00$/);
    expect(first!.costMicroUsd).toBe(3);
  });

  it('judges responses if there are any, else instructions, or reads a field', () => {
    const measures = (options: StrategyOptions, hasResponses: boolean) =>
      facilityLocationStrategy.measures(normalizeOptions(facilityLocationStrategy, options), { hasResponses });
    expect(measures({ qualityWeight: 1 }, true)).toEqual(['accuracy']);
    expect(measures({ qualityWeight: 1 }, false)).toEqual(['quality']);
    expect(measures({ qualityWeight: 1, scoreField: 'rating' }, false)).toEqual(['field']);
  });

  it('scales an unbounded field by its own range, and ignores equal scores', async () => {
    const endless = (numberOf: (position: number) => number) => ({
      ...measureOf(numberOf),
      scale: { min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY },
    });
    const options = { qualityWeight: 100, scoreField: 'rating' };
    const far = await select(options, 'field', { measures: new Map([['field', endless((p) => 1000 * score(p))]]) });
    expect(meanScore(far)).toBe(4);
    const equal = await select(options, 'field', { measures: new Map([['field', endless(() => 7)]]) });
    expect(equal.map(({ position }) => position)).toEqual((await select({})).map(({ position }) => position));
  });

  it('also covers candidates without a score, by picking scored ones near them', async () => {
    // The lab's rows lie around five directions in turn: nearly all of the first has no score.
    const measures = new Map([['accuracy', measureOf((p) => (p % 5 === 0 && p !== 35 ? Number.NaN : 3))]]);
    const weights = Float64Array.from({ length: ROWS }, (_, row) => (row % 5 === 0 ? 10 : 1));
    const picks = await select({ qualityWeight: 0.001 }, 'accuracy', { measures, weights, count: 6 });
    expect(picks[0]!.position).toBe(35);
    expect(picks.filter(({ position }) => position % 5 === 0)).toHaveLength(1);
  });

  it('covers a group of near-duplicates once, by its best member, with the weight of its candidate', async () => {
    const candidates = Array.from({ length: ROWS - 5 }, (_, row) => row + 5);
    const copies = new Map([[30, [0]]]);
    const scores = new Map([['accuracy', measureOf((position) => (position === 0 ? 5 : 1))]]);
    const weights = Float64Array.from(candidates, (position) => (position === 30 ? 1000 : 1));
    const given = { candidates, copies, measures: scores, weights, embeddings: withCopy(30, 0) };
    const picks = await select({ qualityWeight: 0.001 }, 'accuracy', { ...given, count: 3 });
    expect(picks[0]!.position).toBe(0);
    expect(picks.map(({ position }) => position)).not.toContain(30);
    expect(picks.every(({ score }) => Number.isFinite(score))).toBe(true);
  });

  it('keeps weights in order when some candidates have no score', async () => {
    const weights = Float64Array.from({ length: ROWS }, (_, row) => (row % 5 === 3 ? 1000 : 1));
    const measures = new Map([['accuracy', measureOf((position) => (position < 3 ? Number.NaN : 3))]]);
    const picks = await select({ qualityWeight: 0.001 }, 'accuracy', { weights, measures, count: 2 });
    expect(picks[0]!.position % 5).toBe(3);
  });
});
