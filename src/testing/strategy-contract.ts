import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { declaredOptions } from '../domain/options.ts';
import type { Pick } from '../domain/selection.ts';
import { createMatrixKernel, type OwnedMatrixKernel } from '../math/create-matrix-kernel.ts';
import { takeRows } from '../math/embedding-matrix.ts';
import type { LlmClient, LlmRequest } from '../models/providers/llm-client.ts';
import { offlineClient } from '../models/providers/offline-client.ts';
import { parseConstraints } from '../selection/constraints/constraints.ts';
import { prepareConstrained } from '../selection/constraints/prepare-constrained.ts';
import type { Strategy, StrategyContext, StrategyOptions } from '../selection/strategies/strategy.ts';
import { normalizeOptions, optionsOf } from '../selection/strategies/strategy-options.ts';
import { instructionOf, instructionsOf, measureOf, randomRows, strategyContext } from './strategy-context.ts';
import { ALL_THAT_WAS_SAID, WHOLE_CONVERSATION } from './whole-conversation.ts';

/** What the contract must know about a strategy; the defaults suit one without thresholds and weights. */
export interface StrategyExpectations {
  /** Options with which every candidate can be picked, for strategies that filter. Default: none. */
  readonly letAllPass?: StrategyOptions;
  /** Options with which an LLM sees only some of the candidates, so that weights count there too. Default: `letAllPass`. */
  readonly fewShown?: StrategyOptions;
  /**
   * Whether, with these options, the picks for a smaller count are the first picks for a larger one. Default: with
   * `letAllPass`, where the strategy says so.
   */
  readonly nesting?: readonly (readonly [nested: boolean, options: StrategyOptions])[];
  /** Whether weights change its picks. Default: false, as for baselines and ranks by score. */
  readonly usesWeights?: boolean;
}

const POOL = 60;
/** Fewer than there are, so that the effect of a threshold shows. */
const MOST_NESTED = 30;

