import { type EmbeddingMatrix, rowsIn } from '../src/math/embedding-matrix.ts';
import { dotProduct } from '../src/math/exact-distance.ts';
import { facilityLocation } from '../src/math/facility-location.ts';
import { type Benchmark, timed } from './benchmark.ts';

/** Lazy facility location, and beside it the plain greedy algorithm on work that one can finish. */
export const locateBenchmark: Benchmark = {
  name: 'facility-location',
  async run({ quick, kernel, embeddings }) {
    const locate = async (x: EmbeddingMatrix, count: number, existing?: EmbeddingMatrix) => {
      const { seconds } = await timed(() => facilityLocation(x, count, { kernel, existing }));
      const beside = existing ? ` beside ${existing.rows.toLocaleString('en-US')} chosen ones` : '';
      return {
        what: `facility location, ${sizes(x, count)}${beside}`,
        seconds,
        rate: `${(count / seconds).toFixed(1)} picks/s`,
      };
    };
    const first = (rows: number) => rowsIn(embeddings, { start: 0, rows });
    const whole = first(quick ? 5_000 : 50_000);
    const chosen = { start: whole.rows * 0.8, rows: whole.rows * 0.2 };
    const count = quick ? 100 : 1_000;
    const results = [
      await locate(whole, count),
      await locate(first(chosen.start), count, rowsIn(embeddings, chosen)),
      await locate(first(quick ? 1_000 : 6_000), quick ? 100 : 400),
    ];

    const small = first(quick ? 500 : 2_000);
    const smallCount = small.rows / 20;
    const lazy = await timed(() => facilityLocation(small, smallCount, { kernel }));
    const naive = await timed(() => plainGreedy(small, smallCount));
    const ratio = naive.seconds / lazy.seconds;
    return [
      ...results,
      {
        what: `facility location, plain greedy in JavaScript, ${sizes(small, smallCount)}`,
        seconds: naive.seconds,
        rate: `${(smallCount / naive.seconds).toFixed(1)} picks/s`,
        peer: `ours: ${ratio.toFixed(1)} × faster`,
      },
    ];
  },
};

const sizes = (x: EmbeddingMatrix, count: number) => {
  return `${x.rows.toLocaleString('en-US')} × ${x.columns}, ${count.toLocaleString('en-US')} picks`;
};

/** Every gain computed again for every pick, over the table of all similarities. */
function plainGreedy(x: EmbeddingMatrix, count: number): number[] {
  const table = Float32Array.from({ length: x.rows ** 2 }, (_, index) =>
    dotProduct(x, Math.floor(index / x.rows), x, index % x.rows),
  );
  const covered = new Float32Array(x.rows).fill(-1);
  const order: number[] = [];
  while (order.length < count) {
    let best = { row: -1, gain: -1 };
    for (let row = 0; row < x.rows; row += 1) {
      let gain = 0;
      for (let i = 0; i < x.rows; i += 1) gain += Math.max(0, table[row * x.rows + i]! - covered[i]!);
      if (gain > best.gain && !order.includes(row)) best = { row, gain };
    }
    order.push(best.row);
    for (let i = 0; i < x.rows; i += 1) covered[i] = Math.max(covered[i]!, table[best.row * x.rows + i]!);
  }
  return order;
}
