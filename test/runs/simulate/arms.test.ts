import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Instruction, JsonObject } from '../../../src/domain/instruction.ts';
import { findCategories } from '../../../src/records/categories.ts';
import { armKey, parseArm, parseArms } from '../../../src/runs/simulate/parse-arm.ts';
import { drawSplit, splitSizes } from '../../../src/runs/simulate/split.ts';

describe('an arm', () => {
  it('is a strategy with options, by either spelling', () => {
    const { arm, strategy } = parseArm(' car:per-cluster=2:judge=expert ', 'offline');
    expect(strategy.name).toBe('car');
    expect(arm).toMatchObject({ name: 'car:per-cluster=2:judge=expert', options: { perCluster: 2, judge: 'expert' } });
    expect(armKey(arm)).toBe(armKey(parseArm('car:judge=expert:perCluster=2', 'offline').arm));
  });

  it.each([
    ['random', false, false],
    ['selectllm', false, true],
    ['mods', false, false],
    ['car', true, false],
    ['deita', true, false],
    ['alpagasus:scoreField=worth', false, false],
  ])('%s is known to see responses: %s, and to ask an LLM: %s', (text, sawResponses, asksLlm) => {
    expect(parseArm(text, 'offline').arm).toMatchObject({ sawResponses, asksLlm });
  });

  it('asks an LLM where one judges, and sees no response where it drafts', () => {
    expect(parseArm('alpagasus', 'openai').arm).toMatchObject({ sawResponses: true, asksLlm: true });
    expect(parseArm('alpagasus:draft=true', 'openai').arm).toMatchObject({ sawResponses: false, asksLlm: true });
  });

  it.each([
    ['magic', 'There is no strategy "magic"'],
    ['', 'There is no strategy ""'],
    ['random:seed=1', 'strategies: "random:seed=1": The strategy "random" has no option seed'],
    ['length:prefer', '"prefer" is not an option of a strategy'],
    ['selectllm:perQuery=0', 'perQuery must be at least 1'],
    ['alpagasus:draft=true', 'cannot write responses'],
    ['car:top=1:per-cluster=2:perCluster=3', 'The option perCluster is given twice'],
    ['car:scoreField=worth:judge=expert', 'scoreField uses existing scores'],
  ])('that is "%s" is refused: %s', (text, words) => {
    expect(() => parseArm(text, 'offline')).toThrow(words);
  });

  it('is shown spelled as the options of pick are, where its options are no options', () => {
    expect(() => parseArm('car:2', 'offline')).toThrow(
      expect.objectContaining({ hint: 'Write options as name=value: car:per-cluster=2.' }),
    );
  });

  it('may not be there twice, however it is spelled', () => {
    expect(() => parseArms(['car:perCluster=2', 'car:per-cluster=2'], 'offline')).toThrow('the same arm twice');
  });
});

describe('a split', () => {
  it('is refused for less than five, in words for one and for more', () => {
    const split = (labeled: number) => () => splitSizes(labeled, { heldOut: 5, sample: 0 });
    expect(split(1)).toThrow('1 distinct instruction with a response is too few');
    expect(split(4)).toThrow('4 distinct instructions with a response are too few');
  });

  it('is the same for the same seed, ascending, and no position is in both parts', () => {
    const sizes = fc.record({ labeled: fc.integer({ min: 5, max: 300 }), heldOut: fc.integer({ min: 1, max: 80 }) });
    fc.assert(
      fc.property(sizes, fc.nat(200), fc.integer(), ({ labeled, heldOut }, sample, seed) => {
        const size = splitSizes(labeled, { heldOut, sample });
        expect(size.heldOut).toBe(Math.min(heldOut, Math.floor(labeled / 5)));
        expect(size.pool).toBe(Math.min(sample || labeled, labeled - size.heldOut));
        const split = drawSplit(labeled, size, seed);
        expect(split).toEqual(drawSplit(labeled, size, seed));
        expect(split.pool).toHaveLength(size.pool);
        expect(split.heldOut).toHaveLength(size.heldOut);
        expect(new Set([...split.pool, ...split.heldOut]).size).toBe(size.pool + size.heldOut);
        for (const part of [split.pool, split.heldOut]) expect(part).toEqual([...part].sort((a, b) => a - b));
      }),
    );
  });

  it('holds out the same instructions for any sample', () => {
    const heldOut = (sample: number) => drawSplit(100, splitSizes(100, { heldOut: 20, sample }), 7).heldOut;
    expect(heldOut(10)).toEqual(heldOut(0));
  });
});

describe('categories', () => {
  const items = (...records: JsonObject[]) => records.map((record) => ({ record, meta: record }) as Instruction);

  it('are found by the first usual name that divides the data', () => {
    const found = findCategories(
      items(
        { category: 'all', task: 'a', topic: 1 },
        { category: 'all', task: 'b', topic: 1 },
        { category: 'all', task: 'c', topic: 2 },
        { category: 'all', task: 'd', topic: '' },
      ),
      undefined,
    );
    expect(found).toEqual({ field: 'topic', count: 2, of: ['1', '1', '2', undefined] });
  });

  it('are none where no field divides it', () => {
    expect(findCategories(items({ x: 1 }, { x: 2 }), undefined)).toMatchObject({ field: null, count: null });
  });

  it('are those of the named field', () => {
    expect(findCategories(items({ x: 'a' }, { x: ['b'] }), 'x')).toEqual({
      field: 'x',
      count: 1,
      of: ['a', undefined],
    });
    expect(() => findCategories(items({ x: 1 }), 'y')).toThrow('No labeled record has a category in a field "y"');
  });
});
