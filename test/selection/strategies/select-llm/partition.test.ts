import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMatrixKernel, type OwnedMatrixKernel } from '../../../../src/math/create-matrix-kernel.ts';
import { embeddingMatrix } from '../../../../src/math/embedding-matrix.ts';
import { readNpy } from '../../../../src/models/embedders/npy.ts';
import { diverseGroups, PARTITIONS, partitionRows } from '../../../../src/selection/strategies/select-llm/partition.ts';
import { randomRows } from '../../../../src/testing/strategy-context.ts';

const shared = fileURLToPath(new URL('../../../../../shared/', import.meta.url));
const vectors = `${shared}data/dolly-3k.minilm.npy`;
if (!existsSync(vectors)) process.stdout.write(`Skipped: ${vectors} is not there.\n`);

let kernel: OwnedMatrixKernel;
beforeAll(async () => {
  kernel = await createMatrixKernel({ threads: 1 });
});
afterAll(() => kernel.release());

const ascending = (rows: Iterable<number>) => [...rows].sort((a, b) => a - b);

describe('partitionRows', () => {
  it.each(PARTITIONS)('%s: puts every row into exactly one group and leaves none empty', async (name) => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 70 }),
        fc.nat({ max: 5 }),
        async (rows, queries, seed) => {
          const groups = await partitionRows(name, randomRows(rows, seed), queries, { seed, kernel });
          expect(ascending(groups.flat())).toEqual(Array.from({ length: rows }, (_, row) => row));
          expect(groups.length).toBeLessThanOrEqual(queries);
          const sizes = groups.map((group) => group.length);
          expect(Math.min(...sizes)).toBeGreaterThan(0);
          expect(Math.max(...sizes)).toBeLessThanOrEqual(Math.ceil(rows / Math.min(rows, queries)));
          if (name !== 'diverse') expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 40 },
    );
  });

  it.each(PARTITIONS)('%s: depends only on the seed', async (name) => {
    const x = randomRows(50);
    const partition = (seed: number) => partitionRows(name, x, 6, { seed, kernel });
    expect(await partition(1)).toEqual(await partition(1));
    expect(await partition(1)).not.toEqual(await partition(2));
  });

  it.each(PARTITIONS)('%s: handles equal rows', async (name) => {
    const x = embeddingMatrix(new Float32Array(21 * 4).fill(0.5), 21, 4);
    const groups = await partitionRows(name, x, 4, { seed: 0, kernel });
    expect(ascending(groups.flat())).toEqual(Array.from({ length: 21 }, (_, row) => row));
  });

  it('similar: keeps similar rows together; diverse: spreads them over all groups', async () => {
    // Three directions, row r has direction r mod 3.
    const data = Float32Array.from({ length: 30 * 3 }, (_, index) => (index % 3 === Math.floor(index / 3) % 3 ? 1 : 0));
    const x = embeddingMatrix(data, 30, 3);
    const topics = (group: readonly number[]) => new Set(group.map((row) => row % 3)).size;
    const similar = await partitionRows('similar', x, 3, { seed: 0, kernel });
    expect(similar.map(topics)).toEqual([1, 1, 1]);
    const diverse = await partitionRows('diverse', x, 10, { seed: 0, kernel });
    expect(diverse.map(topics)).toEqual(Array.from({ length: 10 }, () => 3));
  });

  it('random: needs the number of rows only', async () => {
    const groups = await partitionRows('random', embeddingMatrix(new Float32Array(0), 10, 0), 3, { seed: 0, kernel });
    expect(groups.map((group) => group.length)).toEqual([3, 3, 4]);
  });

  it('stops at the signal', async () => {
    const signal = AbortSignal.abort(new Error('stop'));
    await expect(partitionRows('diverse', randomRows(40), 5, { seed: 0, kernel, signal })).rejects.toThrow('stop');
  });
});

describe('diverseGroups', () => {
  it.skipIf(!existsSync(vectors))('gives the 214 regions of the reference, given its centres', async () => {
    const golden = JSON.parse(readFileSync(`${shared}golden/dolly-3k/select-llm-regions.json`, 'utf8')) as {
      regions: number[][];
      nRegions: number;
    };
    const x = await readNpy(vectors);
    const centers = await readNpy(`${shared}golden/dolly-3k/select-llm-centers.npy`);
    const groups = await diverseGroups(x, centers, golden.nRegions, kernel);
    // Rows 802 and 1617 are the same vector, claimed last by clusters 2 and 7; the reference's unstable sort gives
    // them out the other way round.
    const swapped = new Map([
      [802, 1617],
      [1617, 802],
    ]);
    for (let cluster = 0; cluster < centers.rows; cluster += 1) {
      const owned = groups.map((group) => group[cluster]!);
      const asTheirs = [2, 7].includes(cluster) ? ascending(owned.map((row) => swapped.get(row) ?? row)) : owned;
      expect(asTheirs).toEqual(golden.regions.map((region) => region[cluster]));
    }
  });

  it('makes later groups shorter when rows run out', async () => {
    const x = embeddingMatrix(Float32Array.from([0, 1, 10, 11, 12]), 5, 1);
    const centers = embeddingMatrix(Float32Array.from([0, 11]), 2, 1);
    // Turns: 0, then 11 (row 3); 1, then 10 (row 2); the first takes what is left, row 4.
    expect(await diverseGroups(x, centers, 3, kernel)).toEqual([[0, 2], [1, 3], [4]]);
  });
});
