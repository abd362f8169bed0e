import { z } from 'zod';
import { seededRandom } from '../../math/random.ts';
import type { Strategy } from './strategy.ts';

/** All candidates in random order. O(n). */
export function drawAtRandom(candidates: readonly number[], seed: number): number[] {
  return seededRandom(seed, 'strategy', 'random').shuffle(candidates);
}

/**
 * A seeded draw without replacement: the baseline that every method has to beat. It ignores weights, since
 * it is a baseline. O(n).
 */
export const randomStrategy: Strategy = {
  name: 'random',
  summary: 'a seeded random draw, the baseline',
  source: 'Baseline of SelectLLM (arXiv 2401.16553) and of most of the literature.',
  needs: { embeddings: 'none', llm: false },
  options: z.object({}),
  nested: () => true,
  measures: () => [],
  prompts: [],
  prepare: async ({ candidates, count, seed }) => ({
    plan: { notes: [] },
    select: async () => ({
      picks: drawAtRandom(candidates, seed)
        .slice(0, count)
        .map((position, index) => ({
          position,
          rank: index + 1,
          score: null,
          reason: 'Drawn at random',
          strategy: 'random',
          query: null,
          model: null,
          costMicroUsd: 0,
        })),
    }),
  }),
};
