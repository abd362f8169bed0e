import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compareWithRandom } from '../../benchmark/compare-with-random.ts';
import { DATA_SETS } from '../../benchmark/data-sets.ts';
import { poolSize, runSet, setResult } from '../../benchmark/run-set.ts';
import { strategiesWithoutKey } from '../../benchmark/strategies.ts';
import { type BenchmarkDocument, benchmarkTables } from '../../benchmark/tables.ts';
import { STRATEGIES } from '../../src/index.ts';
import { holm, pairedDifference } from '../../src/math/paired-difference.ts';
import type { SimulationResult } from '../../src/runs/simulate/simulation-result.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const DOCS = new URL('../../docs/', import.meta.url);
const TITLES = new Map(DATA_SETS.map(({ name, title }) => [name, title]));

const settings = {
  strategies: ['random', 'length', 'k-center'],
  budgets: [4, 8, 400],
  seeds: [0, 1, 2],
  cacheFolder: folder.file('cache'),
  environment: {},
};

describe('the benchmark', () => {
  it('gives the same results to the digit when it is run again, and leaves out budgets the pool is too small for', async () => {
    const demo = DATA_SETS.find(({ name }) => name === 'demo')!;
    const records = (await demo.read(demo.shipped!)).slice(0, 50);
    expect(poolSize(50)).toBe(40);
    const run = async (name: string) => {
      const trainer = { kind: 'nearest-neighbour' } as const;
      const result = await runSet('demo', records, trainer, { ...settings, folder: folder.file(name) });
      return JSON.stringify(setResult('demo', 'nearest-neighbour', result));
    };
    for (const name of ['one', 'two']) mkdirSync(folder.file(name));
    const first = await run('one');
    expect(await run('two')).toBe(first);
    expect(await run('one')).toBe(first);
    const { budgets, rougeL, missing } = JSON.parse(first);
    expect(budgets).toEqual([4, 8]);
    expect(missing).toEqual([]);
    expect(rougeL).toHaveLength(3 * 3);
  });

  it('compares every strategy with random, paired by seed, and corrects for all of these comparisons', () => {
    const values = { random: [0.1, 0.2, 0.4, 0.3], better: [0.3, 0.5, 0.7, 0.5], same: [0.2, 0.1, 0.4, 0.35] } as const;
    const names = Object.keys(values) as (keyof typeof values)[];
    const result = {
      arms: names.map((name) => ({ name, strategy: name, options: {}, sawResponses: false, asksLlm: false })),
      budgets: [10],
      seeds: [0, 1, 2, 3],
      cells: names.flatMap((arm) =>
        values[arm].map((rougeL, seed) => ({
          ...{ arm, budget: 10, seed, picked: [] },
          metrics: { rougeL, cosine: null, exactMatch: null, categories: null, radius: null, redundancy: null },
        })),
      ),
    };
    const rows = compareWithRandom(result as Partial<SimulationResult> as SimulationResult, 'rougeL').filter(
      ({ budget }) => budget === 10,
    );
    expect(rows.map(({ strategy }) => strategy)).toEqual(names);
    expect(rows[0]!.difference).toBeNull();
    const pairs = [values.better, values.same].map((one) => pairedDifference(one, values.random));
    const adjusted = holm(pairs.map(({ pValue }) => pValue!));
    rows.slice(1).forEach(({ difference }, index) => {
      expect(difference!.mean).toBeCloseTo(pairs[index]!.mean, 12);
      expect(difference!.interval!.low).toBeCloseTo(pairs[index]!.interval!.low, 12);
      expect(difference!.adjustedPValue).toBeCloseTo(adjusted[index]!, 12);
    });
  });

  it('runs every strategy that needs no key, random first, and says why it leaves out the others', () => {
    const { strategies, leftOut } = strategiesWithoutKey();
    expect(strategies[0]).toBe('random');
    const names = strategies.map((arm) => arm.split(':')[0]!);
    expect([...names, ...leftOut.map(({ strategy }) => strategy)].toSorted()).toEqual(STRATEGIES.names.toSorted());
    for (const { because } of leftOut) expect(because).not.toBe('');
  });

  it('has results in the docs whose tables are those of the stored figures', () => {
    const page = readFileSync(new URL('internals/benchmarks.md', DOCS), 'utf8');
    const results: BenchmarkDocument = JSON.parse(readFileSync(new URL('benchmark/results.json', DOCS), 'utf8'));
    const [, tables] = /<!-- results -->\n([\s\S]*)<!-- end of results -->/.exec(page)!;
    expect(tables).toBe(benchmarkTables(results, TITLES));
    for (const { set, model } of results.sets) {
      expect(existsSync(new URL(`benchmark/${set}-${model}.svg`, DOCS))).toBe(true);
    }
  });
});
