import { rowsIn } from '../src/math/embedding-matrix.ts';
import { groupNearDuplicates } from '../src/math/near-duplicates.ts';
import { type Benchmark, timed } from './benchmark.ts';

/** Near-duplicates at the default threshold and at one where many pairs come close. */
export const compareBenchmark: Benchmark = {
  name: 'near-duplicates',
  async run({ quick, kernel, embeddings }) {
    const x = rowsIn(embeddings, { start: 0, rows: quick ? 5_000 : 50_000 });
    const measurements = [];
    for (const threshold of [0.98, 0.7]) {
      const { result: leader, seconds } = await timed(() => groupNearDuplicates(x, threshold, { kernel }));
      const found = leader.reduce((sum, position, row) => sum + (position === row ? 0 : 1), 0);
      const rows = x.rows.toLocaleString('en-US');
      measurements.push({
        what: `near-duplicates, ${rows} × ${x.columns}, cosine ≥ ${threshold} (${found.toLocaleString('en-US')} found)`,
        seconds,
        rate: `${((x.rows * (x.rows - 1)) / 2 / seconds / 1e6).toFixed(0)} M pairs/s`,
      });
    }
    return measurements;
  },
};