/** The tests that every strategy must pass, as a vitest suite. */
export function strategyContract(strategy: Strategy, expectations: StrategyExpectations = {}): void {
  const { name } = strategy;
  const { letAllPass = {}, fewShown = letAllPass, usesWeights = false } = expectations;
  const claimsNesting = strategy.nested(normalizeOptions(strategy, letAllPass));
  const { nesting = claimsNesting ? [[true, letAllPass]] : [] } = expectations;

  describe(`the strategy ${name}`, () => {
    let kernel: OwnedMatrixKernel;

    beforeAll(async () => {
      kernel = await createMatrixKernel({ threads: 1 });
    });
    afterAll(() => kernel.release());

    type Given = Parameters<typeof strategyContext>[2];
    async function select(given: Given): Promise<readonly Pick[]> {
      const { picks } = await (
        await strategy.prepare(strategyContext(strategy, kernel, { options: letAllPass, ...given }))
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

    it('describes itself and its options', () => {
      expect(strategy.summary).toMatch(/\S/);
      expect(strategy.source).toMatch(/\S/);
      for (const { description } of declaredOptions(optionsOf(strategy))) expect(description).toMatch(/\S/);
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
      const given = { count: 12, candidates, labeled, options: fewShown };
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
            options: fewShown,
          };
          const picks = await select({ ...given, weights });
          expectSound(picks, count, candidates);
          expect(await select({ ...given, weights: weights.map((weight) => 4 * weight) })).toEqual(picks);
        }
      }
    });

    it.runIf(usesWeights)('refuses invalid weights', async () => {
      const weights = new Float64Array(POOL).fill(1);
      weights[7] = -1;
      await expect(select({ count: 5, weights, options: fewShown })).rejects.toThrow('The weight of row 7');
    });

    it('shows an LLM that chooses all of a conversation', async () => {
      const client = offlineClient();
      const asked: LlmRequest[] = [];
      const recording: LlmClient = {
        ...client,
        complete: (request, ...rest) => {
          asked.push(request);
          return client.complete(request, ...rest);
        },
      };
      const instructions = instructionsOf(POOL).map((item) => ({
        ...item,
        ...WHOLE_CONVERSATION,
        input: item.instruction,
      }));
      const given = { count: 12, instructions, options: fewShown };
      const context = strategyContext(strategy, kernel, given, recording);
      await (await strategy.prepare(context)).select();
      for (const { messages } of asked) {
        const shown = messages.map(({ content }) => content).join('\n');
        for (const said of ALL_THAT_WAS_SAID.slice(0, -1)) expect(shown).toContain(said);
      }
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

    it('keeps to quotas, minimums, limits for each value and what must be included', async () => {
      const instructions = instructionsOf(POOL).map((item, position) => ({
        ...item,
        record: {
          language: position % 3 === 0 ? 'de' : 'en',
          topic: position % 10 === 0 ? 'rare' : 'usual',
          user: `u${position % 15}`,
        },
      }));
      const constraints = parseConstraints({
        quota: ['language=en:60%,de:40%'],
        atLeast: ['topic=rare:4'],
        atMost: ['user=2'],
        mustInclude: ['it_7'],
      });
      const context = strategyContext(strategy, kernel, { count: 20, instructions, options: letAllPass });
      const limits = { constraints, fixed: [7], taken: [22] };
      const choose = async () => (await (await prepareConstrained(strategy, context, limits)).select()).picks;
      const picks = await choose();
      expectSound(picks, 20, context.candidates);
      expect(await choose()).toEqual(picks);
      expect(picks[0]!.position).toBe(7);
      const countOf = (field: 'language' | 'topic' | 'user', value: string) =>
        picks.filter(({ position }) => instructions[position]!.record[field] === value).length;
      expect(countOf('language', 'de')).toBe(8);
      expect(countOf('topic', 'rare')).toBeGreaterThanOrEqual(4);
      for (let user = 0; user < 15; user += 1)
        expect(countOf('user', `u${user}`)).toBeLessThanOrEqual(user === 7 ? 1 : 2);
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
        options: letAllPass,
      });
      const plans = [await strategy.prepare(context), await strategy.prepare(context)];
      expect(plans[1]!.plan).toEqual(plans[0]!.plan);
      expect(plans[0]!.plan.asking === undefined).toBe(!strategy.needs.llm);
      expect(await plans[1]!.select()).toEqual(await plans[0]!.select());
    });

    it.each(nesting)(
      'says whether one selection serves every budget, and it does: %s with %j',
      async (nested, options) => {
        expect(strategy.nested(normalizeOptions(strategy, options))).toBe(nested);
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

    it('says what measuring takes, and does not choose where some of it failed', async () => {
      const names = strategy.measures(normalizeOptions(strategy, letAllPass), { hasResponses: true });
      const measures = new Map(
        names.map((measure) => [measure, measureOf((position) => (position < 5 ? Number.NaN : 3))]),
      );
      const given = { count: 55, instructions: instructionsOf(POOL), measures, options: letAllPass };
      const { plan, select: choose } = await strategy.prepare(strategyContext(strategy, kernel, given));
      expect(plan.measuring?.map(({ measure, items }) => [measure, items]) ?? []).toEqual(
        names.map((one) => [one, POOL]),
      );
      const { picks, measured = [] } = await choose();
      expect(measured.map(({ failed }) => failed.length)).toEqual(names.map(() => 5));
      if (names.length > 0) expect(positionsOf(picks).filter((position) => position < 5)).toEqual([]);
    });

    it('refuses an option it does not have', () => {
      expect(() => normalizeOptions(strategy, { noSuchOption: 1 })).toThrow(
        expect.objectContaining({
          code: 'USAGE',
          message: `The strategy "${name}" has no option noSuchOption.`,
          data: { option: 'noSuchOption' },
        }),
      );
    });

    it('leaves normalized options as they are', () => {
      const options = normalizeOptions(strategy, letAllPass);
      expect(normalizeOptions(strategy, options)).toEqual(options);
    });
  });
}
