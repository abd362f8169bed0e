import { embeddingText, pairText } from '../domain/instruction.ts';
import { lazyMap } from '../domain/lazy-list.ts';
import { directedRows, type EmbeddingMatrix, stackRows, takeRows } from '../math/embedding-matrix.ts';
import { type Candidates, findCandidates } from '../selection/find-candidates.ts';
import type { Strategy } from '../selection/strategies/strategy.ts';
import type { CampaignContext } from './campaign-context.ts';
import { labelingState } from './labeling-state.ts';
import { testItems } from './test-set.ts';

/** What may be chosen, with the vectors to choose by. */
export interface CampaignCandidates extends Candidates {
  /** `n × d`, by position. */
  readonly embeddings: EmbeddingMatrix;
  /** `l × d`: everything assigned or labeled so far, but for the test set. */
  readonly labeled: EmbeddingMatrix;
}

/**
 * The open positions that are not near-duplicates of an earlier one, of anything assigned so far, or of the texts
 * models are tested with: a copy would make a model look better than it is.
 */
export async function candidatesOf(context: CampaignContext, open: readonly number[]): Promise<CampaignCandidates> {
  const { config, tools, signal, onProgress } = context;
  const embeddings = await embedPool(context);
  const labeled = directedRows(takeRows(embeddings, takenPositions(context)));
  const ownTest = takeRows(embeddings, [...testItems(context.state).keys()]);
  const kernel = await tools.kernel();
  const threshold = config.pool.dedupeThreshold;
  const tested = await embedTexts(context, (await context.excludedItems()).map(embeddingText));
  const others = [ownTest, tested].filter(({ rows }) => rows > 0);
  const known = directedRows(stackRows([labeled, ...others], embeddings.columns));
  const found = await findCandidates(open, embeddings, known, threshold, { kernel, signal, onProgress });
  return { ...found, embeddings, labeled };
}

/**
 * `n × d`, by position. What is cached is not embedded again.
 * @param textOf by default instruction and input, which identify candidates
 */
export function embedPool(context: CampaignContext, textOf = embeddingText): Promise<EmbeddingMatrix> {
  return embedTexts(context, lazyMap(context.instructions(), textOf));
}

/** The candidates with the vectors a strategy chooses by, which may be of the responses too. */
export async function candidatesFor(
  context: CampaignContext,
  { needs }: Pick<Strategy, 'needs'>,
  open: readonly number[],
): Promise<CampaignCandidates> {
  const candidates = await candidatesOf(context, open);
  if (needs.embeddings !== 'pairs') return candidates;
  const embeddings = await embedPool(context, pairText);
  return { ...candidates, embeddings, labeled: directedRows(takeRows(embeddings, takenPositions(context))) };
}

/** What is assigned or labeled, without the test set: nothing is trained on it, so it covers nothing. */
function takenPositions({ state, config }: CampaignContext): number[] {
  const test = testItems(state);
  const { taken } = labelingState(state, config.labels);
  return [...taken].filter((position) => !test.has(position)).sort((a, b) => a - b);
}

/** `texts × d` */
export async function embedTexts(
  { tools, signal, onProgress }: CampaignContext,
  texts: readonly string[],
): Promise<EmbeddingMatrix> {
  const { embedder } = await tools.embedder();
  return embedder.embed(texts, { onProgress, ...(signal ? { signal } : {}) });
}
