import { z } from 'zod';
import { takeRows } from '../../math/embedding-matrix.ts';
import { facilityLocation } from '../../math/facility-location.ts';
import { type MeasuredCandidate, measuringPlan, selectMeasured } from '../measures/measuring.ts';
import { UNCERTAINTY } from '../measures/uncertainty-measure.ts';
import { defineStrategy, type StrategyContext } from './strategy.ts';
import { choice } from './strategy-options.ts';

const uncertaintyOptions = z.object({
  by: choice(['mean-entropy', 'least-confidence', 'mean-margin', 'min-margin', 'max-token'])
    .default('mean-entropy')
    .describe("how an LLM's token probabilities become one number")
    .meta({ value: 'how' }),
  cover: choice(['none', 'facility-location'])
    .default('none')
    .describe('take the most uncertain, or cover all with uncertainty as weight')
    .meta({ value: 'name' }),
});
type UncertaintyContext = StrategyContext<z.output<typeof uncertaintyOptions>>;

/** The lightest candidate has at least this share of the heaviest one's weight. */
const LEAST_WEIGHT = 1e-6;

/**
 * The instructions whose answer the seed model is least sure of. The seed model is the campaign's latest one, or what
 * the responses of the labeled items make (retrieval, whose confidence is the agreement of neighbours); an LLM without a
 * seed model is asked itself. Of an LLM, `by` turns the log-probabilities of its answer into one number, see
 * `ANSWER_UNCERTAINTIES`. With `cover: facility-location` the uncertainty is each candidate's weight in facility
 * location, so that the picks are typical of what the model is unsure of. Weights multiply it there, and have no effect
 * otherwise. Ties → the lowest position. One answer per candidate.
 *
 * Source: Bhatt et al. 2024 (arXiv 2401.06692) §3.1–3.3, which asks the pretrained model once, before any label. The
 * answers there are whole; here their first 32 tokens count.
 */
export const uncertaintyStrategy = defineStrategy({
  name: 'uncertainty',
  summary: 'what the seed model is least sure of',
  source: 'Bhatt et al. 2024 (arXiv 2401.06692).',
  needs: { embeddings: 'instructions', llm: false },
  options: uncertaintyOptions,
  nested: () => true,
  prompts: [],
  measures: () => [UNCERTAINTY],
  prepare: async (context) => ({
    plan: { notes: [], measuring: await measuringPlan(context, [UNCERTAINTY]) },
    select: () =>
      selectMeasured(context, [UNCERTAINTY], async (measured, count) => {
        const rows =
          context.options.cover === 'none' ? leastSure(measured, count) : await cover(context, measured, count);
        return rows.map((row, index) => {
          const { position, values, reasons, model, costMicroUsd } = measured[row]!;
          return {
            position,
            rank: index + 1,
            score: values[0]!,
            reason: ['The model is unsure of its answer', ...reasons].join('; '),
            strategy: 'uncertainty',
            query: null,
            model,
            costMicroUsd,
          };
        });
      }),
  }),
});

function leastSure(measured: readonly MeasuredCandidate[], count: number): readonly number[] {
  const order = [...measured.keys()].sort((a, b) => measured[b]!.values[0]! - measured[a]!.values[0]! || a - b);
  return order.slice(0, count);
}

async function cover(
  { embeddings, labeled, candidates, weights, kernel, signal, onProgress }: UncertaintyContext,
  measured: readonly MeasuredCandidate[],
  count: number,
): Promise<readonly number[]> {
  const positions = measured.map(({ position }) => position);
  const given = new Map(candidates.map((position, index) => [position, weights?.[index] ?? 1]));
  const uncertainties = measured.map(({ position, values }) => values[0]! * given.get(position)!);
  const largest = uncertainties.reduce((most, one) => Math.max(most, one), 0) || 1;
  const { order } = await facilityLocation(takeRows(embeddings, positions), count, {
    kernel,
    existing: labeled,
    weights: Float64Array.from(uncertainties, (one) => Math.max(one / largest, LEAST_WEIGHT)),
    signal,
    onProgress,
  });
  return [...order];
}
