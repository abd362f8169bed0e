// npx tsx scripts/update-prices.ts prices.csv --as-of 2026-11-30 --source https://example.com/pricing
// Puts the rows of a table into data/prices.json. Columns: provider, model, input, cachedInput, output (USD per million
// tokens), batchFactor, contextTokens, maxOutputTokens, reasoning, dimensions, retired, unconfirmed (a day), note.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parse } from 'csv-parse/sync';
import { mergePrices, type PriceTable, writePrices } from './merge-prices.ts';

const PRICES = new URL('../data/prices.json', import.meta.url);

const { values, positionals } = parseArgs({
  options: { 'as-of': { type: 'string' }, source: { type: 'string' } },
  allowPositionals: true,
});
const [file] = positionals;
const { 'as-of': asOf, source } = values;
if (file === undefined || asOf === undefined || source === undefined) {
  throw new Error('Name a table, the day it was checked and where it is from: see the first lines of this file.');
}
const rows = parse(readFileSync(file, 'utf8'), { columns: true, bom: true, skip_empty_lines: true, trim: true });
const table = JSON.parse(readFileSync(PRICES, 'utf8')) as PriceTable;
writeFileSync(PRICES, writePrices(mergePrices(table, rows as Record<string, string>[], { asOf, source })));
process.stdout.write(`${rows.length} rows are in data/prices.json. Run the tests of prices: they check the table.\n`);
