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
  /** Open instructions left out because they nearly repeat a test item, with its row. Absent where none does. */
  readonly nearTests?: ReadonlyMap<number, number>;
}

const NO_TESTS: EmbeddingMatrix = { data: new Float32Array(0), rows: 0, columns: 0 };

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
    /** `t × d`: items that are never picked. They count neither as near-duplicates nor as labeled. */
    tests?: EmbeddingMatrix;
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
  {
    tests = NO_TESTS,
    ...options
  }: {
    kernel: MatrixKernel;
    tests?: EmbeddingMatrix;
    signal?: AbortSignal | undefined;
    onProgress?: OnProgress | undefined;
  },
): Promise<Candidates> {
  if (threshold === 0) return { positions: open, nearDuplicates: 0, copies: new Map() };
  const known = tests.rows === 0 ? [labeled] : [tests, labeled];
  const rows = stackRows([...known, takeRows(embeddings, open)], embeddings.columns);
  const leader = await groupNearDuplicates(rows, threshold, options);
  const firstOpen = tests.rows + labeled.rows;
  const positions: number[] = [];
  const copies = new Map<number, number[]>();
  const nearTests = new Map<number, number>();
  for (const [index, position] of open.entries()) {
    const led = leader[firstOpen + index]! - firstOpen;
    if (led === index) positions.push(position);
    else if (led < -labeled.rows) nearTests.set(position, led + firstOpen);
    else if (led >= 0) {
      const others = copies.get(open[led]!);
      if (others) others.push(position);
      else copies.set(open[led]!, [position]);
    }
  }
  return {
    positions,
    nearDuplicates: open.length - positions.length - nearTests.size,
    copies,
    ...(nearTests.size > 0 ? { nearTests } : {}),
  };
}
