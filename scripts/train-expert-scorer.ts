/**
 * Fits the expert scorer that ships with winnow: data/expert-scorer.json, from ../shared/data/expert-pairs-train.csv and
 * expert-pairs-valid.csv together. The same command writes the same file, byte for byte. Its figure is out of fold:
 * nothing is chosen on pairs that it is measured on. Then measures it on the recorded preferences of GPT-4, which nothing
 * was fitted to.
 *
 *     npx tsx scripts/train-expert-scorer.ts [file to write]
 */
import { fileURLToPath } from 'node:url';
import { writeFileAtomically } from '../src/records/write-file-atomically.ts';
import { evaluateScorer } from '../src/selection/judges/expert/evaluate-scorer.ts';
import { createExpertScorer } from '../src/selection/judges/expert/expert-scorer.ts';
import { fitExpertScorer } from '../src/selection/judges/expert/fit-expert-scorer.ts';
import type { ExpertPair } from '../src/selection/judges/expert/pair-differences.ts';
import { readExpertPairs } from '../src/selection/judges/expert/read-expert-pairs.ts';
import { encodeScorerWeights } from '../src/selection/judges/expert/scorer-file.ts';
import { readJudgedPairs } from './judged-pairs.ts';

const SHARED = new URL('../../shared/data/', import.meta.url);
const SHIPPED = fileURLToPath(new URL('../data/expert-scorer.json', import.meta.url));

const read = (name: string) => readExpertPairs(fileURLToPath(new URL(name, SHARED)));
const pairs = [...(await read('expert-pairs-train.csv')), ...(await read('expert-pairs-valid.csv'))];
const weights = fitExpertScorer(pairs);
const target = process.argv[2] ?? SHIPPED;
await writeFileAtomically(target, encodeScorerWeights(weights));
console.log(`${target}\n${JSON.stringify(weights.training)}, ${weights.wording.buckets.length} buckets`);

const scorer = createExpertScorer(weights);
const judged = readJudgedPairs(SHARED) ?? [];
const judgedPairs = judged.map(({ instruction, answers, winner }) => {
  const [worse, better] = (winner === 1 ? [answers[1], answers[0]] : answers).map((response) => ({
    instruction,
    response,
  }));
  return { worse: worse!, better: better! };
});
show('GPT-4', judgedPairs);
for (const file of new Set(judged.map((pair) => pair.file))) {
  show(
    `GPT-4, ${file}`,
    judgedPairs.filter((_, i) => judged[i]!.file === file),
  );
}

function show(name: string, pairs: readonly ExpertPair[]): void {
  const { accuracy, interval, longer, gain, bands } = evaluateScorer(pairs, scorer);
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const range = (of: typeof interval) =>
    of === null ? '(too few to tell)' : `(${percent(of[0])} to ${percent(of[1])})`;
  console.log(
    `${name}: ${pairs.length} pairs, ${percent(accuracy)} ${range(interval)}; longer ${percent(longer.accuracy)}; gain ${percent(gain.accuracy)} ${range(gain.interval)}`,
  );
  for (const band of bands) console.log(`    ${band.name}: ${band.pairs} pairs, ${percent(band.accuracy)}`);
}
