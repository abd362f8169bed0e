import { z } from 'zod';
import { measuringPlan, selectMeasured } from '../measures/measuring.ts';
import { DEFAULT_GENERATIONS } from '../measures/open-endedness-measure.ts';
import { defineStrategy } from './strategy.ts';
import { count } from './strategy-options.ts';

const MOST_GENERATIONS = 100;

const openEndednessOptions = z.object({
  generations: count
    .max(MOST_GENERATIONS, `must be at most ${MOST_GENERATIONS}`)
    .default(DEFAULT_GENERATIONS)
    .describe('answers per instruction')
    .meta({ value: 'n' }),
});

/**
 * The instructions that a model answers in the most varied words: the most different word bigrams over several answers,
 * three by default; ties → the lowest position. Seed, labels and weights have no effect. `generations` calls per
 * candidate.
 * Source: the open-endedness baseline of SelectLLM (arXiv 2401.16553). Its code drops instructions with an empty answer;
 * here they are reported as failed and can be retried.
 */
export const openEndednessStrategy = defineStrategy({
  name: 'open-endedness',
  summary: 'instructions an LLM answers in the most varied words',
  source: 'Baselines of SelectLLM (arXiv 2401.16553).',
  needs: { embeddings: 'none', llm: false },
  options: openEndednessOptions,
  nested: () => true,
  prompts: [],
  measures: () => ['open-endedness'],
  prepare: async (context) => ({
    plan: { notes: [], measuring: await measuringPlan(context, ['open-endedness']) },
    select: () =>
      selectMeasured(context, ['open-endedness'], (measured, picks) =>
        [...measured]
          .sort((a, b) => b.values[0]! - a.values[0]! || a.position - b.position)
          .slice(0, picks)
          .map(({ position, values: [score], reasons, model, costMicroUsd }, index) => ({
            position,
            rank: index + 1,
            score: score!,
            reason: reasons[0] ?? `${score} different word pairs`,
            strategy: 'open-endedness',
            query: null,
            model,
            costMicroUsd,
          })),
      ),
  }),
});
