import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMatrixKernel, type OwnedMatrixKernel } from '../../../../src/math/create-matrix-kernel.ts';
import { embeddingMatrix, takeRows } from '../../../../src/math/embedding-matrix.ts';
import { facilityLocation } from '../../../../src/math/facility-location.ts';
import { PARTITIONS } from '../../../../src/selection/strategies/select-llm/partition.ts';
import {
  allocatePicks,
  planQueries,
  queryCapacity,
} from '../../../../src/selection/strategies/select-llm/plan-queries.ts';
import { selectLlmStrategy } from '../../../../src/selection/strategies/select-llm/select-llm.ts';
import { instructionsOf, randomRows, strategyContext } from '../../../../src/testing/strategy-context.ts';

let kernel: OwnedMatrixKernel;
beforeAll(async () => {
  kernel = await createMatrixKernel({ threads: 1 });
});
afterAll(() => kernel.release());

type Given = Parameters<typeof strategyContext>[2];
const context = (given: Given) => strategyContext(selectLlmStrategy, kernel, given);

describe('queryCapacity', () => {
  it('takes as many queries as the picks need', () => {
    const layout = { partition: 'diverse', perQuery: 4, itemsPerQuery: 20 } as const;
    expect(queryCapacity(200, layout)).toEqual({ queries: 50, candidates: 1_000 });
    expect(queryCapacity(201, layout)).toEqual({ queries: 51, candidates: 1_020 });
    expect(queryCapacity(1, layout)).toEqual({ queries: 1, candidates: 20 });
  });
});

