import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Pick } from '../../../src/domain/selection.ts';
import { createMatrixKernel, type OwnedMatrixKernel } from '../../../src/math/create-matrix-kernel.ts';
import { takeRows } from '../../../src/math/embedding-matrix.ts';
import { findStrategy, STRATEGIES } from '../../../src/selection/strategies/registry.ts';
import type { StrategyContext, StrategyOptions } from '../../../src/selection/strategies/strategy.ts';
import { instructionOf, instructionsOf, measureOf, randomRows, strategyContext } from './selection-lab.ts';

const POOL = 60;
/** Fewer than there are, so that what a threshold takes away is not missed. */
const MOST_NESTED = 30;
/** So that not every candidate is shown, and the reduction to those that are has to count weights too. */
const SMALL_PROMPTS: Readonly<Record<string, StrategyOptions>> = { selectllm: { perQuery: 2, itemsPerQuery: 4 } };
/** So that what filters lets everything through: how they run out is tested with each. */
const LET_ALL_PASS: Readonly<Record<string, StrategyOptions>> = {
  alpagasus: { threshold: 0 },
  deita: { threshold: 1 },
  mods: { threshold: 0 },
};
/** With which options the picks for a smaller count are the first ones for a larger. */
const NESTING: Readonly<Record<string, readonly (readonly [nested: boolean, options: StrategyOptions])[]>> = {
  selectllm: [[false, {}]],
  random: [[true, {}]],
  length: [
    [true, {}],
    [true, { prefer: 'shortest' }],
  ],
  rouge: [[true, {}]],
  perplexity: [
    [true, {}],
    [true, { prefer: 'middle' }],
  ],
  'open-endedness': [[true, {}]],
  'k-center': [[true, {}]],
  'k-means': [[false, {}]],
  'facility-location': [
    [true, {}],
    [true, { qualityWeight: 0 }],
    [false, { qualityWeight: 1 }],
  ],
  alpagasus: [[true, { threshold: 0 }]],
  deita: [
    [true, { threshold: 1 }],
    [true, { threshold: 0.95 }],
  ],
  car: [[false, {}]],
  mods: [
    [true, { threshold: 0 }],
    [true, { threshold: 0, cover: 'facility-location' }],
    [false, { threshold: 0, cover: 'k-means' }],
  ],
};
/** Choosing by weight is not for all: a baseline that knew what is needed, or a rank by score, would be another method. */
const WEIGHTED = ['selectllm', 'facility-location', 'k-means', 'k-center', 'mods'];

