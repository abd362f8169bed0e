import type { EmbeddingMatrix } from './embedding-matrix.ts';
import type { MatrixKernel } from './matrix-kernel.ts';
import { pca } from './pca.ts';

/** Shares of the variance to try, until two components are kept. */
const SHARES = [0.25, 0.99];

/**
 * Rows seen along their two widest components: `n × 2`. The second coordinate is 0 where rows lie on a line, both where
 * all are equal.
 * @param x `n × d`, n and d at least 1
 */
export async function principalPlane(
  x: EmbeddingMatrix,
  options: { readonly kernel: MatrixKernel; readonly signal?: AbortSignal | undefined },
): Promise<EmbeddingMatrix> {
  const data = new Float32Array(2 * x.rows);
  const { kernel, signal } = options;
  for (const keep of SHARES) {
    const { scores } = await pca(x, { kernel, keep, ...(signal ? { signal } : {}) });
    if (scores.columns < 2 && keep !== SHARES.at(-1)) continue;
    for (let row = 0; row < x.rows; row += 1) {
      data[2 * row] = scores.data[row * scores.columns]!;
      data[2 * row + 1] = scores.columns < 2 ? 0 : scores.data[row * scores.columns + 1]!;
    }
    break;
  }
  return { data, rows: x.rows, columns: 2 };
}
