/**
 * Compares the seed models `retrieval` and `nearest-neighbour` after 400 random labels, on one half of each data set: mean
 * ROUGE-L × 100 of the answers to 500 held-out instructions, the difference paired by seed, and Spearman's correlation of
 * retrieval's confidence with the ROUGE-L of the answer. The other half is for choosing constants. Writes nothing.
 *
 *     npx tsx scripts/measure-retrieval.ts <seeds> dolly=dolly_3k.json t0=t0_train_50k.jsonl
 */
import envPaths from 'env-paths';
import { DATA_SETS } from '../benchmark/data-sets.ts';
import { measuringHalf } from '../benchmark/measuring-half.ts';
import { embeddingText } from '../src/domain/instruction.ts';
import { createMatrixKernel } from '../src/math/create-matrix-kernel.ts';
import { takeRows } from '../src/math/embedding-matrix.ts';
import { pairedDifference } from '../src/math/paired-difference.ts';
import { seededRandom } from '../src/math/random.ts';
import { spearman } from '../src/math/rank-correlation.ts';
import { mean, meanInterval } from '../src/math/statistics.ts';
import { cachedEmbedder } from '../src/models/embedders/cached-embedder.ts';
import { minilmEmbedder } from '../src/models/embedders/minilm-embedder.ts';
import { SqliteVectorCache } from '../src/models/embedders/sqlite-vector-cache.ts';
import { readPool } from '../src/records/read-pool.ts';
import { RougeLScorer } from '../src/runs/simulate/rouge-l-scorer.ts';
import { nearestResponses } from '../src/trainers/nearest-neighbour.ts';
import { Retrieval } from '../src/trainers/retrieval/retrieval-model.ts';

const LABELS = 400;
const HELD_OUT = 500;

const kernel = await createMatrixKernel();
const cache = new SqliteVectorCache(`${envPaths('winnow', { suffix: '' }).cache}/vectors.db`);
const embedder = cachedEmbedder(minilmEmbedder(), cache);
const [count = '10', ...named] = process.argv.slice(2);
const seeds = Array.from({ length: Number(count) }, (_, seed) => seed);
for (const text of named) await measureSet(text.split('=')[0]!, text.slice(text.indexOf('=') + 1).split(','));
cache.close();
await kernel.release();

async function measureSet(name: string, files: readonly string[]): Promise<void> {
  const records = await DATA_SETS.find((set) => set.name === name)!.read(files);
  const { instructions } = await readPool([await measuringHalf(records)]);
  const half = instructions.map((item) => ({ text: embeddingText(item), output: item.output! }));
  const vectors = await embedder.embed(half.map(({ text }) => text));
  const results: { readonly nearest: number; readonly retrieval: number; readonly correlation: number }[] = [];
  for (const seed of seeds) {
    const drawn = seededRandom(seed, 'measure-retrieval').shuffle([...half.keys()]);
    const [labeled, heldOut] = [drawn.slice(0, LABELS), drawn.slice(LABELS, LABELS + HELD_OUT)];
    const take = (rows: readonly number[]) => ({
      texts: rows.map((row) => half[row]!.text),
      vectors: takeRows(vectors, rows),
    });
    const responses = labeled.map((row) => half[row]!.output);
    const scorer = new RougeLScorer(heldOut.map((row) => half[row]!.output));
    const scores = (answers: readonly string[]) => answers.map((answer, row) => scorer.score(answer, row).f1);
    const questions = take(heldOut);
    const answers = await new Retrieval(take(labeled), responses, kernel).answers(questions);
    const reached = scores(answers.map(({ text }) => text));
    const nearest = await nearestResponses(questions.vectors, take(labeled).vectors, responses, kernel);
    results.push({
      nearest: 100 * mean(scores(nearest)),
      retrieval: 100 * mean(reached),
      correlation: spearman(
        answers.map(({ confidence }) => confidence),
        reached,
      ),
    });
  }
  const of = (what: keyof (typeof results)[number]) => results.map((result) => result[what]);
  const gain = pairedDifference(of('retrieval'), of('nearest'));
  const confidence = meanInterval(of('correlation'));
  const heldOut = Math.min(HELD_OUT, half.length - LABELS);
  console.log(
    `${name}: ${half.length} of ${records.length} records, ${LABELS} labels, ${heldOut} held out, ${results.length} seeds`,
  );
  console.log(`  nearest-neighbour  ${mean(of('nearest')).toFixed(2)}`);
  console.log(`  retrieval          ${mean(of('retrieval')).toFixed(2)}`);
  console.log(`  difference         ${gain.mean.toFixed(2)}  ${range(gain.interval)}`);
  console.log(`  confidence         ${confidence.mean.toFixed(3)}  ${range(confidence.interval, 3)}`);
}

function range(interval: { readonly low: number; readonly high: number } | null | undefined, digits = 2): string {
  return interval ? `(95 %: ${interval.low.toFixed(digits)} to ${interval.high.toFixed(digits)})` : '';
}
