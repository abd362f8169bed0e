import { z } from 'zod';
import { NotEnoughError } from '../../../domain/errors.ts';
import { option, sentence } from '../../../domain/wording.ts';
import { type EmbeddingMatrix, takeRows } from '../../../math/embedding-matrix.ts';
import { kMeans } from '../../../math/k-means.ts';
import { pca } from '../../../math/pca.ts';
import { seededRandom } from '../../../math/random.ts';
import { type MeasuredCandidate, measuringPlan, selectMeasured } from '../../measures/measuring.ts';
import { scoredBy, scoringOptions } from '../scoring-options.ts';
import { defineStrategy, type StrategyContext } from '../strategy.ts';
import { count, number } from '../strategy-options.ts';
import { chooseByRank } from './choose-by-rank.ts';

const carOptions = z.object({
  ...scoringOptions,
  top: number
    .int('must be a whole number')
    .min(0, 'must be at least 0')
    .optional()
    .describe('picks from the best overall')
    .meta({ value: 'n1', defaultWords: 'as many as the count allows' }),
  perCluster: count.default(1).describe('picks from the best of each cluster').meta({ value: 'n2' }),
});
type CarContext = StrategyContext<z.output<typeof carOptions>>;

/** The share of the variance kept before clustering. */
const KEPT_VARIANCE = 0.95;

/**
 * CaR, cluster and rank: the best overall, and the best of every cluster so that no topic is missing. The clusters come
 * from k-means with k = ⌊√(n/2)⌋ on the principal components that keep 95 % of the variance of the pairs' embeddings.
 * `top` (n1) is by default as large as the count allows beside the clusters' best (n2 each). Ranked like the paper joins
 * them: the best overall by falling score, then the additions of the clusters by falling score; ties in the order of the
 * pool. Weights are ignored. One judgment per candidate; O(n·d² + n·k·d).
 * Source: Ge et al., CaR (arXiv 2402.18191) §3. The paper uses its own scorer (550M parameters), we use the judge of the
 * options.
 */
export const carStrategy = defineStrategy({
  name: 'car',
  summary: 'the best pairs overall, and the best of every cluster',
  source: 'Ge et al., Clustering and Ranking (arXiv 2402.18191).',
  needs: { embeddings: 'pairs', llm: false },
  options: carOptions,
  nested: () => false,
  prompts: [],
  measures: (options) => scoredBy(options, ['accuracy']),
  prepare: async (context) => {
    const names = [...context.measures.keys()];
    return {
      plan: { notes: [], measuring: await measuringPlan(context, names) },
      select: () => selectMeasured(context, names, (measured, count) => choose(context, measured, count)),
    };
  },
});

async function choose(context: CarContext, measured: readonly MeasuredCandidate[], count: number) {
  const { top, perCluster } = context.options;
  const rows = takeRows(
    context.embeddings,
    measured.map(({ position }) => position),
  );
  const scores = Float64Array.from(measured, ({ values }) => values[0]!);
  const { clusters, k } = await cluster(rows, context);
  const ofClusters = new Set(chooseByRank(scores, clusters, { top: 0, perCluster }));
  const overall = top ?? largestTop(scores, ofClusters, count);
  const best = chooseByRank(scores, clusters, { top: overall, perCluster: 0 });
  const isBest = new Set(best);
  const added = byScore(scores, [...ofClusters]).filter((row) => !isBest.has(row));
  const chosen = [...best, ...added];
  if (chosen.length < count) {
    throw new NotEnoughError(
      `The ${overall} best and the best of ${k} clusters give only ${chosen.length} of the ${count} instructions you asked for.`,
      sentence`Raise ${option('top')} or ${option('perCluster')}, or leave out ${option('top')} to make it as large as needed.`,
      chosen.length,
    );
  }
  return chosen.slice(0, count).map((row, index) => {
    const { position, values, reasons, model, costMicroUsd } = measured[row]!;
    const place = index < best.length ? 'Among the best overall' : `Best of cluster ${clusters[row]! + 1} of ${k}`;
    return {
      position,
      rank: index + 1,
      score: values[0]!,
      reason: [place, ...reasons].join('; '),
      strategy: 'car',
      query: null,
      model,
      costMicroUsd,
    };
  });
}

async function cluster(rows: EmbeddingMatrix, { kernel, seed, signal, onProgress }: CarContext) {
  const { scores } = await pca(rows, { kernel, keep: KEPT_VARIANCE, ...(signal ? { signal } : {}) });
  const k = Math.max(1, Math.floor(Math.sqrt(rows.rows / 2)));
  const random = seededRandom(seed, 'strategy', 'car');
  const { assignment } = await kMeans(scores, k, { kernel, random, signal, onProgress });
  return { clusters: assignment, k };
}

/** How many of the best overall fit beside the additions of the clusters. */
function largestTop(scores: Float64Array, ofClusters: ReadonlySet<number>, count: number): number {
  const ranked = byScore(scores, [...scores.keys()]);
  let chosen = ofClusters.size;
  for (const [top, row] of ranked.entries()) {
    if (!ofClusters.has(row)) chosen += 1;
    if (chosen > count) return top;
  }
  return ranked.length;
}

/** Falling; ties to the lowest row. */
function byScore(scores: Float64Array, rows: readonly number[]): number[] {
  return [...rows].sort((a, b) => scores[b]! - scores[a]! || a - b);
}
