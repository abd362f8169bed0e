import { z } from 'zod';
import { takeRows } from '../../math/embedding-matrix.ts';
import { kCenter } from '../../math/k-center.ts';
import { seededRandom } from '../../math/random.ts';
import { relativeWeights } from '../../math/relative-weights.ts';
import type { Strategy } from './strategy.ts';

/**
 * Greedy k-center: always the instruction farthest from everything labeled or chosen so far, so that no
 * instruction is far from a chosen one. Its worst case is within a factor of two of the best; its average
 * case suffers from outliers. O(n·N·d).
 *
 * With weights it picks the largest weight × distance, starting with the largest weight, and the factor is
 * min(3, 1 + largest / smallest weight).
 * Source: Sener & Savarese 2018 (arXiv 1708.00489); Gonzalez 1985; weights: Dyer & Frieze 1985.
 */
export const kCenterStrategy: Strategy = {
  name: 'k-center',
  summary: 'greedy coreset: always the one farthest from all chosen and labeled',
  source: 'Sener & Savarese 2018 (arXiv 1708.00489); the coverage step of MoDS (arXiv 2311.15653).',
  needs: { embeddings: 'instructions', llm: false },
  options: z.object({}),
  nested: () => true,
  measures: () => [],
  prompts: [],
  prepare: async ({ candidates, count, embeddings, labeled, weights, seed, kernel, signal, onProgress }) => ({
    plan: { notes: [] },
    select: async () => {
      const relative = relativeWeights(weights, candidates.length);
      const { order, distances } = await kCenter(takeRows(embeddings, candidates), count, {
        kernel,
        existing: labeled,
        weights: relative,
        random: seededRandom(seed, 'strategy', 'k-center'),
        signal,
        onProgress,
      });
      return {
        picks: Array.from(order, (row, index) => {
          const distance = distances[index]!;
          return {
            position: candidates[row]!,
            rank: index + 1,
            score: Number.isFinite(distance) ? distance * (relative?.[row] ?? 1) : null,
            reason: reasonOf(distance, relative?.[row]),
            strategy: 'k-center',
            query: null,
            model: null,
            costMicroUsd: 0,
          };
        }),
      };
    },
  }),
};

function reasonOf(distance: number, weight: number | undefined): string {
  if (!Number.isFinite(distance)) return weight === undefined ? 'Random starting point' : 'Highest weight';
  const weighted = weight === undefined ? '' : ` × weight ${weight.toPrecision(3)}`;
  return `Most different from earlier picks (distance ${distance.toFixed(3)}${weighted})`;
}
