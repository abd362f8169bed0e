/**
 * Measures what takes time: `npm run bench`, or `npm run bench -- --quick k-center` for small sizes and
 * only the benchmarks whose name has that word in it.
 */
import Table from 'cli-table3';
import { createMatrixKernel } from '../src/math/create-matrix-kernel.ts';
import { answerBenchmark } from './answer.ts';
import type { Benchmark } from './benchmark.ts';
import { clusterBenchmark } from './cluster.ts';
import { clusteredVectors } from './clustered-vectors.ts';
import { compareBenchmark } from './compare.ts';
import { coverBenchmark } from './cover.ts';
import { embedBenchmark } from './embed.ts';
import { judgingBenchmark } from './judging.ts';
import { limitsBenchmark } from './limits.ts';
import { locateBenchmark } from './locate.ts';
import { machinesBenchmark } from './machines.ts';
import { pickBenchmark } from './pick.ts';
import { readBenchmark } from './read.ts';
import { reduceBenchmark } from './reduce.ts';
import { rougeBenchmark } from './rouge.ts';
import { scoreBenchmark } from './score.ts';
import { tokensBenchmark } from './tokens.ts';

const BENCHMARKS: readonly Benchmark[] = [
  readBenchmark,
  embedBenchmark,
  machinesBenchmark,
  clusterBenchmark,
  coverBenchmark,
  locateBenchmark,
  compareBenchmark,
  reduceBenchmark,
  rougeBenchmark,
  scoreBenchmark,
  answerBenchmark,
  pickBenchmark,
  limitsBenchmark,
  tokensBenchmark,
  judgingBenchmark,
];

const words = process.argv
  .slice(2)
  .filter((argument, index, all) => !argument.startsWith('--') && all[index - 1] !== '--tokens-of');
const quick = process.argv.includes('--quick');
const kernel = await createMatrixKernel();
const embeddings = clusteredVectors(quick ? 5_000 : 50_000, 384, 300);
const table = new Table({ head: ['what', 'seconds', 'rate', 'beside'], style: { head: [], border: [] } });
for (const benchmark of BENCHMARKS) {
  if (words.length > 0 && !words.some((word) => benchmark.name.includes(word))) continue;
  process.stderr.write(`${benchmark.name} …\n`);
  for (const { what, seconds, rate, peer } of await benchmark.run({ quick, kernel, embeddings })) {
    table.push([what, seconds.toFixed(2), rate, peer ?? '']);
  }
}
await kernel.release();
console.log(`Products by ${kernel.name}, Node ${process.versions.node}`);
console.log(table.toString());
