import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { writeRecords } from '../../../src/records/write-records.ts';
import { compareArms } from '../../../src/runs/simulate/compare-arms.ts';
import { cellRows, simulationDocument, summaryRows } from '../../../src/runs/simulate/result-tables.ts';
import { METRICS } from '../../../src/runs/simulate/simulation-result.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { handMadeResult } from './hand-made-result.ts';

const folder = temporaryFolder();
const result = handMadeResult({
  arms: ['random', 'alpagasus:threshold=4'],
  budgets: [50, 100],
  seeds: [3, 4],
  value: (arm, budget, seed, metric) => {
    if (metric === 'exactMatch') return null;
    return arm !== 'random' && budget === 100 && seed === 4
      ? undefined
      : budget / 1000 + seed / 100 + (arm === 'random' ? 0 : seed / 1000);
  },
});

describe('the tables of a simulation', () => {
  it('have a row for every cell, made or missing', () => {
    const rows = cellRows(result);
    expect(rows).toHaveLength(2 * 2 * 2);
    expect(rows[0]).toEqual({
      arm: 'random',
      strategy: 'random',
      sawResponses: false,
      budget: 50,
      seed: 3,
      rougeL: expect.closeTo(0.08, 12),
      cosine: expect.closeTo(0.08, 12),
      exactMatch: null,
      categories: expect.closeTo(0.08, 12),
      radius: expect.closeTo(0.08, 12),
      redundancy: expect.closeTo(0.08, 12),
      missingBecause: null,
    });
    expect(rows.at(-1)).toMatchObject({
      sawResponses: true,
      budget: 100,
      seed: 4,
      rougeL: null,
      missingBecause: /only 40 pass/,
    });
  });

  it('sum every arm up at every budget and over all, against the baseline', () => {
    const rows = summaryRows(compareArms(result));
    expect(rows).toHaveLength((METRICS.length - 1) * (2 + 2 + 2));
    const row = (arm: string, budget: number | string) => {
      return rows.find((one) => one.metric === 'rougeL' && one.arm === arm && one.budget === budget);
    };
    const arm = 'alpagasus:threshold=4';
    expect(row('random', 50)).toMatchObject({
      seeds: 2,
      best: false,
      baseline: 'random',
      difference: null,
      pValue: null,
    });
    expect(row(arm, 50)).toMatchObject({
      seeds: 2,
      better: 'higher',
      best: true,
      difference: expect.closeTo(0.0035, 12),
      sharedSeeds: 2,
    });
    const { differenceLow, differenceHigh } = row(arm, 50) as { differenceLow: number; differenceHigh: number };
    expect((differenceLow + differenceHigh) / 2).toBeCloseTo(0.0035, 12);
    expect(differenceLow).toBeLessThan(differenceHigh);
    expect(row(arm, 100)).toMatchObject({ seeds: 1, low: null, sharedSeeds: 1, pValue: null, significant: false });
    expect(row(arm, 'all')).toMatchObject({ seeds: 1, mean: expect.closeTo((0.08 + 0.13) / 2 + 0.003, 12) });
    expect(rows.find(({ metric }) => metric === 'radius')).toMatchObject({ better: 'lower' });
  });

  it('become CSV that no spreadsheet runs, for any names of arms', async () => {
    const strange = '=cmd|\' /C "calc"\'!A0,\n"x"';
    const file = folder.file('cells.csv');
    await writeRecords(cellRows(handMadeResult({ arms: ['random', strange], budgets: [5], seeds: [0] })), file);
    const rows = parse(readFileSync(file), { columns: true }) as Record<string, string>[];
    expect(rows.map(({ arm, budget }) => [arm, budget])).toEqual([
      ['random', '5'],
      [`'${strange}`, '5'],
    ]);
  });

  it('are all in one document, with the verdicts, that JSON can hold', () => {
    const document = simulationDocument(result);
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
    expect(document.cells).toEqual(result.cells);
    expect(document.comparison.baseline).toBe('random');
    expect(document.verdicts.map(({ metric }) => metric)).toEqual(METRICS.filter((metric) => metric !== 'exactMatch'));
    expect(document.verdicts[0]!.sentences[0]).toMatch(/^At 100 labels /);
  });
});
