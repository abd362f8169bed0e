import { type Candidates, findCandidates } from '../assembly/find-candidates.ts';
import { embeddingText } from '../domain/instruction.ts';
import { type EmbeddingMatrix, takeRows } from '../math/embedding-matrix.ts';
import type { CampaignContext } from './campaign-context.ts';
import { standingOf } from './standing.ts';

/** What may be chosen, with the vectors to choose by. */
export interface CampaignCandidates extends Candidates {
  /** `n × d`, by position. */
  readonly embeddings: EmbeddingMatrix;
  /** `l × d`: everything handed out or labeled so far. */
  readonly labeled: EmbeddingMatrix;
}

/** Of the positions that are open those that nearly repeat neither an earlier one nor anything handed out so far. */
export async function candidatesOf(context: CampaignContext, open: readonly number[]): Promise<CampaignCandidates> {
  const { state, config, tools, signal, onProgress } = context;
  const embeddings = await embedPool(context);
  const { taken } = standingOf(state, config.labels);
  const labeled = takeRows(
    embeddings,
    [...taken].sort((a, b) => a - b),
  );
  const kernel = await tools.kernel();
  const threshold = config.pool.dedupeThreshold;
  const found = await findCandidates(open, embeddings, labeled, threshold, { kernel, signal, onProgress });
  return { ...found, embeddings, labeled };
}

/** `n × d`, by position. What is cached is not embedded again. */
export async function embedPool({
  tools,
  signal,
  onProgress,
  instructions,
}: CampaignContext): Promise<EmbeddingMatrix> {
  const { embedder } = await tools.embedder();
  const texts = instructions().map(embeddingText);
  return embedder.embed(texts, { onProgress, ...(signal ? { signal } : {}) });
}
