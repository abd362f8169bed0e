import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { type EmbeddingMatrix, rowOf, rowsIn } from '../src/math/embedding-matrix.ts';
import { dotProduct } from '../src/math/exact-distance.ts';
import { pca } from '../src/math/pca.ts';
import { thresholdDiversity } from '../src/math/threshold-diversity.ts';
import { type Benchmark, gigaflops, timed } from './benchmark.ts';

/** PCA, and the walk with a similarity threshold; beside them plain implementations on work that they can finish. */
export const reduceBenchmark: Benchmark = {
  name: 'reduce',
  async run({ quick, kernel, embeddings }) {
    const x = rowsIn(embeddings, { start: 0, rows: quick ? 5_000 : 50_000 });
    const reduced = await timed(() => pca(x, { kernel }));
    const { components } = reduced.result;
    const small = rowsIn(x, { start: 0, rows: quick ? 1_000 : 5_000 });
    const ours = await timed(() => pca(small, { kernel }));
    const peer = await timed(() => plainComponents(small));

    // Above the cosines of a topic nearly every row is kept; amid them the walk goes on to the end.
    const walks = [];
    for (const { threshold, count } of quick ? QUICK_WALKS : WALKS) {
      const order = Array.from({ length: x.rows }, (_, row) => row);
      const walk = await timed(() => thresholdDiversity(x, order, { threshold, count, kernel }));
      const { kept, skipped } = walk.result;
      walks.push({
        what: `diversity walk, cosine ≤ ${threshold}, ${sizes(x)}, ${number(kept.length)} kept`,
        seconds: walk.seconds,
        rate: `${number(Math.round((kept.length + skipped) / walk.seconds))} rows/s`,
      });
    }
    const order = Array.from({ length: small.rows }, (_, row) => row);
    const smallWalk = await timed(() =>
      thresholdDiversity(small, order, { threshold: 0.9, count: small.rows, kernel }),
    );
    const plainWalk = await timed(() => plainDiversity(small, 0.9));
    return [
      {
        what: `PCA, 95 % of the variance, ${sizes(x)} to ${components}`,
        seconds: reduced.seconds,
        rate: gigaflops(2 * x.data.length * (x.columns + components), reduced.seconds),
      },
      {
        what: `PCA by ml-matrix alone, ${sizes(small)}`,
        seconds: peer.seconds,
        rate: gigaflops(2 * small.data.length * (x.columns + components), peer.seconds),
        peer: `ours: ${(peer.seconds / ours.seconds).toFixed(1)} × faster`,
      },
      ...walks,
      {
        what: `diversity walk in plain JavaScript, cosine ≤ 0.9, ${sizes(small)}`,
        seconds: plainWalk.seconds,
        rate: `${number(Math.round(small.rows / plainWalk.seconds))} rows/s`,
        peer: `ours: ${(plainWalk.seconds / smallWalk.seconds).toFixed(1)} × faster`,
      },
    ];
  },
};

const WALKS = [
  { threshold: 0.9, count: 10_000 },
  { threshold: 0.57, count: 50_000 },
];
const QUICK_WALKS = WALKS.map(({ threshold, count }) => ({ threshold, count: count / 10 }));

const number = (value: number) => value.toLocaleString('en-US');
const sizes = (x: EmbeddingMatrix) => `${number(x.rows)} × ${x.columns}`;

/** Covariance, its eigenvectors and the scores, all in double precision by the library. */
function plainComponents(x: EmbeddingMatrix): Matrix {
  const rows = new Matrix(Array.from({ length: x.rows }, (_, row) => Array.from(rowOf(x, row)))).center('column');
  const { eigenvectorMatrix } = new EigenvalueDecomposition(rows.transpose().mmul(rows), { assumeSymmetric: true });
  return rows.mmul(eigenvectorMatrix);
}

function plainDiversity(x: EmbeddingMatrix, threshold: number): number[] {
  const kept: number[] = [];
  for (let row = 0; row < x.rows; row += 1) {
    if (!kept.some((other) => dotProduct(x, row, x, other) > threshold)) kept.push(row);
  }
  return kept;
}
