import { coverage } from '../src/math/coverage.ts';
import { rowsIn, takeRows } from '../src/math/embedding-matrix.ts';
import { kCenter } from '../src/math/k-center.ts';
import { type Benchmark, gigaflops, timed } from './benchmark.ts';

/** Greedy k-center, and the coverage of what it picked. */
export const coverBenchmark: Benchmark = {
  name: 'k-center',
  async run({ quick, kernel, embeddings }) {
    const x = rowsIn(embeddings, { start: 0, rows: quick ? 5_000 : 50_000 });
    const count = quick ? 100 : 1_000;
    const work = `${x.rows.toLocaleString('en-US')} × ${x.columns}, ${count} picks`;
    const operations = 2 * x.rows * count * x.columns;
    const greedy = await timed(() => kCenter(x, count, { kernel, first: 0 }));
    const centers = takeRows(x, greedy.result.order);
    const measured = await timed(() => coverage(x, centers, { kernel }));
    return [
      { what: `k-center greedy, ${work}`, seconds: greedy.seconds, rate: gigaflops(operations, greedy.seconds) },
      { what: `coverage, ${work}`, seconds: measured.seconds, rate: gigaflops(operations, measured.seconds) },
    ];
  },
};
