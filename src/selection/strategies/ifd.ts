import { z } from 'zod';
import { NotEnoughError } from '../../domain/errors.ts';
import { option, sentence } from '../../domain/wording.ts';
import { IFD } from '../measures/ifd-measure.ts';
import { measuringPlan, selectMeasured } from '../measures/measuring.ts';
import { defaultNote } from './scoring-options.ts';
import { defineStrategy } from './strategy.ts';
import { number } from './strategy-options.ts';

/** Above it, the instruction makes its response less likely. */
const HIGHEST = 1;

const ifdOptions = z.object({
  highest: number.min(0, 'must be at least 0').default(HIGHEST).describe('highest IFD to pick').meta({ value: 'r' }),
});

/**
 * IFD, instruction-following difficulty: the pairs whose response the instruction helps least to say, without those
 * where it misleads (IFD above `highest`, 1). Needs responses, and a model that returns the log-probabilities of prompts; without an
 * LLM a character model of the pool stands in. Ties → the lowest position. Seed, labels and weights have no effect.
 * Three calls per candidate, input only.
 * Source: Li et al. 2023 (arXiv 2308.12032) and Superfiltering (arXiv 2402.00530). The paper trains on 1,000 pairs of
 * 100 clusters before it measures; here the model is asked as it is, which is what Superfiltering does.
 */
export const ifdStrategy = defineStrategy({
  name: 'ifd',
  summary: 'the pairs whose response the instruction helps least to say',
  source: 'Li et al. 2023 (arXiv 2308.12032); Superfiltering (arXiv 2402.00530).',
  needs: { embeddings: 'none', llm: false },
  options: ifdOptions,
  nested: () => true,
  prompts: [],
  measures: () => [IFD],
  prepare: async (context) => ({
    plan: { notes: [], measuring: await measuringPlan(context, [IFD]) },
    select: () =>
      selectMeasured(context, [IFD], (measured, count) => {
        const { highest } = context.options;
        const kept = measured.filter(({ values }) => values[0]! <= highest);
        if (kept.length < count) {
          throw new NotEnoughError(
            `You asked for ${context.count} instructions, but only ${kept.length} of ${measured.length} have an IFD of ${highest} or less.`,
            sentence`Raise ${option('highest')}${defaultNote(highest, HIGHEST)}, lower ${option('count')}, or add to the pool.`,
            kept.length,
          );
        }
        return kept
          .sort((a, b) => b.values[0]! - a.values[0]! || a.position - b.position)
          .slice(0, count)
          .map(({ position, values, reasons, model, costMicroUsd }, index) => ({
            position,
            rank: index + 1,
            score: values[0]!,
            reason: ['The response follows least from the instruction', ...reasons].join('; '),
            strategy: 'ifd',
            query: null,
            model,
            costMicroUsd,
          }));
      }),
  }),
});
