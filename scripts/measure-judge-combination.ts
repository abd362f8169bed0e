/**
 * Would a combination of six figures judge better than the offline judge? Fits a regularised logistic ranker to the
 * differences of the figures of the recorded pairs of ../shared/data/judged-*.jsonl: the expert score, the offline
 * judge's value, substance, flaws, log length and cosine. Prints how often it agrees with the winner, out of fold, for
 * each penalty and for a penalty chosen within the folds, and how well it tells an instruction's own response from one of
 * another instruction. Pairs of one instruction are in one fold. Writes nothing.
 *
 *     npx tsx scripts/measure-judge-combination.ts
 */
import { readFileSync } from 'node:fs';
import { seededRandom } from '../src/math/random.ts';
import { mean } from '../src/math/statistics.ts';
import { fitLogisticRanker } from '../src/selection/judges/expert/fit-logistic-ranker.ts';
import { shippedExpertScorer } from '../src/selection/judges/expert/scorer-file.ts';
import { shareAbove } from '../src/selection/judges/judge-calibration.ts';
import { substance } from '../src/selection/judges/offline/response-content.ts';
import { RESPONSE_FLAWS } from '../src/selection/judges/offline/response-flaws.ts';
import { readResponse } from '../src/selection/judges/offline/response-reading.ts';
import { judgeResponse } from '../src/selection/judges/offline/verdicts.ts';
import {
  agreementItems,
  COSINES_FILE,
  judgedPairs,
  type RecordedCosines,
  type RespondedItem,
} from '../test/selection/judges/offline/agreement-items.ts';
import { agreement } from './judged-pairs.ts';

const FIGURES = ['expert score', 'offline judge', 'substance', 'flaws', 'log length', 'cosine'];
const PENALTIES = [0.01, 0.1, 1, 10, 100];
const FOLDS = 10;
const INNER_FOLDS = 5;
const REPEATS = 10;

if (judgedPairs === undefined) throw new Error('The recorded reviews are missing.');
const pairs = judgedPairs;
const items = agreementItems();
const recorded = JSON.parse(readFileSync(COSINES_FILE, 'utf8')) as Record<keyof typeof items, RecordedCosines>;
const scorer = shippedExpertScorer();
const answers = figuresOf('answers');
const scales = FIGURES.map((_, j) => {
  const middle = mean(answers.map((row) => row[j]!));
  return Math.sqrt(mean(answers.map((row) => (row[j]! - middle) ** 2)));
});
const differences = pairs.map(({ winner }, pair) =>
  FIGURES.map((_, j) => (winner * (answers[2 * pair]![j]! - answers[2 * pair + 1]![j]!)) / scales[j]!),
);
const all = [...pairs.keys()];

console.log(`${pairs.length} pairs, out of fold, mean of ${REPEATS} times ${FOLDS} folds`);
for (const penalty of PENALTIES) {
  const agreed = Array.from({ length: REPEATS }, (_, seed) => crossValidated(all, () => penalty, FOLDS, seed));
  const weights = [...ranker(all, penalty)].map((weight) => weight.toFixed(3)).join(' ');
  console.log(`  penalty ${String(penalty).padEnd(5)} ${percent(mean(agreed))}   weights ${weights}`);
}
const nested = Array.from({ length: REPEATS }, (_, seed) =>
  crossValidated(all, (training) => bestPenalty(training, seed), FOLDS, REPEATS + seed),
);
console.log(`  chosen within the folds ${percent(mean(nested))}`);
for (const [j, name] of FIGURES.entries()) {
  console.log(`  ${name} alone ${percent(mean(differences.map((row) => agreement(1, [row[j]!, 0]))))}`);
}
const weights = ranker(all, 1);
const combined = (name: 'own' | 'shuffled') =>
  figuresOf(name).map((row) => row.reduce((sum, value, j) => sum + (weights[j]! * value) / scales[j]!, 0));
const judged = (name: 'own' | 'shuffled') => figuresOf(name).map((row) => row[1]!);
console.log('An own response above one of another instruction, on the demo pool:');
console.log(`  combination, penalty 1 ${percent(shareAbove(combined('own'), combined('shuffled')))}`);
console.log(`  offline judge          ${percent(shareAbove(judged('own'), judged('shuffled')))}`);

function figuresOf(name: keyof typeof items): number[][] {
  return items[name].map((item: RespondedItem, i) => {
    const cosine = recorded[name].cosines[i]!;
    const reading = readResponse(item);
    const flaws = RESPONSE_FLAWS.reduce((product, { keeps }) => product * keeps(reading), 1);
    const length = Math.log1p(item.response.length);
    return [scorer.score(item), judgeResponse(item, cosine).value, substance(reading), flaws, length, cosine];
  });
}

function ranker(rows: readonly number[], penalty: number): Float64Array {
  const columns = [...FIGURES.keys()];
  const given = rows.map((row) => ({ columns, values: differences[row]!, weight: 1 }));
  return fitLogisticRanker(given, new Float64Array(FIGURES.length).fill(penalty));
}

/** The share of pairs whose winner is told right by a fit without their fold. */
function crossValidated(
  rows: readonly number[],
  penaltyFor: (training: readonly number[]) => number,
  folds: number,
  seed: number,
): number {
  const instructions = [...new Set(rows.map((row) => pairs[row]!.instruction))];
  const shuffled = seededRandom(seed, 'folds').shuffle(instructions);
  const foldOf = new Map(shuffled.map((instruction, place) => [instruction, place % folds]));
  const isIn = (row: number, fold: number) => foldOf.get(pairs[row]!.instruction) === fold;
  let agreed = 0;
  for (let fold = 0; fold < folds; fold += 1) {
    const training = rows.filter((row) => !isIn(row, fold));
    const fitted = ranker(training, penaltyFor(training));
    for (const row of rows.filter((one) => isIn(one, fold))) {
      const margin = differences[row]!.reduce((sum, value, j) => sum + fitted[j]! * value, 0);
      agreed += agreement(1, [margin, 0]);
    }
  }
  return agreed / rows.length;
}

/** Ties → the stronger one. */
function bestPenalty(training: readonly number[], seed: number): number {
  const values = PENALTIES.map((penalty) => crossValidated(training, () => penalty, INNER_FOLDS, seed));
  return PENALTIES[values.lastIndexOf(Math.max(...values))]!;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
