import type { CampaignContext } from '../campaign/campaign-context.ts';
import { embedPool } from '../campaign/candidates.ts';
import { embeddingText } from '../domain/instruction.ts';
import { lazyMap } from '../domain/lazy-list.ts';
import { formatUsdExactly } from '../domain/money.ts';
import type { EmbeddingMatrix } from '../math/embedding-matrix.ts';

/** The vectors of the pool, or a note that says why there are none. */
export type PoolVectors =
  | { readonly vectors: EmbeddingMatrix; readonly space: string }
  | { readonly vectors: null; readonly note: string };

/** `n × d`, by position: from the cache, or embedded on this machine. There are none if a provider had to be paid. */
export async function poolVectors(context: CampaignContext): Promise<PoolVectors> {
  const items = context.instructions();
  if (items.length === 0) return missing('the pool is empty.');
  const { embedder, unpaid: unpaidOf } = await context.tools.embedder();
  const unpaid = unpaidOf(lazyMap(items, embeddingText));
  if (unpaid !== null) {
    const cost = formatUsdExactly(unpaid.costMicroUsd.worstCase);
    return missing(
      `${unpaid.texts} vectors of the pool are not in the cache of this machine and would cost up to ${cost}. ` +
        'Run the report on the machine of the campaign, or with its vector cache (WINNOW_CACHE_DIR).',
    );
  }
  return { vectors: await embedPool(context), space: embedder.space };
}

function missing(why: string): PoolVectors {
  return {
    vectors: null,
    note: `The map, coverage, outliers and near-duplicates are missing: ${why}`,
  };
}
