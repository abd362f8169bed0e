import { z } from 'zod';
import { NotEnoughError } from '../../domain/errors.ts';
import { option, sentence } from '../../domain/wording.ts';
import { takeRows } from '../../math/embedding-matrix.ts';
import { thresholdDiversity } from '../../math/threshold-diversity.ts';
import { type MeasuredCandidate, measuringPlan, selectMeasured } from '../measures/measuring.ts';
import { scoredBy, scoringOptions } from './scoring-options.ts';
import { defineStrategy, type StrategyContext } from './strategy.ts';
import { number } from './strategy-options.ts';

const EARLIER_TURNS = 'earlier-turns';

const deitaOptions = z.object({
  ...scoringOptions,
  threshold: number
    .min(-1, 'must be a cosine from −1 to 1')
    .max(1, 'must be a cosine from −1 to 1')
    .default(0.9)
    .describe('highest cosine similarity to a chosen item')
    .meta({ value: 't' }),
});

/**
 * DEITA: complexity of the instruction times quality of the response, best first, skipping items whose cosine to a chosen
 * or labeled item is above the threshold. Of a conversation it is the sum of these products over the turns. Ties in the order of the pool; weights are ignored. Two judgments per
 * candidate, or one field with the score.
 * Source: Liu et al., DEITA (arXiv 2312.15685) §2.
 * Different from the paper's code: items that cannot be scored are left out and reported, instead of scored 3.0.
 */
export const deitaStrategy = defineStrategy({
  name: 'deita',
  summary: 'complexity × quality, best first, nothing too similar to what is chosen',
  source: 'Liu et al., DEITA (arXiv 2312.15685).',
  needs: { embeddings: 'instructions', llm: false },
  options: deitaOptions,
  nested: () => true,
  prompts: [],
  measures: (options, { hasEarlierTurns = false }) =>
    scoredBy(options, ['complexity', 'response-quality', ...(hasEarlierTurns ? [EARLIER_TURNS] : [])]),
  prepare: async (context) => {
    const names = [...context.measures.keys()];
    return {
      plan: { notes: [], measuring: await measuringPlan(context, names) },
      select: () => selectMeasured(context, names, (measured, count) => walk(context, measured, count)),
    };
  },
});

async function walk(
  context: StrategyContext<z.output<typeof deitaOptions>>,
  measured: readonly MeasuredCandidate[],
  count: number,
) {
  const { embeddings, labeled, kernel, signal, onProgress } = context;
  const { threshold } = context.options;
  const hasEarlierTurns = context.measures.has(EARLIER_TURNS);
  const scores = measured.map(({ values }) => {
    const earlier = hasEarlierTurns ? values.at(-1)! : 0;
    const own = hasEarlierTurns ? values.slice(0, -1) : values;
    return own.reduce((product, value) => product * value, 1) + earlier;
  });
  const rows = takeRows(
    embeddings,
    measured.map(({ position }) => position),
  );
  const order = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]! || a - b);
  const { kept } = await thresholdDiversity(rows, order, {
    threshold,
    count,
    kernel,
    existing: labeled,
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onProgress } : {}),
  });
  if (kept.length < count) {
    throw new NotEnoughError(
      `You asked for ${context.count} instructions, but only ${kept.length} of ${measured.length} differ enough: no two may have a cosine above ${threshold}.`,
      sentence`Raise ${option('threshold')} or lower ${option('count')}.`,
      kept.length,
    );
  }
  return Array.from(kept, (row, index) => {
    const { position, values, reasons, model, costMicroUsd } = measured[row]!;
    const product =
      values.length >= 2 ? [`Complexity ${values[0]!.toFixed(1)} × quality ${values[1]!.toFixed(1)}`] : [];
    return {
      position,
      rank: index + 1,
      score: scores[row]!,
      reason: [...product, ...reasons].join('; '),
      strategy: 'deita',
      query: null,
      model,
      costMicroUsd,
    };
  });
}
