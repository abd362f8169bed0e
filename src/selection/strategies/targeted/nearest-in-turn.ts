import { type EmbeddingMatrix, rowsIn } from '../../../math/embedding-matrix.ts';
import type { MatrixKernel } from '../../../math/matrix-kernel.ts';
import { COLUMNS_PER_PRODUCT, SimilarityColumns } from '../../../math/similarity-columns.ts';

/** A row and the example it was taken for. */
export interface RowForExample {
  readonly row: number;
  readonly example: number;
  readonly cosine: number;
}

/**
 * Every example in turn takes the row with the highest cosine to it that is not taken yet; ties → the lowest row. Only
 * the direction of a row counts. O(n·m·d + m·n·log n), and n numbers per example.
 * Source: the "Embed" baseline and its round-robin of Ivison et al. 2025 (arXiv 2503.01807) §3.
 * @param x `n × d` @param examples `m × d`, m ≥ 1 @param count at most n
 */
export async function nearestInTurn(
  x: EmbeddingMatrix,
  examples: EmbeddingMatrix,
  count: number,
  { kernel, signal }: { readonly kernel: MatrixKernel; readonly signal?: AbortSignal | undefined },
): Promise<RowForExample[]> {
  const similarities = new SimilarityColumns(x, { kernel });
  const rankings: Ranking[] = [];
  for (let start = 0; start < examples.rows; start += COLUMNS_PER_PRODUCT) {
    signal?.throwIfAborted();
    const rows = Math.min(COLUMNS_PER_PRODUCT, examples.rows - start);
    const columns = Array.from({ length: rows }, () => new Float32Array(x.rows));
    await similarities.ofOthers(rowsIn(examples, { start, rows }), (shard) => {
      for (let row = 0; row < shard.rows; row += 1) {
        for (const [column, cosines] of columns.entries()) {
          cosines[shard.start + row] = shard.cosines[row * COLUMNS_PER_PRODUCT + column]!;
        }
      }
    });
    rankings.push(...columns.map(rankingOf));
  }
  return takeInTurn(rankings, count);
}

interface Ranking {
  readonly cosines: Float32Array;
  /** Rows, the most similar first. */
  readonly order: Int32Array;
}

function rankingOf(cosines: Float32Array): Ranking {
  const order = Int32Array.from(cosines.keys()).sort((a, b) => cosines[b]! - cosines[a]! || a - b);
  return { cosines, order };
}

function takeInTurn(rankings: readonly Ranking[], count: number): RowForExample[] {
  const taken = new Set<number>();
  const next = new Int32Array(rankings.length);
  const picks: RowForExample[] = [];
  while (picks.length < count) {
    for (const [example, { cosines, order }] of rankings.entries()) {
      if (picks.length === count) break;
      while (taken.has(order[next[example]!]!)) next[example]! += 1;
      const row = order[next[example]!]!;
      taken.add(row);
      picks.push({ row, example, cosine: cosines[row]! });
    }
  }
  return picks;
}
