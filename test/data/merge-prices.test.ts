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

it('keeps the date of prices that were not all read again, and cached input that had no price of its own', () => {
  const two: PriceTable = {
    openai: {
      ...TABLE.openai!,
      models: {
        ...TABLE.openai!.models,
        flat: { input: '1.50', cachedInput: '1.50', output: '2.00', batchFactor: 0.5 },
      },
    },
  };
  const rows = [{ provider: 'openai', model: 'flat', input: '1.60' }];
  const { asOf, models } = mergePrices(two, rows, CHECKED).openai!;
  expect(asOf).toBe('2026-01-01');
  expect(JSON.stringify(models.flat)).toBe('{"input":"1.60","cachedInput":"1.60","output":"2.00","batchFactor":0.5}');
  const all = mergePrices(two, [...rows, { provider: 'openai', model: 'old', input: '1.10' }], CHECKED).openai!;
  expect(all.asOf).toBe('2026-11-30');
  expect(all.models.old).toMatchObject({ input: '1.10', cachedInput: '0.50' });
});

it('takes the mark of an unconfirmed price away where the price is read again', () => {
  const marked = { provider: 'openai', model: 'old', unconfirmed: '2026-05-22' };
  const once = mergePrices(TABLE, [marked], CHECKED);
  expect(once.openai!.models.old).toMatchObject({ unconfirmed: '2026-05-22', input: '1.00' });
  const longer = mergePrices(once, [{ provider: 'openai', model: 'old', contextTokens: '2000' }], CHECKED);
  expect(longer.openai!.models.old).toHaveProperty('unconfirmed');
  const again = mergePrices(once, [{ provider: 'openai', model: 'old', input: '1.10' }], CHECKED);
  expect(again.openai!.models.old).not.toHaveProperty('unconfirmed');
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
