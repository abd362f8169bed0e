/**
 * Measures how `pick` grows with the pool: CPU seconds and peak memory of each strategy at each size, and the growth
 * exponent between the first size and the last. `npm run bench:scale -- --sizes 50000,200000,1000000 --count 1000
 * --strategies random,k-means`. Pools and vectors are made by the script, in a temporary folder of up to 2 KB a row.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { z } from 'zod';
import { npyContent } from '../src/models/embedders/npy.ts';
import { clusteredVectors } from './clustered-vectors.ts';

const TOPICS = 300;
const usageOf = z.object({ code: z.number(), cpuSeconds: z.number(), peakBytes: z.number() });

const { values: options } = parseArgs({
  options: {
    sizes: { type: 'string', default: '10000,50000' },
    strategies: { type: 'string', default: 'random,k-means,k-center,facility-location,selectllm,deita,car,mods' },
    count: { type: 'string', default: '1000' },
    columns: { type: 'string', default: '384' },
  },
});
const sizes = options.sizes.split(',').map(Number);
const strategies = options.strategies.split(',');

/** Writes a pool with responses and its vectors. */
function makePool(folder: string, rows: number): { pool: string; vectors: string } {
  const [pool, vectors] = [join(folder, `${rows}.jsonl`), join(folder, `${rows}.npy`)];
  const texts = openSync(pool, 'w');
  for (let row = 0; row < rows; row += 1) {
    const instruction = `Explain case ${row} of topic ${row % TOPICS} to a person who has never heard of it.`;
    writeSync(
      texts,
      `${JSON.stringify({ id: `r${row}`, instruction, output: `Case ${row} is about topic ${row % TOPICS}.` })}\n`,
    );
  }
  closeSync(texts);
  const file = openSync(vectors, 'w');
  for (const bytes of npyContent(clusteredVectors(rows, Number(options.columns), TOPICS))) writeSync(file, bytes);
  closeSync(file);
  return { pool, vectors };
}

function measure(folder: string, strategy: string, { pool, vectors }: { pool: string; vectors: string }) {
  const usage = join(folder, 'usage.json');
  for (const file of [usage, join(folder, 'picked.jsonl')]) rmSync(file, { force: true });
  const program = ['--import', join(import.meta.dirname, 'scale-usage.mjs'), 'dist/cli/main.js'];
  const files = [
    '--embeddings',
    vectors,
    '-o',
    join(folder, 'picked.jsonl'),
    '--state',
    join(folder, `${strategy}.db`),
  ];
  const { stderr } = spawnSync(
    process.execPath,
    [...program, 'pick', pool, '--strategy', strategy, '--count', options.count, '--provider', 'offline', ...files],
    { env: { ...process.env, WINNOW_BENCH_USAGE: usage }, encoding: 'utf8' },
  );
  rmSync(join(folder, `${strategy}.db`), { force: true });
  const used = usageOf.parse(JSON.parse(readFileSync(usage, 'utf8')));
  if (used.code !== 0) process.stderr.write(`${strategy} failed:\n${stderr.slice(-1_000)}\n`);
  return used;
}

const head = ['strategy', ...sizes.map((rows) => rows.toLocaleString('en-US')), 'growth exponent'];
const table = new Table({ head, style: { head: [], border: [] } });
const folder = mkdtempSync(join(tmpdir(), 'winnow-scale-'));
try {
  const pools = sizes.map((rows) => makePool(folder, rows));
  for (const strategy of strategies) {
    const used = pools.map((pool) => measure(folder, strategy, pool));
    const [first, last] = [used[0]!, used.at(-1)!];
    const exponent = Math.log(last.cpuSeconds / first.cpuSeconds) / Math.log(sizes.at(-1)! / sizes[0]!);
    const cells = used.map(({ code, cpuSeconds, peakBytes }) =>
      code === 0 ? `${cpuSeconds.toFixed(1)} s, ${(peakBytes / 1e9).toFixed(2)} GB` : 'failed',
    );
    process.stderr.write(`${strategy}: ${cells.join('; ')}\n`);
    table.push([
      strategy,
      ...cells,
      sizes.length > 1 && first.code === 0 && last.code === 0 ? exponent.toFixed(2) : '',
    ]);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`CPU seconds and peak memory of winnow pick --count ${options.count}, Node ${process.versions.node}`);
console.log(table.toString());
