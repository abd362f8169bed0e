import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMatrixKernel, type OwnedMatrixKernel } from '../../../../src/math/create-matrix-kernel.ts';
import { asksLlm } from '../../../../src/selection/strategies/llm-use.ts';
import { countsByShare, parseMix } from '../../../../src/selection/strategies/mix/parse-mix.ts';
import { STRATEGIES } from '../../../../src/selection/strategies/registry.ts';
import type { StrategyOptions } from '../../../../src/selection/strategies/strategy.ts';
import { normalizeOptions } from '../../../../src/selection/strategies/strategy-options.ts';
import { instructionsOf, measureOf, randomRows, strategyContext } from '../../../../src/testing/strategy-context.ts';

const mix = STRATEGIES.find('mix');

describe('the counts of shares', () => {
  it('add up, and each is its quota rounded down or up', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.01, max: 100, noNaN: true }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 0, max: 500 }),
        (shares, count) => {
          const counts = countsByShare(shares, count);
          const total = shares.reduce((sum, share) => sum + share, 0);
          expect(counts.reduce((sum, one) => sum + one, 0)).toBe(count);
          for (const [index, share] of shares.entries()) {
            expect(Math.abs(counts[index]! - (count * share) / total)).toBeLessThan(1 + 1e-9);
          }
        },
      ),
      { seed: 1 },
    );
  });

  it('go to the largest remainders, of equal ones to the first', () => {
    expect(countsByShare([60, 20, 20], 10)).toEqual([6, 2, 2]);
    expect(countsByShare([60, 20, 20], 7)).toEqual([4, 2, 1]);
    expect(countsByShare([1, 1, 1], 2)).toEqual([1, 1, 0]);
  });
});

describe('a portfolio', () => {
  it('is read with commas or plus signs, colons or equals signs, and options in parentheses', () => {
    const read = (text: string) =>
      parseMix(text, STRATEGIES).map(({ strategy, options, share }) => [strategy.name, options, share]);
    const expected = [
      ['facility-location', { qualityWeight: 0 }, 60],
      ['random', {}, 40],
    ];
    expect(read('facility-location:60,random:40')).toEqual(expected);
    expect(read(' facility-location = 60 + random=40% ')).toEqual(expected);
    expect(read('task-diversity(taskField=task; tasks=3):1,mods(score-field=worth):2')).toMatchObject([
      ['task-diversity', { taskField: 'task', tasks: 3 }, 1],
      ['mods', { scoreField: 'worth' }, 2],
    ]);
  });

  it.each([
    ['random', 'has a part that cannot be read: "random"'],
    ['random:0', 'gives "random" a share of 0'],
    ['random:-3', 'cannot be read'],
    ['random:50,', 'has a part that cannot be read: ""'],
    ['random:50,random:50', 'names "random" twice'],
    ['randon:50', 'There is no strategy "randon"'],
    ['mix:50', 'cannot contain "mix"'],
    ['selectllm:50,selectllm(votes=3):50', '2 parts in which an LLM chooses'],
    ['deita(threshold=2):50', 'threshold'],
    ['deita(threshold):50', 'has an option that cannot be read: "threshold"'],
    ['targeted:50', 'needs example instructions'],
  ])('that cannot be used is refused with a reason: %s', (text, problem) => {
    expect(() => normalizeOptions(mix, { mix: text })).toThrow(
      expect.objectContaining({ message: expect.stringContaining(problem) }),
    );
  });

  it('needs its parts, and what they need', () => {
    expect(() => normalizeOptions(mix, {})).toThrow('needs the strategies and their shares');
    const asks = (text: string) =>
      asksLlm(mix, normalizeOptions(mix, { mix: text }), { writing: 'offline', judging: 'offline' });
    expect(asks('facility-location:60,random:40')).toBe(false);
    expect(asks('selectllm:60,random:40')).toBe(true);
    expect(() => asks('open-endedness:60,random:40')).toThrow(
      'cannot answer instructions, which "open-endedness" needs',
    );
  });

  describe('chooses', () => {
    let kernel: OwnedMatrixKernel;
    beforeAll(async () => {
      kernel = await createMatrixKernel({ threads: 1 });
    });
    afterAll(() => kernel.release());

    async function pick(text: string, given: Partial<Parameters<typeof strategyContext>[2]> = {}) {
      const options: StrategyOptions = { mix: text };
      const context = strategyContext(mix, kernel, { count: 20, measures: new Map(), ...given, options });
      return (await (await mix.prepare(context)).select()).picks;
    }

    it('as its parts do, the later ones without what was picked before, which counts as labeled', async () => {
      const picks = await pick('k-center:50,facility-location:50');
      const ofPart = (name: string) =>
        picks.filter(({ reason }) => reason.startsWith(`${name}: `)).map(({ position }) => position);
      const embeddings = randomRows(60);
      const alone = async (name: string, given: Partial<Parameters<typeof strategyContext>[2]>) => {
        const strategy = STRATEGIES.find(name);
        const context = strategyContext(strategy, kernel, { count: 10, measures: new Map(), ...given });
        return (await (await strategy.prepare(context)).select()).picks.map(({ position }) => position);
      };
      const first = await alone('k-center', {});
      expect(ofPart('k-center')).toEqual(first);
      const { takeRows } = await import('../../../../src/math/embedding-matrix.ts');
      const candidates = [...Array(60).keys()].filter((position) => !first.includes(position));
      const second = await alone('facility-location', { candidates, labeled: takeRows(embeddings, first) });
      expect(ofPart('facility-location')).toEqual(second);
    });

    it('in one order in which every beginning has the shares, nearly', async () => {
      const picks = await pick('k-center:60,random:20,length:20');
      for (const length of [5, 10, 15, 20]) {
        const some = picks.slice(0, length).map(({ reason }) => reason.split(':')[0]);
        expect(some.filter((name) => name === 'k-center')).toHaveLength(0.6 * length);
        expect(some.filter((name) => name === 'random')).toHaveLength(0.2 * length);
      }
      expect(await pick('k-center:60,random:20,length:20')).toEqual(picks);
    });

    it('the best near-duplicate by scores once, and no other copy of it', async () => {
      const candidates = [...Array(30).keys()];
      const copies = new Map(candidates.map((position) => [position, [position + 30]]));
      const measures = new Map([['mods quality', measureOf((position) => (position >= 30 ? 4 : 3))]]);
      const given = { count: 30, instructions: instructionsOf(60), candidates, copies, measures };
      const positions = (await pick('mods(threshold=0):50,random:50', given)).map(({ position }) => position % 30);
      expect(new Set(positions).size).toBe(30);
    });

    it('what an LLM chooses first, by the queries that were planned', async () => {
      const picks = await pick('random:50,selectllm(perQuery=2;itemsPerQuery=4):50');
      expect(picks).toHaveLength(20);
      expect(new Set(picks.map(({ position }) => position)).size).toBe(20);
      expect(picks.filter(({ reason }) => reason.startsWith('selectllm(')).every(({ query }) => query !== null)).toBe(
        true,
      );
    });

    it('and says which shares are less than one pick', async () => {
      const context = strategyContext(mix, kernel, {
        count: 3,
        measures: new Map(),
        options: { mix: 'random:99,length:1' },
      });
      const { plan, select } = await mix.prepare(context);
      expect(plan.notes).toEqual(['The share of length is less than one pick.']);
      expect((await select()).picks).toHaveLength(3);
    });
  });
});
