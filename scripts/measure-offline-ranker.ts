/**
 * Measures the offline ranker against the difficulty labels of ../shared/data/wizardlm-difficulty.jsonl: each feature,
 * the score as it ships, and, for comparison, weights fitted by ridge regression, out of fold. Writes nothing.
 *
 *     npx tsx scripts/measure-offline-ranker.ts
 */
import { readFileSync } from 'node:fs';
import { seededRandom } from '../src/math/random.ts';
import { spearman } from '../src/math/rank-correlation.ts';
import { appraise, RICHNESS_FEATURES } from '../src/models/offline/appraise.ts';
import { outOfFoldPredictions } from './ridge-regression.ts';

const FILE = new URL('../../shared/data/wizardlm-difficulty.jsonl', import.meta.url);
const REPEATS = 20;
const FOLDS = 10;
const RIDGE = 10;
const RESAMPLES = 2000;
const SEED = 1;

const rows = readFileSync(FILE, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { instruction: string; difficulty: number });
const difficulty = rows.map((row) => row.difficulty);
const appraisals = rows.map((row) => appraise(row));
const values = appraisals.map(({ value }) => value);
const round = (value: number) => value.toFixed(3);

console.log(`${rows.length} instructions, Spearman correlation with their difficulty`);
console.log(
  `  length in characters   ${round(
    spearman(
      rows.map((row) => row.instruction.length),
      difficulty,
    ),
  )}`,
);
RICHNESS_FEATURES.forEach((feature, i) => {
  const column = appraisals.map(({ richness }) => richness[i]!.value);
  console.log(`  ${feature.name.padEnd(22)} ${round(spearman(column, difficulty))}`);
});

const random = seededRandom(SEED, 'bootstrap');
const resampled = Array.from({ length: RESAMPLES }, () => {
  const sample = rows.map(() => random.below(rows.length));
  return spearman(
    sample.map((i) => values[i]!),
    sample.map((i) => difficulty[i]!),
  );
}).sort((a, b) => a - b);
const low = resampled[Math.floor(RESAMPLES * 0.025)]!;
const high = resampled[Math.floor(RESAMPLES * 0.975)]!;
console.log(
  `the score, equal weights  ${round(spearman(values, difficulty))}  (95 % of resamples: ${round(low)} to ${round(high)})`,
);

const matrix = appraisals.map(({ richness }) => richness.map(({ value }) => value));
const fitted = Array.from({ length: REPEATS }, (_, repeat) =>
  spearman(outOfFoldPredictions(matrix, difficulty, { folds: FOLDS, ridge: RIDGE, seed: SEED + repeat }), difficulty),
);
const mean = fitted.reduce((sum, rho) => sum + rho, 0) / REPEATS;
console.log(`fitted weights, ${REPEATS} × ${FOLDS}-fold  ${round(mean)}`);