describe('planQueries', () => {
  it.each(PARTITIONS)('never shows copies in one query (%s)', async (partition) => {
    // Rows 0 to 29 once more as 30 to 59: exact copies.
    const half = randomRows(30);
    const embeddings = takeRows(
      half,
      [...half.data.keys()].slice(0, 30).flatMap((row) => [row, row]),
    );
    const given = { instructions: instructionsOf(60), embeddings, count: 6 };
    const queries = await planQueries(context(given), { partition, perQuery: 2, itemsPerQuery: 20 });
    expect(queries.reduce((sum, { picks }) => sum + picks, 0)).toBe(6);
    for (const { positions } of queries) {
      const rows = positions.map((position) => Math.floor(position / 2));
      expect(new Set(rows).size).toBe(rows.length);
    }
    // Where nothing else is left, copies are shown rather than too few.
    const all = await planQueries(context({ ...given, count: 60 }), { partition, perQuery: 20, itemsPerQuery: 20 });
    expect(all.reduce((sum, { picks }) => sum + picks, 0)).toBe(60);
  });

  it('never shows the same text twice in one query where there are no vectors', async () => {
    const half = instructionsOf(30);
    const instructions = [...half, ...half.map((item) => ({ ...item, id: `${item.id} again` }))];
    const embeddings = embeddingMatrix(new Float32Array(0), 60, 0);
    const given = { instructions, embeddings, count: 6 };
    const queries = await planQueries(context(given), { partition: 'random', perQuery: 2, itemsPerQuery: 20 });
    expect(queries.reduce((sum, { picks }) => sum + picks, 0)).toBe(6);
    for (const { positions } of queries) {
      const texts = positions.map((position) => instructions[position]!.instruction);
      expect(new Set(texts).size).toBe(texts.length);
    }
  });

  it('asks for exactly the count, in numbered queries of distinct candidates', async () => {
    const instructions = instructionsOf(80);
    const candidates = instructions.map((_, position) => position).filter((position) => position % 4 !== 2);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...PARTITIONS),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 0, max: 12 }),
        async (partition, count, perQuery, extra) => {
          const layout = { partition, perQuery, itemsPerQuery: perQuery + extra };
          const queries = await planQueries(context({ instructions, candidates, count }), layout);
          const capacity = queryCapacity(count, layout);
          expect(queries.map(({ number }) => number)).toEqual(queries.map((_, index) => index));
          expect(queries.length).toBeLessThanOrEqual(capacity.queries);
          expect(queries.reduce((sum, { picks }) => sum + picks, 0)).toBe(count);
          const shown = queries.flatMap(({ positions }) => positions);
          expect(new Set(shown).size).toBe(shown.length);
          expect(shown.every((position) => candidates.includes(position))).toBe(true);
          for (const { positions, picks } of queries) {
            expect(positions).toEqual([...positions].sort((a, b) => a - b));
            expect(picks).toBeGreaterThan(0);
            expect(picks).toBeLessThanOrEqual(positions.length);
            expect(positions.length).toBeLessThanOrEqual(layout.itemsPerQuery);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('shows every candidate if the prompts have room, else as many as fit', async () => {
    const shownWith = async (itemsPerQuery: number) => {
      const layout = { partition: 'diverse', perQuery: 4, itemsPerQuery } as const;
      const queries = await planQueries(context({ instructions: instructionsOf(60), count: 12 }), layout);
      return queries.flatMap(({ positions }) => positions).length;
    };
    expect(await shownWith(20)).toBe(60);
    expect(await shownWith(40)).toBe(60);
    expect(await shownWith(5)).toBe(15);
  });

  it('reduces the candidates by facility location where that is asked for, with weights and what is labeled', async () => {
    const candidates = Array.from({ length: 50 }, (_, index) => index + 5);
    const weights = Float64Array.from(candidates, (position) => 1 + (position % 5));
    const labeled = randomRows(6, 4);
    const given = context({ count: 8, candidates, weights, labeled });
    const layout = { partition: 'diverse', perQuery: 4, itemsPerQuery: 9 } as const;
    const shown = (await planQueries(given, layout, 'facility-location')).flatMap(({ positions }) => positions);
    const rows = takeRows(given.embeddings, candidates);
    const { order } = await facilityLocation(rows, 18, { kernel, existing: labeled, weights });
    expect(shown.toSorted((a, b) => a - b)).toEqual(Array.from(order.toSorted(), (row) => candidates[row]!));
  });

  it('reduces the candidates to ones that cover the unlabeled part', async () => {
    // Four directions of ten rows each, the first of them labeled.
    const data = Float32Array.from({ length: 40 * 4 }, (_, index) => (index % 4 === Math.floor(index / 40) ? 1 : 0));
    const embeddings = embeddingMatrix(data, 40, 4);
    const given = { embeddings, labeled: takeRows(embeddings, [0]), count: 3 };
    const layout = { partition: 'random', perQuery: 1, itemsPerQuery: 1 } as const;
    const queries = await planQueries(context(given), layout);
    const directions = queries.map(({ positions }) => Math.floor(positions[0]! / 10));
    expect(directions.sort()).toEqual([1, 2, 3]);
  });

  it('reduces the candidates to the largest weights', async () => {
    // Two rows in each of twenty directions; all weight is in five of them.
    const data = Float32Array.from({ length: 40 * 20 }, (_, index) => (index % 20 === Math.floor(index / 40) ? 1 : 0));
    const embeddings = embeddingMatrix(data, 40, 20);
    const weights = Float64Array.from({ length: 40 }, (_, row) => (row % 8 < 2 ? 1e6 : 1));
    const layout = { partition: 'random', perQuery: 1, itemsPerQuery: 1 } as const;
    const queries = await planQueries(
      context({ embeddings, labeled: takeRows(embeddings, []), weights, count: 5 }),
      layout,
    );
    expect(queries.map(({ positions }) => Math.floor(positions[0]! / 2)).sort((a, b) => a - b)).toEqual([
      0, 4, 8, 12, 16,
    ]);
  });

  it('is the same plan for the same seed', async () => {
    const layout = { partition: 'diverse', perQuery: 3, itemsPerQuery: 6 } as const;
    const plan = (seed: number) => planQueries(context({ embeddings: randomRows(70), count: 15, seed }), layout);
    expect(await plan(3)).toEqual(await plan(3));
    expect(await plan(3)).not.toEqual(await plan(4));
  });
});

it.each([
  [[20, 20, 20], 12, [4, 4, 4]],
  [[20, 20, 20], 10, [4, 3, 3]],
  [[1, 5, 2], 7, [1, 4, 2]],
  [[3, 0, 3], 4, [2, 0, 2]],
  [[2], 2, [2]],
  [[4, 4], 0, [0, 0]],
])('distributes among %j %d picks as %j', (sizes, count, picks) => {
  expect(allocatePicks(sizes, count)).toEqual(picks);
});

it('refuses more picks than there are candidates', () => {
  expect(() => allocatePicks([2, 3], 6)).toThrow(RangeError);
});

it('allocates exactly the count, within the sizes, and as evenly as they allow', () => {
  const sizesAndCount = fc
    .array(fc.nat({ max: 12 }), { minLength: 1, maxLength: 12 })
    .chain((sizes) => fc.tuple(fc.constant(sizes), fc.nat({ max: sizes.reduce((sum, size) => sum + size, 0) })));
  fc.assert(
    fc.property(sizesAndCount, ([sizes, count]) => {
      const picks = allocatePicks(sizes, count);
      expect(picks.reduce((sum, one) => sum + one, 0)).toBe(count);
      const most = Math.max(...picks);
      picks.forEach((one, query) => {
        expect(one).toBeLessThanOrEqual(sizes[query]!);
        // A query with two fewer picks than another is full.
        if (one < most - 1) expect(one).toBe(sizes[query]);
      });
    }),
  );
});
