import { coverage, redundancy } from '../../math/coverage.ts';
import { hasDirection, takeRows } from '../../math/embedding-matrix.ts';
import { dotProduct } from '../../math/exact-distance.ts';
import { mean } from '../../math/statistics.ts';
import { answerKey, isShortAnswer } from '../../text/rouge-words.ts';
import type { Simulation } from './open-simulation.ts';
import type { SeedPool } from './seed-pool.ts';
import type { Metric } from './simulation-result.ts';

/** A selection and what the model trained on it answers. */
export interface AnsweredCell {
  /** Of the pool. */
  readonly rows: readonly number[];
  /** Parallel to the held-out instructions; null where the model could not read one. */
  readonly answers: readonly (string | null)[];
}

export interface MeasuredCell {
  readonly metrics: Record<Metric, number | null>;
  /** What else must be known of them. */
  readonly notes: readonly string[];
}

/**
 * Every metric of a cell, see `METRICS`. An answer that is missing or blank is as unlike the true response as can be:
 * 0 by ROUGE-L, 0 by cosine (an empty text has a vector too, which is not used), no match. By cosine, true responses
 * without a usable vector are left out.
 */
export async function measureCell(
  simulation: Simulation,
  pool: SeedPool,
  { rows, answers }: AnsweredCell,
): Promise<MeasuredCell> {
  const { kernel } = simulation;
  const labels = takeRows(pool.vectors, rows);
  const said = answers.map((answer) => answer ?? '');
  const cosine = await meanCosine(simulation, pool, said);
  const metrics = {
    rougeL: mean(said.map((answer, row) => pool.scorer.score(answer, row).f1)),
    cosine: cosine.mean,
    exactMatch: exactMatches(
      said,
      pool.heldOut.map(({ output }) => output),
    ),
    categories: categoriesReached(simulation, pool, rows),
    radius: (await coverage(pool.vectors, labels, { kernel })).radius,
    redundancy: await redundancy(labels, kernel),
  };
  return { metrics, notes: cosine.notes };
}

async function meanCosine(
  { vectors, settings }: Pick<Simulation, 'vectors' | 'settings'>,
  { heldOut }: Pick<SeedPool, 'heldOut'>,
  said: readonly string[],
): Promise<{ readonly mean: number | null; readonly notes: readonly string[] }> {
  const options = { signal: settings.signal };
  const truth = await vectors.of(
    heldOut.map(({ output }) => output),
    options,
  );
  const known = said.flatMap((_, row) => (hasDirection(truth, row) ? [row] : []));
  const asked = known.filter((row) => said[row]!.trim() !== '');
  const answered =
    asked.length === 0
      ? undefined
      : await vectors.of(
          asked.map((row) => said[row]!),
          options,
        );
  const like = asked.flatMap((row, at) => (hasDirection(answered!, at) ? [dotProduct(answered!, at, truth, row)] : []));
  const [left, unlike] = [said.length - known.length, asked.length - like.length];
  return {
    mean: known.length === 0 ? null : like.reduce((sum, cosine) => sum + cosine, 0) / known.length,
    notes: [
      ...(left > 0 ? [`cosine is the mean of ${known.length} held-out responses; ${left} have no usable vector`] : []),
      ...(unlike > 0
        ? [
            unlike === 1
              ? '1 answer without a usable vector counts as cosine 0'
              : `${unlike} answers without a usable vector count as cosine 0`,
          ]
        : []),
    ],
  };
}

/**
 * The share of answers that match word for word, among those to instructions whose true response is short; null where
 * none is. @param truth parallel to the answers
 */
export function exactMatches(answers: readonly string[], truth: readonly string[]): number | null {
  const short = truth.flatMap((response, row) => (isShortAnswer(response) ? [row] : []));
  if (short.length === 0) return null;
  return mean(short.map((row) => (answerKey(answers[row]!) === answerKey(truth[row]!) ? 1 : 0)));
}

/** null where the pool has no categories. */
function categoriesReached({ data }: Simulation, { positions }: SeedPool, rows: readonly number[]): number | null {
  const namesOf = (chosen: readonly number[]) =>
    new Set(chosen.flatMap((position) => data.categories.of[position] ?? []));
  const all = namesOf(positions);
  return all.size === 0 ? null : namesOf(rows.map((row) => positions[row]!)).size / all.size;
}
