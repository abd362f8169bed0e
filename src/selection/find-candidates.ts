import type { OnProgress } from '../domain/progress.ts';
import { type EmbeddingMatrix, hasDirection, stackRows, takeRows } from '../math/embedding-matrix.ts';
import type { MatrixKernel } from '../math/matrix-kernel.ts';
import { groupNearDuplicates } from '../math/near-duplicates.ts';

export interface Candidates {
  /** Positions that may be picked, ascending. */
  readonly positions: readonly number[];
  /** Unlabeled instructions left out because they nearly repeat an earlier or a labeled one. */
  readonly nearDuplicates: number;
  /** The near-duplicates of each candidate that has some, ascending. Near-duplicates of labeled instructions are in no list. */
  readonly copies: ReadonlyMap<number, readonly number[]>;
  /** Open instructions left out because they have no usable vector to choose by, ascending. Absent where all have one. */
  readonly withoutVector?: readonly number[];
}

/**
 * Finds the open instructions that may be picked: the first of each group of near-duplicates, and none of a group with a
 * labeled member. Labeled instructions come first, so that they lead their groups.
 * @param open positions, ascending, that are not labeled
 * @param embeddings `n × d` of the pool; ignored with threshold 0
 * @param labeled `l × d`
 * An instruction without a usable vector (a row of zeros) is no near-duplicate of any other. It is left out where picks
 * are chosen by vectors.
 * @param threshold cosine from which two texts count as one; 0 = off
 */
export async function findCandidates(
  open: readonly number[],
  embeddings: EmbeddingMatrix,
  labeled: EmbeddingMatrix,
  threshold: number,
  options: {
    kernel: MatrixKernel;
    /** Whether picks are chosen by vectors. Default true. */
    byVectors?: boolean;
    signal?: AbortSignal | undefined;
    onProgress?: OnProgress | undefined;
  },
): Promise<Candidates> {
  const { byVectors = true, ...tools } = options;
  const withoutVector =
    byVectors && embeddings.columns > 0 ? open.filter((position) => !hasDirection(embeddings, position)) : [];
  if (withoutVector.length > 0) {
    const missing = new Set(withoutVector);
    const others = open.filter((position) => !missing.has(position));
    return { ...(await distinctOf(others, embeddings, labeled, threshold, tools)), withoutVector };
  }
  return distinctOf(open, embeddings, labeled, threshold, tools);
}

async function distinctOf(
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
