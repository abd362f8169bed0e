import { z } from 'zod';
import type { Pick } from '../../domain/selection.ts';
import { takeRows } from '../../math/embedding-matrix.ts';
import { facilityLocation, MOST_ROWS_LOCATED } from '../../math/facility-location.ts';
import type { Measure } from '../measures/measure.ts';
import { type MeasuredCandidate, measuringPlan, selectMeasured } from '../measures/measuring.ts';
import { scoredBy, scoringOptions } from './scoring-options.ts';
import { defineStrategy, type StrategyContext } from './strategy.ts';
import { number } from './strategy-options.ts';

const facilityLocationOptions = z.object({
  ...scoringOptions,
  qualityWeight: number
    .min(0, 'must be at least 0')
    .default(0)
    .describe('weight of quality scores beside coverage; 0 uses no scores')
    .meta({ value: 'a' }),
});
type FacilityLocationContext = StrategyContext<z.output<typeof facilityLocationOptions>>;

/**
 * Facility location: always the instruction that most raises the mean similarity of the candidates to the most similar
 * labeled or chosen one. So it picks where many candidates lie and nothing is chosen yet, outliers come last, and topics
 * that labeled items cover are not picked again. Ranked as picked: the first picks cover well for any number of them.
 * With weights, the weighted mean is raised. Nothing depends on the seed. O(n²·d + n·N·d);
 * of more than 50,000 candidates, in a sample.
 *
 * With `qualityWeight` α > 0 the mean quality of the picks is added α times, from 0 for the lowest to 1 for the highest
 * score of the scale (for a field: of the candidates). It is the quality of the responses if the pool has them, else of
 * the instructions. One judgment per candidate. A candidate without a usable score is not picked, but still covered.
 * Source: Lin & Bilmes 2011, A Class of Submodular Functions for Document Summarization; Minoux 1978 (lazy greedy);
 * QDIT (arXiv 2311.14736) for quality.
 */
export const facilityLocationStrategy = defineStrategy({
  name: 'facility-location',
  summary: 'always the one that makes the candidates most similar to the picks',
  source: 'Lin & Bilmes 2011, ACL-HLT; with quality: QDIT (arXiv 2311.14736).',
  needs: { embeddings: 'instructions', llm: false },
  usesMinutes: true,
  options: facilityLocationOptions,
  // The weight of quality beside coverage depends on the number of picks.
  nested: (options) => options.qualityWeight === 0,
  prompts: [],
  measures: (options, { hasResponses }) =>
    options.qualityWeight === 0 ? [] : scoredBy(options, [hasResponses ? 'accuracy' : 'quality']),
  prepare: async (context) => {
    const [name] = context.measures.keys();
    if (name === undefined) {
      return {
        plan: { notes: sampleNotes(context.candidates.length) },
        select: async () => ({ picks: await locate(context, rowsOf(context), context.count) }),
      };
    }
    return {
      plan: { notes: sampleNotes(context.candidates.length), measuring: await measuringPlan(context, [name]) },
      select: () =>
        selectMeasured(context, [name], async (measured, count) => {
          const { scale } = context.measures.get(name)!;
          const picks = await locate(context, withQualities(context, measured, scale), count);
          const of = new Map(measured.map((candidate) => [candidate.position, candidate]));
          return picks.map((pick) => withQuality(pick, name, of.get(pick.position)!));
        }),
    };
  },
});

/** That a sample stands for a large pool. */
function sampleNotes(candidates: number): string[] {
  if (candidates <= MOST_ROWS_LOCATED) return [];
  return [
    `Facility location looks at a sample of the ${candidates.toLocaleString('en-US')} candidates, because there are more than ${MOST_ROWS_LOCATED.toLocaleString('en-US')}.`,
  ];
}

/** A candidate to cover. */
interface Row {
  readonly position: number;
  readonly weight: number;
  /** Minutes; 1 where they do not count. */
  readonly cost: number;
  /** 0–1; absent when it must not be picked. */
  readonly quality?: number | undefined;
}

function rowsOf({ candidates, weights, minutes }: FacilityLocationContext): readonly Row[] {
  return candidates.map((position, index) => ({
    position,
    weight: weights?.[index] ?? 1,
    cost: minutes?.[index] ?? 1,
  }));
}

/** Every candidate, or the near-duplicate that may be picked in its place. Ascending. */
function withQualities(
  context: FacilityLocationContext,
  measured: readonly MeasuredCandidate[],
  scale: Measure['scale'],
): readonly Row[] {
  const shares = sharesOfScale(measured, scale);
  const qualities = new Map(measured.map(({ position }, index) => [position, shares[index]!]));
  const rows = rowsOf(context).map(({ position: candidate, weight, cost }) => {
    const group = [candidate, ...(context.copies?.get(candidate) ?? [])];
    const position = group.find((one) => qualities.has(one)) ?? candidate;
    return { position, weight, cost, quality: qualities.get(position) };
  });
  return rows.sort((a, b) => a.position - b.position);
}

async function locate(
  { embeddings, labeled, weights, minutes, options, kernel, signal, onProgress }: FacilityLocationContext,
  rows: readonly Row[],
  count: number,
): Promise<Pick[]> {
  const positions = rows.map(({ position }) => position);
  const { qualityWeight } = options;
  const { order, gains } = await facilityLocation(takeRows(embeddings, positions), count, {
    kernel,
    existing: labeled,
    ...(weights ? { weights: Float64Array.from(rows, ({ weight }) => weight) } : {}),
    ...(minutes ? { costs: Float64Array.from(rows, ({ cost }) => cost) } : {}),
    ...(qualityWeight > 0
      ? {
          quality: Float64Array.from(rows, ({ quality = 0 }) => quality),
          qualityWeight,
          eligible: Uint8Array.from(rows, ({ quality }) => (quality === undefined ? 0 : 1)),
        }
      : {}),
    signal,
    onProgress,
  });
  return Array.from(order, (row, index) => ({
    position: positions[row]!,
    rank: index + 1,
    score: gains[index]!,
    reason: 'Typical of many remaining questions',
    strategy: 'facility-location',
    query: null,
    model: null,
    costMicroUsd: 0,
  }));
}

/** Scores as shares of their scale, or of their own range if the scale is unbounded; 1 when all are equal. */
function sharesOfScale(measured: readonly MeasuredCandidate[], { min, max }: Measure['scale']): Float64Array {
  const scores = measured.map(({ values }) => values[0]!);
  const low = Number.isFinite(min) ? min : scores.reduce((a, b) => Math.min(a, b));
  const high = Number.isFinite(max) ? max : scores.reduce((a, b) => Math.max(a, b));
  return Float64Array.from(scores, (score) => (high > low ? (score - low) / (high - low) : 1));
}

function withQuality(pick: Pick, measure: string, { values, reasons, model, costMicroUsd }: MeasuredCandidate): Pick {
  const reason = [pick.reason, `${measure} ${values[0]!.toFixed(1)}`, ...reasons].join('; ');
  return { ...pick, reason, model, costMicroUsd };
}
