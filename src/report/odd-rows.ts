import { z } from 'zod';
import type { OnProgress } from '../domain/progress.ts';
import type { EmbeddingMatrix } from '../math/embedding-matrix.ts';
import { type IsolatedRows, isolatedRows } from '../math/isolated-rows.ts';
import type { MatrixKernel } from '../math/matrix-kernel.ts';
import { seededRandom } from '../math/random.ts';
import type { CampaignState } from '../store/campaign-state.ts';
import { computedOnce } from './computed-once.ts';
import { type NearDuplicatePairs, nearDuplicatePairs } from './near-duplicate-pairs.ts';
import type { OddRows } from './odd-items.ts';

const SHOWN = 10;
/** Increased when the algorithm changes. */
const VERSION = 1;

const isolatedShape: z.ZodType<IsolatedRows> = z.object({
  rows: z.array(z.object({ row: z.int(), distance: z.number() })),
  exact: z.boolean(),
});
const pairsShape: z.ZodType<NearDuplicatePairs> = z.object({
  threshold: z.number(),
  count: z.int(),
  examples: z.array(z.object({ cosine: z.number(), first: z.int(), second: z.int() })),
  compared: z.int(),
});

export interface OddRowsOptions {
  readonly kernel: MatrixKernel;
  readonly signal?: AbortSignal;
  readonly onProgress: OnProgress;
  readonly seed: number;
  /** The campaign's threshold for near-duplicates, a cosine similarity; 0 = off. */
  readonly threshold: number;
  /** The name of the vectors' model. */
  readonly space: string;
  /** Stores the results. */
  readonly state: CampaignState;
}

/** Outliers and near-duplicates of the pool, computed once for each pool size. @param vectors `n × d`, by position */
export async function findOddRows(
  vectors: EmbeddingMatrix,
  options: OddRowsOptions,
): Promise<OddRows & { readonly notes: readonly string[] }> {
  const { onProgress, seed, threshold, space, state, ...products } = options;
  const of = `${VERSION}, of ${vectors.rows} by ${space}, seed ${seed}`;
  const strangest = await computedOnce(state, `strangest ${of}`, isolatedShape, () =>
    isolatedRows(vectors, SHOWN, {
      ...products,
      random: seededRandom(seed, 'strangest'),
      onRows: (done) => onProgress({ phase: 'compare', done, total: vectors.rows }),
    }),
  );
  const { compared, ...nearDuplicates } = await computedOnce(
    state,
    `near-duplicates ${of}, from ${threshold}`,
    pairsShape,
    () =>
      nearDuplicatePairs(vectors, threshold, {
        ...products,
        onProgress,
        random: seededRandom(seed, 'near-duplicates'),
      }),
  );
  return {
    strangest: strangest.rows.map(({ row, distance }) => ({ position: row, distance })),
    nearDuplicates,
    notes: [
      ...(strangest.exact ? [] : ['Outliers are approximate: a random sample was used to find candidates.']),
      ...(compared === vectors.rows
        ? []
        : [`Near-duplicates are from a random sample of ${compared.toLocaleString('en-US')} instructions.`]),
    ],
  };
}
