import { type Candidates, findCandidates } from '../assembly/find-candidates.ts';
import { embeddingText } from '../domain/instruction.ts';
import { type EmbeddingMatrix, stackRows, takeRows } from '../math/embedding-matrix.ts';
import type { CampaignContext } from './campaign-context.ts';
import { standingOf } from './standing.ts';

/** What may be chosen, with the vectors to choose by. */
export interface CampaignCandidates extends Candidates {
  /** `n × d`, by position. */
  readonly embeddings: EmbeddingMatrix;
  /** `l × d`: everything handed out or labeled so far. */
  readonly labeled: EmbeddingMatrix;
}

/**
 * Of the positions that are open those that nearly repeat neither an earlier one, nor anything handed out so far, nor
 * anything models are tested with: what is learned from a copy would pass for skill.
 */
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
  const tested = await embedTexts(context, (await context.testExamples()).map(embeddingText));
  const known = stackRows(tested.rows === 0 ? [labeled] : [labeled, tested], embeddings.columns);
  const found = await findCandidates(open, embeddings, known, threshold, { kernel, signal, onProgress });
  return { ...found, embeddings, labeled };
}

/** `n × d`, by position. What is cached is not embedded again. */
export function embedPool(context: CampaignContext): Promise<EmbeddingMatrix> {
  return embedTexts(context, context.instructions().map(embeddingText));
}

async function embedTexts(
  { tools, signal, onProgress }: CampaignContext,
  texts: readonly string[],
): Promise<EmbeddingMatrix> {
  const { embedder } = await tools.embedder();
  return embedder.embed(texts, { onProgress, ...(signal ? { signal } : {}) });
}
