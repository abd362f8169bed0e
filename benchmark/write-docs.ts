/**
 * Puts the results of a benchmark into docs/: `npm run benchmark-docs -- <folder>`. The tables of docs/internals/benchmarks.md are
 * generated from docs/benchmark/results.json, which a test compares.
 */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { DATA_SETS } from './data-sets.ts';
import { type BenchmarkDocument, benchmarkTables } from './tables.ts';

const [folder = 'benchmark-results'] = process.argv.slice(2);
const docs = new URL('../docs/', import.meta.url);
const { sets }: BenchmarkDocument = JSON.parse(readFileSync(`${folder}/results.json`, 'utf8'));
mkdirSync(new URL('benchmark/', docs), { recursive: true });
for (const file of ['results.json', ...sets.map(({ set, model }) => `${set}-${model}.svg`)]) {
  copyFileSync(`${folder}/${file}`, new URL(`benchmark/${file}`, docs));
}
const page = new URL('internals/benchmarks.md', docs);
writeFileSync(page, withTables(readFileSync(page, 'utf8'), readFileSync(`${folder}/results.json`, 'utf8')));

/** The page with the tables of a document between its marks. */
function withTables(text: string, results: string): string {
  const [start, end] = ['<!-- results -->\n', '<!-- end of results -->'];
  const from = text.indexOf(start) + start.length;
  const titles = new Map(DATA_SETS.map(({ name, title }) => [name, title]));
  return text.slice(0, from) + benchmarkTables(JSON.parse(results), titles) + text.slice(text.indexOf(end, from));
}
