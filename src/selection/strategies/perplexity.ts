import { z } from 'zod';
import { type MeasuredCandidate, measuringPlan, selectMeasured } from '../measures/measuring.ts';
import { defineStrategy } from './strategy.ts';
import { choice } from './strategy-options.ts';

const perplexityOptions = z.object({
  prefer: choice(['high', 'low', 'middle']).default('middle').describe('which to pick').meta({ value: 'which' }),
});
type Preference = z.output<typeof perplexityOptions>['prefer'];

/**
 * The instructions with the highest, lowest or medium perplexity under a model, exp(−mean log-probability of a token);
 * ties → the lowest position. `middle`, the default, picks from the median outwards, as many below as above: one end of
 * the order is noise, the other is common phrases. Offline, the model is a character model of the pool. The score is the
 * perplexity. Seed, labels and weights have no effect. One call per candidate.
 * Source: the perplexity baselines of SelectLLM (arXiv 2401.16553), high, low and middle. Their code uses the perplexity
 * of a prediction; here it is that of the instruction.
 */
export const perplexityStrategy = defineStrategy({
  name: 'perplexity',
  summary: 'instructions of medium (or high, or low) perplexity under a model',
  source: 'Baselines of SelectLLM (arXiv 2401.16553).',
  needs: { embeddings: 'none', llm: false },
  options: perplexityOptions,
  nested: () => true,
  prompts: [],
  measures: () => ['likelihood'],
  prepare: async (context) => {
    const { prefer } = context.options;
    return {
      plan: { notes: [], measuring: await measuringPlan(context, ['likelihood']) },
      select: () =>
        selectMeasured(context, ['likelihood'], (measured, count) =>
          inOrder(measured, prefer)
            .slice(0, count)
            .map(({ position, values, reasons, model, costMicroUsd }, index) => {
              const perplexity = perplexityOf(values[0]!);
              return {
                position,
                rank: index + 1,
                score: perplexity,
                reason: [`Perplexity ${formatted(perplexity)}, ${PLACES[prefer]}`, ...reasons].join('; '),
                strategy: 'perplexity',
                query: null,
                model,
                costMicroUsd,
              };
            }),
        ),
    };
  },
});

const PLACES: Readonly<Record<Preference, string>> = {
  high: 'among the highest',
  low: 'among the lowest',
  middle: 'near the middle',
};

function inOrder(measured: readonly MeasuredCandidate[], prefer: Preference): MeasuredCandidate[] {
  const keys = keysFor(
    measured.map(({ values }) => values[0]!),
    prefer,
  );
  return [...measured.keys()]
    .sort((a, b) => keys[a]! - keys[b]! || measured[a]!.position - measured[b]!.position)
    .map((row) => measured[row]!);
}

/** Keys that are lowest for the preferred instructions. */
function keysFor(likelihoods: readonly number[], prefer: Preference): readonly number[] {
  if (prefer === 'high') return likelihoods;
  if (prefer === 'low') return likelihoods.map((likelihood) => -likelihood);
  const sorted = Float64Array.from(likelihoods).sort();
  const ranks = new Map<number, number>();
  for (let first = 0; first < sorted.length; ) {
    let end = first + 1;
    while (end < sorted.length && sorted[end] === sorted[first]) end += 1;
    // Equal values share their middle rank, doubled to keep it whole.
    ranks.set(sorted[first]!, first + end - 1);
    first = end;
  }
  return likelihoods.map((likelihood) => Math.abs(ranks.get(likelihood)! - (sorted.length - 1)));
}

/** Finite even when a model gives a text probability 0. */
function perplexityOf(meanLogprob: number): number {
  return Math.min(Math.exp(-meanLogprob), Number.MAX_VALUE);
}

function formatted(perplexity: number): string {
  return perplexity < 1_000
    ? perplexity.toPrecision(3)
    : Math.min(perplexity, 1e12).toLocaleString('en-US', { maximumFractionDigits: 0 });
}
