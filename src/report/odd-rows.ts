import type { OnProgress } from '../domain/progress.ts';
import type { EmbeddingMatrix } from '../math/embedding-matrix.ts';
import { isolatedRows } from '../math/isolated-rows.ts';
import type { MatrixKernel } from '../math/matrix-kernel.ts';
import { seededRandom } from '../math/random.ts';
import type { CampaignState } from '../store/campaign-state.ts';
import { computedOnce } from './computed-once.ts';
import { nearDuplicatePairs } from './near-duplicate-pairs.ts';
import type { OddRows } from './odd-items.ts';

const SHOWN = 10;
/** Raised when they are found otherwise. */
const VERSION = 1;

export interface OddRowsOptions {
  readonly kernel: MatrixKernel;
  readonly signal?: AbortSignal;
  readonly onProgress: OnProgress;
  readonly seed: number;
  /** Of the campaign: a pair counts from this cosine on; 0 = off. */
  readonly threshold: number;
  /** Names the vectors' model. */
  readonly space: string;
  /** Where they are kept once they are found. */
  readonly state: CampaignState;
}

/** Rows of the pool that stand out, found once for each size of the pool. @param vectors `n × d`, by position */
export async function findOddRows(
  vectors: EmbeddingMatrix,
  options: OddRowsOptions,
): Promise<OddRows & { readonly notes: readonly string[] }> {
  const { onProgress, seed, threshold, space, state, ...products } = options;
  const of = `${VERSION}, of ${vectors.rows} by ${space}, seed ${seed}`;
  const strangest = await computedOnce(state, `strangest ${of}`, () =>
    isolatedRows(vectors, SHOWN, {
      ...products,
      random: seededRandom(seed, 'strangest'),
      onRows: (done) => onProgress({ phase: 'compare', done, total: vectors.rows }),
    }),
  );
  const { among, ...nearDuplicates } = await computedOnce(state, `near-duplicates ${of}, from ${threshold}`, () =>
    nearDuplicatePairs(vectors, threshold, { ...products, onProgress, random: seededRandom(seed, 'near-duplicates') }),
  );
  const looked = among.toLocaleString('en-US');
  return {
    strangest: strangest.rows.map(({ row, distance }) => ({ position: row, distance })),
    nearDuplicates,
    notes: [
      ...(strangest.exact
        ? []
        : ['The strangest items are the strangest of those that look so beside a random sample.']),
      ...(among === vectors.rows
        ? []
        : [`Near-duplicates are those within a random sample of ${looked} instructions.`]),
    ],
  };
}
