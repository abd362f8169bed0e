import { kmeansGenerator } from 'ml-kmeans';
import { rowOf, rowsIn, takeRows } from '../src/math/embedding-matrix.ts';
import { kMeans } from '../src/math/k-means.ts';
import { drawKMeansSeeds } from '../src/math/k-means-seeds.ts';
import { lloyd } from '../src/math/lloyd.ts';
import { seededRandom } from '../src/math/random.ts';
import { type Benchmark, gigaflops, timed } from './benchmark.ts';

const ITERATIONS = 10;

/** Centres by k-means++, Lloyd's iterations, and ml-kmeans from the same centres on work it can finish. */
export const clusterBenchmark: Benchmark = {
  name: 'k-means',
  async run({ quick, kernel, embeddings }) {
    const x = rowsIn(embeddings, { start: 0, rows: quick ? 5_000 : 50_000 });
    const k = quick ? 100 : 1_000;
    const work = `${x.rows.toLocaleString('en-US')} × ${x.columns}, k = ${k}`;
    const operations = (rows: number, centers: number) => 2 * rows * centers * x.columns;

    const seeding = await timed(() => drawKMeansSeeds(x, k, { random: seededRandom(1), kernel }));
    const seeds = takeRows(x, seeding.result);
    const options = { kernel, maxIterations: ITERATIONS, tolerance: 0 };
    const moving = await timed(() => lloyd(x, seeds, options));
    const whole = await timed(() => kMeans(x, k, { random: seededRandom(1), kernel }));

    const small = rowsIn(x, { start: 0, rows: quick ? 1_000 : 5_000 });
    const smallSeeds = rowsIn(small, { start: 0, rows: k });
    const [smallArrays, seedArrays] = [arraysOf(small), arraysOf(smallSeeds)];
    const oneStep = await timed(() => lloyd(small, smallSeeds, { ...options, maxIterations: 1 }));
    const peer = await timed(() =>
      kmeansGenerator(smallArrays, k, { initialization: seedArrays, maxIterations: 1 }).next(),
    );
    // Ours assigns once more than it moves; the peer does not.
    const ratio = peer.seconds / (oneStep.seconds / 2);
    const assignments = moving.result.iterations + 1;
    return [
      {
        what: `k-means++ centres, ${work}`,
        seconds: seeding.seconds,
        rate: gigaflops(operations(x.rows, k), seeding.seconds),
      },
      {
        what: `Lloyd, ${moving.result.iterations} iterations, ${work}`,
        seconds: moving.seconds,
        rate: gigaflops(assignments * operations(x.rows, k), moving.seconds),
      },
      {
        what: `k-means until settled (${whole.result.iterations} iterations), ${work}`,
        seconds: whole.seconds,
        rate: gigaflops((whole.result.iterations + 2) * operations(x.rows, k), whole.seconds),
      },
      {
        what: `ml-kmeans, 1 iteration, ${small.rows.toLocaleString('en-US')} × ${x.columns}, k = ${k}`,
        seconds: peer.seconds,
        rate: gigaflops(operations(small.rows, k), peer.seconds),
        peer: `ours: ${ratio.toFixed(0)} × faster`,
      },
    ];
  },
};

function arraysOf(matrix: Parameters<typeof rowOf>[0]): number[][] {
  return Array.from({ length: matrix.rows }, (_, row) => Array.from(rowOf(matrix, row)));
}