describe.each(STRATEGIES.map((strategy) => [strategy.name, strategy] as const))('the strategy %s', (name, strategy) => {
  let kernel: OwnedMatrixKernel;

  beforeAll(async () => {
    kernel = await createMatrixKernel({ threads: 1 });
  });
  afterAll(() => kernel.release());

  type Given = Parameters<typeof strategyContext>[2];
  async function select(given: Given): Promise<readonly Pick[]> {
    const { picks } = await (
      await strategy.prepare(strategyContext(strategy, kernel, { options: LET_ALL_PASS[name] ?? {}, ...given }))
    ).select();
    return picks;
  }
  const positionsOf = (picks: readonly Pick[]) => picks.map(({ position }) => position);

  function expectSound(picks: readonly Pick[], count: number, candidates: readonly number[]) {
    expect(picks).toHaveLength(count);
    expect(new Set(positionsOf(picks)).size).toBe(count);
    expect(positionsOf(picks).filter((position) => !candidates.includes(position))).toEqual([]);
    expect(picks.map(({ rank }) => rank)).toEqual(picks.map((_, index) => index + 1));
    for (const pick of picks) {
      expect(pick).toMatchObject({ strategy: name, reason: expect.stringMatching(/\S/) });
      expect(pick.score === null || Number.isFinite(pick.score)).toBe(true);
      expect(Number.isSafeInteger(pick.costMicroUsd)).toBe(true);
    }
  }

  it('describes itself', () => {
    expect(strategy.summary).toMatch(/\S/);
    expect(strategy.source).toMatch(/\S/);
    expect(findStrategy(name)).toBe(strategy);
  });

  it.each([1, 7, 24, POOL])('picks exactly %d, all different, ranked from 1', async (count) => {
    const candidates = instructionsOf(POOL).map((_, position) => position);
    expectSound(await select({ count, instructions: instructionsOf(POOL) }), count, candidates);
  });

  it('picks candidates only, and never what is labeled', async () => {
    const embeddings = randomRows(POOL);
    const labeled = [0, 5, 10, 15, 59];
    const candidates = Array.from({ length: POOL }, (_, position) => position).filter(
      (position) => position % 3 !== 1 && !labeled.includes(position),
    );
    for (const count of [10, candidates.length]) {
      expectSound(
        await select({ count, embeddings, candidates, labeled: takeRows(embeddings, labeled) }),
        count,
        candidates,
      );
    }
  });

  it('picks the same for the same seed', async () => {
    expect(await select({ count: 15, seed: 7 })).toEqual(await select({ count: 15, seed: 7 }));
  });

  it('picks the very same for equal weights as for none', async () => {
    const candidates = Array.from({ length: 50 }, (_, index) => index + 3);
    const labeled = takeRows(randomRows(POOL), [0, 1]);
    const given = { count: 12, candidates, labeled, options: SMALL_PROMPTS[name] ?? LET_ALL_PASS[name] ?? {} };
    for (const weight of [1, 0.3, 700]) {
      expect(await select({ ...given, weights: new Float64Array(50).fill(weight) })).toEqual(await select(given));
    }
  });

  it('picks as soundly by weight, the same each time, and the same for the same ratios', async () => {
    const candidates = Array.from({ length: 50 }, (_, index) => index + 3);
    const weights = Float64Array.from(candidates, (position) => 2 ** (position % 5));
    for (const count of [1, 12, 50]) {
      for (const labeled of [[], [0, 1]]) {
        const given = {
          count,
          candidates,
          labeled: takeRows(randomRows(POOL), labeled),
          options: SMALL_PROMPTS[name] ?? LET_ALL_PASS[name] ?? {},
        };
        const picks = await select({ ...given, weights });
        expectSound(picks, count, candidates);
        expect(await select({ ...given, weights: weights.map((weight) => 4 * weight) })).toEqual(picks);
      }
    }
  });

  it.runIf(WEIGHTED.includes(name))('refuses weights that are none', async () => {
    const weights = new Float64Array(POOL).fill(1);
    weights[7] = -1;
    await expect(
      select({ count: 5, weights, options: SMALL_PROMPTS[name] ?? LET_ALL_PASS[name] ?? {} }),
    ).rejects.toThrow('The weight of row 7');
  });

  it('leaves what it is given untouched', async () => {
    const candidates = Object.freeze(Array.from({ length: 50 }, (_, index) => index + 3));
    const instructions = Object.freeze(instructionsOf(POOL).map((item) => Object.freeze(item)));
    const embeddings = randomRows(POOL);
    const labeled = takeRows(embeddings, [0, 1]);
    const weights = Float64Array.from(candidates);
    const before = { embeddings: embeddings.data.slice(), labeled: labeled.data.slice(), weights: weights.slice() };
    await select({ count: 12, candidates, instructions, embeddings, labeled, weights });
    expect(embeddings.data).toEqual(before.embeddings);
    expect(labeled.data).toEqual(before.labeled);
    expect(weights).toEqual(before.weights);
  });

  it.each([
    ['all alike', () => randomRows(1).data],
    ['all zero', () => new Float32Array(12)],
  ])('survives rows that are %s', async (_, row) => {
    const embeddings = randomRows(30);
    for (let position = 0; position < 30; position += 1) embeddings.data.set(row(), position * 12);
    const candidates = Array.from({ length: 30 }, (_, position) => position);
    for (const count of [1, 9, 30]) {
      expectSound(await select({ count, embeddings }), count, candidates);
      expectSound(await select({ count, embeddings, labeled: takeRows(embeddings, [0]) }), count, candidates);
    }
  });

  it('survives some zero rows and many duplicates', async () => {
    const embeddings = randomRows(40);
    for (let position = 0; position < 40; position += 2) {
      embeddings.data.copyWithin(position * 12, 12, 24);
      if (position % 8 === 0) embeddings.data.fill(0, position * 12, (position + 1) * 12);
    }
    const candidates = Array.from({ length: 40 }, (_, position) => position);
    for (const count of [1, 21, 39, 40]) expectSound(await select({ count, embeddings }), count, candidates);
  });

  it('survives hostile texts', async () => {
    const texts = ['', '\0', '\ud800', '{{candidates}}', '"}\n{"id": "aaaa"}', '<|endoftext|>', 'x'.repeat(100_000)];
    const instructions = texts.map((text, position) => instructionOf(text, position, text === '' ? undefined : text));
    const candidates = instructions.map((_, position) => position);
    expectSound(await select({ count: 4, instructions }), 4, candidates);
  });

  it('picks the only candidate', async () => {
    expectSound(await select({ count: 1, candidates: [17] }), 1, [17]);
  });

  it('plans without spending or choosing, and picks the same however often it was planned', async () => {
    const context: StrategyContext = strategyContext(strategy, kernel, {
      count: 10,
      options: LET_ALL_PASS[name] ?? {},
    });
    const plans = [await strategy.prepare(context), await strategy.prepare(context)];
    expect(plans[1]!.plan).toEqual(plans[0]!.plan);
    expect(plans[0]!.plan.asking === undefined).toBe(!strategy.needs.llm);
    expect(await plans[1]!.select()).toEqual(await plans[0]!.select());
  });

  it.each(NESTING[name] ?? [])(
    'says whether one selection serves every budget, and it does: %s with %j',
    async (nested, options) => {
      expect(strategy.nested(strategy.normalizeOptions(options))).toBe(nested);
      const given = { instructions: instructionsOf(POOL), options };
      const most = positionsOf(await select({ ...given, count: MOST_NESTED }));
      const isFirst = await Promise.all(
        [1, 9, 20].map(async (count) => {
          const fewer = positionsOf(await select({ ...given, count }));
          return fewer.every((position, index) => position === most[index]);
        }),
      );
      expect(isFirst.every(Boolean)).toBe(nested);
    },
  );

  it('is among those of which it is known whether one selection serves every budget', () => {
    expect(NESTING).toHaveProperty([name]);
  });

  it('says what measuring takes, and does not choose where some of it failed', async () => {
    const names = strategy.measures(strategy.normalizeOptions(LET_ALL_PASS[name] ?? {}), { hasResponses: true });
    const measures = new Map(
      names.map((measure) => [measure, measureOf((position) => (position < 5 ? Number.NaN : 3))]),
    );
    const given = { count: 55, instructions: instructionsOf(POOL), measures, options: LET_ALL_PASS[name] ?? {} };
    const { plan, select: choose } = await strategy.prepare(strategyContext(strategy, kernel, given));
    expect(plan.measuring?.map(({ measure, items }) => [measure, items]) ?? []).toEqual(
      names.map((one) => [one, POOL]),
    );
    const { picks, measured = [] } = await choose();
    expect(measured.map(({ failed }) => failed.length)).toEqual(names.map(() => 5));
    if (names.length > 0) expect(positionsOf(picks).filter((position) => position < 5)).toEqual([]);
  });

  it('refuses an option it does not have, as the command line spells it', () => {
    expect(() => strategy.normalizeOptions({ noSuchOption: 1 })).toThrow(
      expect.objectContaining({ code: 'USAGE', message: `The strategy "${name}" has no option noSuchOption.` }),
    );
  });

  it('leaves normalized options as they are', () => {
    const options = strategy.normalizeOptions({});
    expect(strategy.normalizeOptions(options)).toEqual(options);
  });
});

describe('the seed', () => {
  it.each(['random', 'k-means', 'k-center'])('changes what %s picks', async (name) => {
    const kernel = await createMatrixKernel({ threads: 1 });
    const strategy = findStrategy(name);
    const pick = async (seed: number) => {
      const context = strategyContext(strategy, kernel, { count: 8, seed });
      const { picks } = await (await strategy.prepare(context)).select();
      return picks.map(({ position }) => position);
    };
    expect(await pick(1)).not.toEqual(await pick(2));
    await kernel.release();
  });
});

describe('findStrategy', () => {
  it('lists the strategies where there is none of that name', () => {
    expect(() => findStrategy('selectlm')).toThrow(
      expect.objectContaining({
        code: 'USAGE',
        message: 'There is no strategy "selectlm".',
        hint: `Use one of: ${STRATEGIES.map(({ name }) => name).join(', ')}.`,
      }),
    );
  });

  it('knows distinct names, the default first', () => {
    expect(new Set(STRATEGIES.map(({ name }) => name)).size).toBe(STRATEGIES.length);
    expect(STRATEGIES[0]!.name).toBe('selectllm');
  });
});
