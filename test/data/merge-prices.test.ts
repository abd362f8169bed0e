import { expect, it } from 'vitest';
import { mergePrices, type PriceTable, writePrices } from '../../scripts/merge-prices.ts';

const TABLE: PriceTable = {
  openai: {
    asOf: '2026-01-01',
    sources: ['https://a.test/'],
    models: { old: { input: '1.00', cachedInput: '0.50', output: '2.00', batchFactor: 0.5, contextTokens: 1000 } },
  },
};
const CHECKED = { asOf: '2026-11-30', source: 'https://b.test/' };

it('changes what the rows say, and nothing else', () => {
  const rows: Record<string, string>[] = [
    { provider: 'openai', model: 'old', output: '3.00', input: '', retired: '2026-12-01' },
    {
      provider: 'mistral',
      model: 'new',
      input: '0.10',
      output: '0.30',
      contextTokens: '128000',
      maxOutputTokens: '8192',
    },
  ];
  expect(mergePrices(TABLE, rows, CHECKED)).toEqual({
    openai: {
      asOf: '2026-11-30',
      sources: ['https://a.test/', 'https://b.test/'],
      models: { old: { ...TABLE.openai!.models.old, output: '3.00', retired: '2026-12-01' } },
    },
    mistral: {
      asOf: '2026-11-30',
      sources: ['https://b.test/'],
      models: {
        new: {
          ...{ input: '0.10', cachedInput: '0.10', output: '0.30', batchFactor: 1 },
          ...{ contextTokens: 128_000, maxOutputTokens: 8_192 },
        },
      },
    },
  });
  expect(TABLE.openai!.asOf).toBe('2026-01-01');
});

it.each([
  [{ provider: 'openai', model: 'm', input: '-1' }],
  [{ provider: 'openai', model: 'm', price: '1' }],
  [{ provider: 'openai', model: 'm', retired: 'soon' }],
  [{ provider: '', model: 'm' }],
])('names a row that it cannot read: %j', (row) => {
  const good = { provider: 'openai', model: 'm' };
  expect(() => mergePrices(TABLE, [good, row as Record<string, string>], CHECKED)).toThrow(/^Row 2: /);
});

it('writes a table that reads the same, a model a line', () => {
  const text = writePrices(TABLE);
  expect(JSON.parse(text)).toEqual(TABLE);
  expect(text.split('\n').filter((line) => line.includes('"old"'))).toHaveLength(1);
});
