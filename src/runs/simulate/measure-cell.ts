import { coverage, redundancy } from '../../math/coverage.ts';
import { type EmbeddingMatrix, takeRows } from '../../math/embedding-matrix.ts';
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

/**
 * Every metric of a cell, see `METRICS`. An answer that is missing or blank is as unlike the true response as can be:
 * 0 by ROUGE-L, 0 by cosine (an empty text has a vector too, which is not used), no match.
 */
export async function measureCell(
  simulation: Simulation,
  pool: SeedPool,
  { rows, answers }: AnsweredCell,
): Promise<Record<Metric, number | null>> {
  const { kernel } = simulation;
  const labels = takeRows(pool.vectors, rows);
  const said = answers.map((answer) => answer ?? '');
  return {
    rougeL: mean(said.map((answer, row) => pool.scorer.score(answer, row).f1)),
    cosine: await meanCosine(simulation, pool, said),
    exactMatch: exactMatches(
      said,
      pool.heldOut.map(({ output }) => output),
    ),
    categories: categoriesReached(simulation, pool, rows),
    radius: (await coverage(pool.vectors, labels, { kernel })).radius,
    redundancy: await redundancy(labels, kernel),
  };
}

async function meanCosine(simulation: Simulation, pool: SeedPool, said: readonly string[]): Promise<number> {
  const { vectors, settings } = simulation;
  const asked = said.flatMap((answer, row) => (answer.trim() === '' ? [] : [row]));
  if (asked.length === 0) return 0;
  const options = { signal: settings.signal };
  const answered = await vectors.of(
    asked.map((row) => said[row]!),
    options,
  );
  const truth = await vectors.of(
    asked.map((row) => pool.heldOut[row]!.output),
    options,
  );
  return rowCosines(answered, truth).reduce((sum, cosine) => sum + cosine, 0) / said.length;
}

function rowCosines(a: EmbeddingMatrix, b: EmbeddingMatrix): number[] {
  return Array.from({ length: a.rows }, (_, row) => dotProduct(a, row, b, row));
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
