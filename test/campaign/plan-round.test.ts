import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { campaignConfigSchema } from '../../src/campaign/config/campaign-config.ts';
import { planRound } from '../../src/campaign/steps/plan-round.ts';
import type { CampaignRoom } from '../../src/domain/expense.ts';

const FREE = { kind: 'necessity', from: 'failures', choosable: 1000, room: {}, worstCaseLabelMicroUsd: 0 } as const;
const FROM_POOL = { ...FREE, from: 'pool' } as const;
const SEED = { ...FROM_POOL, kind: 'seed' } as const;

function configOf(rounds: object, seed = 1) {
  return campaignConfigSchema().parse({ pool: { files: ['pool.jsonl'] }, seed, rounds });
}

const CONFIG = configOf({
  seed: { strategy: 'selectllm', count: 20, options: { partition: 'similar' } },
  necessity: { count: 10, select: 'cover' },
});

test('the first round seeds from the pool, and those after it choose what is needed from the failures', () => {
  const first = planRound(CONFIG, { ...SEED, round: 1 });
  const [second, third] = [2, 3].map((round) => planRound(CONFIG, { ...FREE, round }));
  expect(first).toMatchObject({ number: 1, kind: 'seed', from: 'pool', strategy: 'selectllm', count: 20 });
  expect(first.weighted).toBe(false);
  expect(second).toMatchObject({ number: 2, kind: 'necessity', from: 'failures', count: 10, weighted: true });
  expect(third).toEqual({ ...second, number: 3, seed: third!.seed });
});

test('a later round seeds too while there is no model', () => {
  const again = planRound(CONFIG, { ...SEED, round: 2 });
  expect(again).toMatchObject({ number: 2, kind: 'seed', from: 'pool', strategy: 'selectllm', count: 20 });
});

test('options are written out with every default, so that a plan tells all that was done', () => {
  const { options } = planRound(CONFIG, { ...SEED, round: 1 });
  expect(options).toMatchObject({ partition: 'similar', votes: 1 });
  expect(Object.keys(options).length).toBeGreaterThan(2);
});

describe('a necessity round', () => {
  const planned = (necessity: object, given: typeof FREE | typeof FROM_POOL = FREE) =>
    planRound(configOf({ seed: { strategy: 'k-center', count: 7 }, necessity }), { ...given, round: 2 });

  test.each(['k-center', 'facility-location', 'k-means'])('covers the failures by %s where that is set', (cover) => {
    expect(planned({ select: 'cover', cover })).toMatchObject({ strategy: cover, from: 'failures', weighted: true });
    expect(planned({ select: 'cover', cover, weighted: false }).weighted).toBe(false);
  });

  test('covers the pool, and counts failures more where that is set', () => {
    expect(planned({}, FROM_POOL)).toMatchObject({ strategy: 'facility-location', from: 'pool', weighted: false });
    expect(planned({}, FROM_POOL)).not.toHaveProperty('failureWeight');
    expect(planned({ failureWeight: 3, cover: 'k-means' }, FROM_POOL)).toMatchObject({
      strategy: 'k-means',
      weighted: false,
      failureWeight: 3,
    });
  });

  test('covers the failures by k-center, unweighted, as MoDS does', () => {
    expect(planned({ select: 'mods' })).toMatchObject({ strategy: 'k-center', from: 'failures', weighted: false });
  });

  test('has the LLM choose, with the options that are set', () => {
    const plan = planned({ select: 'selectllm', options: { votes: 3 } });
    expect(plan).toMatchObject({ strategy: 'selectllm', from: 'failures' });
    expect(plan.options.votes).toBe(3);
  });

  test('draws from all that is unlabeled, and weighs nothing, as a baseline', () => {
    expect(planned({ select: 'random' }, FROM_POOL)).toMatchObject({
      strategy: 'random',
      from: 'pool',
      weighted: false,
    });
  });
});

test('a later round without failures, of a pool that has grown, chooses as the first one did, but its own number', () => {
  const config = configOf({ seed: { strategy: 'k-center', count: 7 }, necessity: { select: 'selectllm', count: 9 } });
  expect(planRound(config, { ...FROM_POOL, round: 4 })).toMatchObject({
    kind: 'necessity',
    from: 'pool',
    strategy: 'k-center',
    count: 9,
    weighted: false,
  });
});

describe('the number of instructions', () => {
  test.each([
    [11, 10],
    [10, 10],
    [9, 9],
  ])('is at most what may be chosen: of %i, %i', (choosable, count) => {
    expect(planRound(CONFIG, { ...FREE, round: 2, choosable }).count).toBe(count);
  });

  test.each([
    [11, 10],
    [10, 10],
    [9, 9],
  ])('is at most what the cap on labels leaves: of %i, %i', (labels, count) => {
    expect(planRound(CONFIG, { ...FREE, round: 2, room: { labels } }).count).toBe(count);
  });

  test.each([
    [1_000_000, 10],
    [999_999, 9],
    [100_000, 1],
  ])('is at most what can be paid for at worst: of $ %i millionths, %i', (labelMicroUsd, count) => {
    const plan = planRound(CONFIG, { ...FREE, round: 2, room: { labelMicroUsd }, worstCaseLabelMicroUsd: 100_000 });
    expect(plan).toMatchObject({ count, worstCaseLabelMicroUsd: 100_000 });
  });

  test('is not bound by money where labels cost nothing', () => {
    expect(planRound(CONFIG, { ...FREE, round: 2, room: { labelMicroUsd: 0 } }).count).toBe(10);
  });

  test('never passes a cap, and falls short of what is configured only at one', () => {
    const rooms: fc.Arbitrary<CampaignRoom> = fc.record(
      { labels: fc.integer({ min: 1, max: 30 }), labelMicroUsd: fc.integer({ min: 1000, max: 60_000 }) },
      { requiredKeys: [] },
    );
    const given = fc.record({
      round: fc.integer({ min: 1, max: 9 }),
      kind: fc.constantFrom('seed' as const, 'necessity' as const),
      from: fc.constantFrom('pool' as const, 'failures' as const),
      choosable: fc.integer({ min: 1, max: 30 }),
      room: rooms,
      worstCaseLabelMicroUsd: fc.nat(1000),
    });
    fc.assert(
      fc.property(given, (one) => {
        const { count } = planRound(CONFIG, one);
        const price = one.worstCaseLabelMicroUsd;
        const fits = (number: number) =>
          number <= (one.kind === 'seed' ? 20 : 10) &&
          number <= one.choosable &&
          number <= (one.room.labels ?? number) &&
          number * price <= (one.room.labelMicroUsd ?? Number.POSITIVE_INFINITY);
        expect(count).toBeGreaterThan(0);
        expect(fits(count)).toBe(true);
        expect(fits(count + 1)).toBe(false);
      }),
    );
  });
});

test('each round and each seed of the campaign draws differently, and the same ones alike', () => {
  const seedOf = (seed: number, round: number) => planRound(configOf({}, seed), { ...FREE, round }).seed;
  const all = [0, 1, 2].flatMap((seed) => [1, 2, 3, 4].map((round) => seedOf(seed, round)));
  expect(new Set(all).size).toBe(all.length);
  expect(seedOf(2, 3)).toBe(seedOf(2, 3));
  expect(all.every((seed) => Number.isSafeInteger(seed) && seed >= 0)).toBe(true);
});
