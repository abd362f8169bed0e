import { z } from 'zod';
import { NotEnoughError } from '../../domain/errors.ts';
import { option, sentence } from '../../domain/wording.ts';
import { measuringPlan, selectMeasured } from '../measures/measuring.ts';
import { defaultNote, scoredBy, scoreSpan, scoringOptions } from './scoring-options.ts';
import { defineStrategy } from './strategy.ts';
import { choice, number } from './strategy-options.ts';

/** The paper's value. */
const THRESHOLD = 4.5;

const alpaGasusOptions = z.object({
  ...scoringOptions,
  dimension: choice(['accuracy', 'helpfulness'])
    .default('accuracy')
    .describe('rating dimension of responses')
    .meta({ value: 'name' }),
  threshold: number.default(THRESHOLD).describe('lowest score to pick').meta({ value: 't' }),
});

/**
 * AlpaGasus: a judge rates every instruction with its response on one dimension, from 0 to 5. The best at or above the
 * threshold are picked, ties in the order of the pool. It ignores diversity and weights. One judgment per candidate.
 * Source: Chen et al., AlpaGasus (arXiv 2307.08701) §2. Different from the paper's code: ratings are read strictly and
 * never guessed, and a warning is given when nearly all are equal.
 */
export const alpaGasusStrategy = defineStrategy({
  name: 'alpagasus',
  summary: 'the pairs a judge rates best, at or above a threshold',
  source: 'Chen et al., AlpaGasus (arXiv 2307.08701).',
  needs: { embeddings: 'none', llm: false },
  options: alpaGasusOptions,
  nested: () => true,
  prompts: [],
  measures: (options) => scoredBy(options, [options.dimension]),
  prepare: async (context) => {
    const { threshold } = context.options;
    const names = [...context.measures.keys()];
    return {
      plan: { notes: [], measuring: await measuringPlan(context, names) },
      select: () =>
        selectMeasured(context, names, (measured, count) => {
          const kept = measured.filter(({ values }) => values[0]! >= threshold);
          if (kept.length < count) {
            throw new NotEnoughError(
              `You asked for ${context.count} instructions, but only ${kept.length} of ${measured.length} are rated ${threshold} or better; ${scoreSpan(measured)}.`,
              sentence`Lower ${option('threshold')}${defaultNote(threshold, THRESHOLD)} or ${option('count')}.`,
              kept.length,
            );
          }
          return kept
            .sort((a, b) => b.values[0]! - a.values[0]!)
            .slice(0, count)
            .map(({ position, values: [score], reasons, model, costMicroUsd }, index) => ({
              position,
              rank: index + 1,
              score: score!,
              reason: reasons[0] ?? `Rated ${score}`,
              strategy: 'alpagasus',
              query: null,
              model,
              costMicroUsd,
            }));
        }),
    };
  },
});
