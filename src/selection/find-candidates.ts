import type { OnProgress } from '../domain/progress.ts';
import { type EmbeddingMatrix, stackRows, takeRows } from '../math/embedding-matrix.ts';
import type { MatrixKernel } from '../math/matrix-kernel.ts';
import { groupNearDuplicates } from '../math/near-duplicates.ts';

export interface Candidates {
  /** Positions that may be picked, ascending. */
  readonly positions: readonly number[];
  /** Unlabeled instructions left out because they nearly repeat an earlier or a labeled one. */
  readonly nearDuplicates: number;
  /** Of candidates that others nearly repeat, those others, ascending; what repeats a labeled one is in no list. */
  readonly copies: ReadonlyMap<number, readonly number[]>;
}

/**
 * Of the instructions that are open to choice those that may be picked: of each group of near-duplicates only the
 * first, and none of a group that has a labeled member. The labeled come first, so that they lead their groups.
 * @param open positions, ascending, that are not labeled
 * @param embeddings `n × d` of the pool; ignored with threshold 0
 * @param labeled `l × d`
 * @param threshold cosine from which two texts count as one; 0 = off
 */
export async function findCandidates(
  open: readonly number[],
  embeddings: EmbeddingMatrix,
  labeled: EmbeddingMatrix,
  threshold: number,
  options: { kernel: MatrixKernel; signal?: AbortSignal | undefined; onProgress?: OnProgress | undefined },
): Promise<Candidates> {
  if (threshold === 0) return { positions: open, nearDuplicates: 0, copies: new Map() };
  const rows = stackRows([labeled, takeRows(embeddings, open)], embeddings.columns);
  const leader = await groupNearDuplicates(rows, threshold, options);
  const positions: number[] = [];
  const copies = new Map<number, number[]>();
  for (const [index, position] of open.entries()) {
    const led = leader[labeled.rows + index]! - labeled.rows;
    if (led === index) positions.push(position);
    else if (led >= 0) {
      const others = copies.get(open[led]!);
      if (others) others.push(position);
      else copies.set(open[led]!, [position]);
    }
  }
  return { positions, nearDuplicates: open.length - positions.length, copies };
}
