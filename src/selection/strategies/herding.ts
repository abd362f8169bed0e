import { z } from 'zod';
import type { OnProgress } from '../../domain/progress.ts';
import { type EmbeddingMatrix, takeRows, unitRows } from '../../math/embedding-matrix.ts';
import { squaredNorms } from '../../math/exact-distance.ts';
import { assertCount, largestPositions } from '../../math/largest-positions.ts';
import type { MatrixKernel } from '../../math/matrix-kernel.ts';
import { relativeWeights } from '../../math/relative-weights.ts';
import { COLUMNS_PER_PRODUCT, type ShardSimilarities, SimilarityColumns } from '../../math/similarity-columns.ts';
import { defineStrategy } from './strategy.ts';

/**
 * Kernel herding: always the instruction that brings the mean of the picks nearest to the mean of the candidates. The
 * first picks are typical, later ones fill the gaps, in proportion to their share of the pool: it samples topics by size,
 * while k-center picks outliers. Labeled items count as picks. Ranked as picked; no item twice; ties go to the lowest
 * position. With weights, the picks approach the weighted mean. The seed has no effect. O(n·d·N).
 * Source: Chen, Welling & Smola 2010 (arXiv 1203.3472), eq. 7–8, with the cosine as kernel; as a coreset: iCaRL
 * (arXiv 1611.07725). There a point may be picked more than once.
 */
export const herdingStrategy = defineStrategy({
  name: 'herding',
  summary: 'always the one that brings the mean of the picks nearest to the mean of the pool',
  source: 'Chen, Welling & Smola 2010 (arXiv 1203.3472); as a coreset: iCaRL (arXiv 1611.07725).',
  needs: { embeddings: 'instructions', llm: false },
  options: z.object({}),
  nested: () => true,
  measures: () => [],
  prompts: [],
  prepare: async ({ candidates, count, embeddings, labeled, weights, kernel, signal, onProgress }) => ({
    plan: { notes: [] },
    select: async () => {
      const options = { kernel, existing: labeled, weights, signal, onProgress };
      const { order, toPool, toChosen } = await herd(takeRows(embeddings, candidates), count, options);
      return {
        picks: Array.from(order, (row, index) => ({
          position: candidates[row]!,
          rank: index + 1,
          score: toPool[index]! - toChosen[index]!,
          reason: `Mean similarity ${toPool[index]!.toFixed(3)} to the pool, ${toChosen[index]!.toFixed(3)} to earlier picks`,
          strategy: 'herding',
          query: null,
          model: null,
          costMicroUsd: 0,
        })),
      };
    },
  }),
});

export interface HerdOptions {
  readonly kernel: MatrixKernel;
  /** `l × d`: rows chosen before. */
  readonly existing: EmbeddingMatrix;
  /** Length n, > 0: the weight of each row in the mean; only ratios matter. Absent: equal weights. */
  readonly weights?: Float64Array | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/**
 * Greedy kernel herding: after t chosen rows picks the row x with the largest x·μ − Σ x·chosen / (t + 1), where μ is the
 * weighted mean of the rows; this is the paper's w·x with w ← w + μ − x. Only the direction of a row counts; a row of
 * zeros has none. The columns of the 64 best rows are computed at once and used while the next pick is among them, which
 * only saves time. O(n·d·count) and n × 64 floats.
 * @param x `n × d`
 * @returns distinct rows in the order picked, and the x·μ and Σ x·chosen / (t + 1) of each when it was picked
 * @throws WinnowError `COUNT_OUT_OF_RANGE` when count > n; RangeError, see `relativeWeights`
 */
export async function herd(x: EmbeddingMatrix, count: number, options: HerdOptions) {
  const { existing, kernel, signal, onProgress } = options;
  assertCount('rows', count, 0, x.rows);
  const columns = new SimilarityColumns(x, { kernel });
  const weights = relativeWeights(options.weights, x.rows);
  const total = weights?.reduce((sum, weight) => sum + weight, 0) ?? x.rows;
  const pool = productsWith(sumOfRows(columns.rows, weights), columns.rows).map((product) => product / total);
  const chosen = productsWith(sumOfRows(directions(existing)), columns.rows);
  const taken = new Uint8Array(x.rows);
  const order = new Int32Array(count);
  const toPool = new Float64Array(count);
  const toChosen = new Float64Array(count);
  let batch = new Map<number, number>();
  let shards: readonly ShardSimilarities[] = [];
  for (let picked = 0; picked < count; picked += 1) {
    const chosenRows = existing.rows + picked + 1;
    const gains = pool.map((mean, row) => (taken[row] ? Number.NEGATIVE_INFINITY : mean - chosen[row]! / chosenRows));
    const best = gains.reduce((first, gain, row) => (gain > gains[first]! ? row : first), taken.indexOf(0));
    if (!batch.has(best)) {
      signal?.throwIfAborted();
      onProgress?.({ phase: 'cover', done: picked, total: count });
      const likely = largestPositions(gains, Math.min(COLUMNS_PER_PRODUCT, count - picked), (row) => !taken[row]);
      batch = new Map(likely.map((row, column) => [row, column]));
      shards = await columns.ofPositions(likely, (shard) => shard);
    }
    order[picked] = best;
    toPool[picked] = pool[best]!;
    toChosen[picked] = chosen[best]! / chosenRows;
    taken[best] = 1;
    addColumn(chosen, shards, batch.get(best)!);
  }
  onProgress?.({ phase: 'cover', done: count, total: count });
  return { order, toPool, toChosen };
}

function directions(x: EmbeddingMatrix): EmbeddingMatrix {
  const everyRow = Int32Array.from({ length: x.rows }, (_, row) => row);
  return unitRows(x, everyRow, squaredNorms(x));
}

/** @returns length d, in double precision */
function sumOfRows({ data, rows, columns }: EmbeddingMatrix, weights?: Float64Array): Float64Array {
  const sum = new Float64Array(columns);
  for (let row = 0; row < rows; row += 1) {
    const weight = weights?.[row] ?? 1;
    for (let column = 0; column < columns; column += 1) sum[column]! += weight * data[row * columns + column]!;
  }
  return sum;
}

/** @returns length n: the dot product of each row with the vector, in double precision */
function productsWith(vector: Float64Array, { data, rows, columns }: EmbeddingMatrix): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) =>
    vector.reduce((sum, value, column) => sum + value * data[row * columns + column]!, 0),
  );
}

function addColumn(sums: Float64Array, shards: readonly ShardSimilarities[], column: number): void {
  for (const { start, rows, cosines } of shards) {
    for (let row = 0; row < rows; row += 1) sums[start + row]! += cosines[row * COLUMNS_PER_PRODUCT + column]!;
  }
}
