import type { CampaignContext } from '../campaign/campaign-context.ts';
import { embedPool } from '../campaign/candidates.ts';
import { embeddingText } from '../domain/instruction.ts';
import { formatUsdExactly } from '../domain/money.ts';
import type { EmbeddingMatrix } from '../math/embedding-matrix.ts';

/** The vectors of the pool, or why there are none. */
export type PoolVectors =
  | { readonly vectors: EmbeddingMatrix; readonly space: string }
  | { readonly vectors: null; readonly note: string };

/**
 * `n × d`, by position, without paying for any: from the cache, or embedded on this machine. Where some would have to
 * be bought there are none.
 */
export async function poolVectors(context: CampaignContext): Promise<PoolVectors> {
  const items = context.instructions();
  if (items.length === 0) return missing('the pool is empty.');
  const { embedder, unpaid: unpaidOf } = await context.tools.embedder();
  const unpaid = unpaidOf(items.map(embeddingText));
  if (unpaid !== null) {
    const cost = formatUsdExactly(unpaid.costMicroUsd.worstCase);
    return missing(
      `${unpaid.texts} vectors of the pool are not on this machine and would cost up to ${cost}. ` +
        'Make the report where the campaign is run, or with its vector cache (WINNOW_CACHE_DIR).',
    );
  }
  return { vectors: await embedPool(context), space: embedder.space };
}

function missing(why: string): PoolVectors {
  return {
    vectors: null,
    note: `There is no map, no coverage, and no strange or near-duplicate items are shown: ${why}`,
  };
}
