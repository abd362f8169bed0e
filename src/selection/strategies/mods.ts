import { z } from 'zod';
import { NotEnoughError } from '../../domain/errors.ts';
import { option, sentence } from '../../domain/wording.ts';
import type { MeasureName } from '../measures/measure.ts';
import { type MeasuredCandidate, measuringPlan, selectMeasured } from '../measures/measuring.ts';
import { facilityLocationStrategy } from './facility-location.ts';
import { kCenterStrategy } from './k-center.ts';
import { kMeansStrategy } from './k-means.ts';
import { checkFieldAlone, defaultNote, scoredBy, scoreSpan, scoringOptions } from './scoring-options.ts';
import { defineStrategy, type StrategyContext } from './strategy.ts';
import { choice, normalizeOptions, number } from './strategy-options.ts';

/** The middle of the judges' scale from 0 to 5. */
const THRESHOLD = 2.5;
const COVERS = {
  'k-center': kCenterStrategy,
  'facility-location': facilityLocationStrategy,
  'k-means': kMeansStrategy,
};

const modsOptions = z.object({
  ...scoringOptions,
  criterion: choice(['quality', 'accuracy'])
    .optional()
    .describe('criterion of the judge')
    .meta({ value: 'name', defaultWords: 'accuracy if every instruction has a response, else quality' }),
  threshold: number.default(THRESHOLD).describe('lowest score to pick').meta({ value: 't' }),
  cover: choice(['k-center', 'facility-location', 'k-means'])
    .default('k-center')
    .describe('strategy that covers the rest')
    .meta({ value: 'name' }),
});

/**
 * MoDS, first two steps: candidates scored below the threshold are left out, and the picks cover the rest, with labeled
 * items as existing centres. The third step, necessity, needs a seed model and belongs to campaigns. The judge scores the
 * accuracy of the responses if all instructions have one, else the quality of the instructions alone; both from 0 to 5.
 * One judgment per candidate; ties, weights and time depend on the cover.
 * Source: Du et al., MoDS (arXiv 2311.15653) §3. The paper's code keeps what a reward model scores above 0, and silently
 * drops what cannot be scored; here it is left out and reported. The first centre is random, by the seed.
 */
export const modsStrategy = defineStrategy({
  name: 'mods',
  summary: 'leaves out what a judge scores low, covers the rest',
  source: 'Du et al., MoDS (arXiv 2311.15653).',
  needs: { embeddings: 'instructions', llm: false },
  options: modsOptions,
  checkOptions: ({ scoreField, criterion }) => {
    if (scoreField !== undefined) checkFieldAlone({ criterion });
  },
  nested: ({ cover }) => COVERS[cover].nested(normalizeOptions(COVERS[cover], {})),
  prompts: [],
  measures: (options, { hasResponses }) =>
    scoredBy(options, [options.criterion ?? (hasResponses ? 'accuracy' : 'quality')]),
  prepare: async (context) => {
    const names = [...context.measures.keys()];
    return {
      plan: { notes: [], measuring: await measuringPlan(context, names) },
      select: () => selectMeasured(context, names, (measured, count) => cover(context, names[0]!, measured, count)),
    };
  },
});

async function cover(
  context: StrategyContext<z.output<typeof modsOptions>>,
  measure: MeasureName,
  measured: readonly MeasuredCandidate[],
  count: number,
) {
  const { options } = context;
  const kept = new Map(
    measured.filter(({ values }) => values[0]! >= options.threshold).map((one) => [one.position, one]),
  );
  if (kept.size < count) {
    throw new NotEnoughError(
      `You asked for ${context.count} instructions, but only ${kept.size} of ${measured.length} are scored ${options.threshold} or better; ${scoreSpan(measured)}.`,
      sentence`Lower ${option('threshold')}${defaultNote(options.threshold, THRESHOLD)} or ${option('count')}, or add to the pool.`,
      kept.size,
    );
  }
  const weightOf = candidateWeights(context);
  const positions = [...kept.keys()];
  const strategy = COVERS[options.cover];
  const covering = await strategy.prepare({
    ...context,
    candidates: positions,
    count,
    options: normalizeOptions(strategy, {}),
    measures: new Map(),
    ...(weightOf ? { weights: Float64Array.from(positions, (position) => weightOf.get(position)!) } : {}),
  });
  const { picks } = await covering.select();
  return picks.map((picked) => {
    const { values, reasons, model, costMicroUsd } = kept.get(picked.position)!;
    const [score] = values as [number];
    return {
      ...picked,
      score,
      reason: `${picked.reason}; ${scoreNote(measure, score, reasons[0])}`,
      strategy: 'mods',
      model,
      costMicroUsd,
    };
  });
}

/** By position. Copies of a candidate may be picked in its place and have its weight. */
function candidateWeights({
  candidates,
  copies,
  weights,
}: Pick<StrategyContext, 'candidates' | 'copies' | 'weights'>): ReadonlyMap<number, number> | undefined {
  if (weights === undefined) return undefined;
  const of = new Map<number, number>();
  for (const [row, candidate] of candidates.entries()) {
    for (const position of [candidate, ...(copies?.get(candidate) ?? [])]) of.set(position, weights[row]!);
  }
  return of;
}

/** "quality 4.2 (clear and complete)". The reason of a field already names it. */
function scoreNote(measure: MeasureName, score: number, reason: string | undefined): string {
  if (measure === 'field') return reason ?? `scored ${score}`;
  return `${measure} ${score.toFixed(1)}${reason === undefined ? '' : ` (${reason})`}`;
}
