import { z } from 'zod';
import { takeRows } from '../../math/embedding-matrix.ts';
import { seededRandom } from '../../math/random.ts';
import { relativeWeights } from '../../math/relative-weights.ts';
import { clusterRepresentatives } from '../../math/representatives.ts';
import type { Strategy } from './strategy.ts';

/**
 * k-means diversity: as many clusters as picks, and of each cluster the instruction nearest to its
 * centre. Ranked by cluster size: the first picks stand for most of the pool. O(n·N·d) per iteration.
 *
 * Labeled items are centres that stay where they are, so that what is next to them is not bought again.
 * That takes little away: the mean of a cluster is nearer to its rows than any one item, so a labeled item
 * keeps only rows much like itself, and a topic with few labels is bought again. On dolly-3k with 100 or
 * 300 labels it ends within 1.5 % of the mean squared distance that ignoring them gives, and so does
 * clustering labeled and unlabeled items together to choose from the clusters without a label;
 * facility-location, which compares items with items, ends 3–7 % below both.
 *
 * With weights every item counts as that many, in the centres and in the size of a cluster.
 */
export const kMeansStrategy: Strategy = {
  name: 'k-means',
  summary: 'one instruction per cluster, the nearest to its centre',
  source: 'Cluster-representative sampling; the diversity step of CaR (arXiv 2402.18191) without scores.',
  needs: { embeddings: 'instructions', llm: false },
  options: z.object({}),
  nested: () => false,
  measures: () => [],
  prompts: [],
  prepare: async ({ candidates, count, embeddings, labeled, weights, seed, kernel, signal, onProgress }) => ({
    plan: { notes: [] },
    select: async () => {
      const relative = relativeWeights(weights, candidates.length);
      const ofTheWeight = (share: number) => (relative ? ` with ${(100 * share).toPrecision(2)} % of the weight` : '');
      const representatives = await clusterRepresentatives(takeRows(embeddings, candidates), count, {
        kernel,
        fixedCenters: labeled,
        weights: relative,
        random: seededRandom(seed, 'strategy', 'k-means'),
        signal,
        onProgress,
      });
      return {
        picks: representatives.map(({ row, distance, clusterSize, clusterShare }, index) => ({
          position: candidates[row]!,
          rank: index + 1,
          score: clusterShare,
          reason: `nearest to the centre of a cluster of ${clusterSize}${ofTheWeight(clusterShare)} (distance ${distance.toFixed(3)})`,
          strategy: 'k-means',
          query: null,
          model: null,
          costMicroUsd: 0,
        })),
      };
    },
  }),
};
