import { rowsIn } from '../src/math/embedding-matrix.ts';
import { groupNearDuplicates } from '../src/math/near-duplicates.ts';
import { type Benchmark, timed } from './benchmark.ts';

/**
 * Near-duplicates at the default threshold, by hashes and pair by pair, and pair by pair at a threshold where many pairs
 * come close.
 */
export const compareBenchmark: Benchmark = {
  name: 'near-duplicates',
  async run({ quick, kernel, embeddings }) {
    const x = rowsIn(embeddings, { start: 0, rows: quick ? 5_000 : 50_000 });
    const measure = async (threshold: number, exactRows: number) => {
      const { result: leader, seconds } = await timed(() => groupNearDuplicates(x, threshold, { kernel, exactRows }));
      const found = leader.reduce((sum, position, row) => sum + (position === row ? 0 : 1), 0);
      const rows = x.rows.toLocaleString('en-US');
      return {
        found,
        seconds,
        what: `near-duplicates, ${rows} × ${x.columns}, cosine ≥ ${threshold} (${found.toLocaleString('en-US')} found)`,
        rate: `${((x.rows * (x.rows - 1)) / 2 / seconds / 1e6).toFixed(0)} M pairs/s`,
      };
    };
    const exact = await measure(0.98, x.rows);
    const hashed = await measure(0.98, 0);
    const ratio = (exact.seconds / hashed.seconds).toFixed(1);
    const recall = ((100 * hashed.found) / exact.found).toFixed(2);
    return [
      { ...exact, what: `${exact.what}, all pairs` },
      { ...hashed, what: `${hashed.what}, by hashes`, peer: `all pairs: ${ratio} × slower; recall ${recall} %` },
      await measure(0.7, x.rows),
    ];
  },
};
