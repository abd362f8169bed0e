/**
 * Replays the later rounds of a campaign on labeled data: 100 labels by facility location, then three rounds of 50, with
 * every way of choosing those. All ways have the same splits, seed model and offline judge; as in a campaign, 500
 * instructions are answered and judged a round. Prints the mean ROUGE-L × 100 of the answers to held-out instructions
 * after the three rounds, and how far each way is from going on with facility location, paired by seed.
 *
 * What is done is kept in a file, so that the same command goes on after an interrupt.
 *
 *     npx tsx scripts/replay-necessity.ts <seeds> <file> dolly=dolly_3k.json t0=t0.jsonl.gz alpaca=train.csv,valid.csv
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import envPaths from 'env-paths';
import { DATA_SETS } from '../benchmark/data-sets.ts';
import { poolWeights } from '../src/campaign/failure-weights.ts';
import { embeddingText } from '../src/domain/instruction.ts';
import { coveringSample } from '../src/math/covering-sample.ts';
import { createMatrixKernel } from '../src/math/create-matrix-kernel.ts';
import { type EmbeddingMatrix, takeRows } from '../src/math/embedding-matrix.ts';
import { facilityLocation } from '../src/math/facility-location.ts';
import { kCenter } from '../src/math/k-center.ts';
import { groupNearDuplicates } from '../src/math/near-duplicates.ts';
import { holm, pairedDifference } from '../src/math/paired-difference.ts';
import { seededRandom } from '../src/math/random.ts';
import { mean } from '../src/math/statistics.ts';
import { cachedEmbedder } from '../src/models/embedders/cached-embedder.ts';
import type { Embedder } from '../src/models/embedders/embedder.ts';
import { minilmEmbedder } from '../src/models/embedders/minilm-embedder.ts';
import { SqliteVectorCache } from '../src/models/embedders/sqlite-vector-cache.ts';
import { readPool } from '../src/records/read-pool.ts';
import { RougeLScorer } from '../src/runs/simulate/rouge-l-scorer.ts';
import { drawSplit, splitSizes } from '../src/runs/simulate/split.ts';
import { TextVectors } from '../src/runs/simulate/text-vectors.ts';
import { NECESSITY } from '../src/selection/judges/criteria.ts';
import { offlineJudge } from '../src/selection/judges/offline-judge.ts';
import { nearestResponses } from '../src/trainers/nearest-neighbour.ts';

const SEED_LABELS = 100;
const ROUNDS = 3;
const LABELS_A_ROUND = 50;
const EVALUATED = 500;
const THRESHOLD = 6;
const DUPLICATE = 0.98;

/** Where a round stands. Rows are those of the pool. */
interface Round {
  readonly vectors: EmbeddingMatrix;
  readonly open: readonly number[];
  readonly labeled: readonly number[];
  /** Judged answers, by row. */
  readonly scores: () => Promise<ReadonlyMap<number, number>>;
  readonly seed: number;
}
type Way = (round: Round) => Promise<readonly number[]>;

const GO_ON = 'pool, failureWeight 0';
const WAYS: Readonly<Record<string, Way>> = {
  [GO_ON]: (round) => cover(round, round.open),
  'pool, failureWeight 3': overPool(3),
  'cover: failures alone, weighted': async (round) => {
    const scores = await round.scores();
    const failures = failuresOf(round, scores);
    const weights = Float64Array.from(failures, (row) => Math.max(THRESHOLD - scores.get(row)!, Number.EPSILON));
    return cover(round, failures, weights);
  },
  'mods: failures alone, k-center': async (round) => {
    const failures = failuresOf(round, await round.scores());
    const count = Math.min(LABELS_A_ROUND, failures.length);
    const existing = takeRows(round.vectors, round.labeled);
    const { order } = await kCenter(takeRows(round.vectors, failures), count, { kernel, existing });
    return Array.from(order, (row) => failures[row]!);
  },
  random: async ({ open, seed, labeled }) =>
    seededRandom(seed, 'replay', labeled.length)
      .shuffle([...open])
      .slice(0, LABELS_A_ROUND),
};

const kernel = await createMatrixKernel();
const cache = new SqliteVectorCache(`${envPaths('winnow', { suffix: '' }).cache}/vectors.db`);
const vectors = new TextVectors(cachedEmbedder(minilmEmbedder(), cache));
const remembered: Embedder = { space: 'MiniLM', metered: false, embed: (texts) => vectors.of(texts) };
const judge = offlineJudge(NECESSITY, { embedder: remembered });
const [count = '10', file = 'replay-necessity.jsonl', ...named] = process.argv.slice(2);
const done = new Map<string, number>(
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as [string, number])
    : [],
);
for (const text of named) await replaySet(text.split('=')[0]!, text.slice(text.indexOf('=') + 1).split(','));
cache.close();
await kernel.release();

async function replaySet(name: string, files: readonly string[]): Promise<void> {
  const records = await DATA_SETS.find((set) => set.name === name)!.read(files);
  const { instructions } = await readPool([records]);
  const items = instructions.filter(({ output }) => output?.trim());
  const sizes = splitSizes(items.length, { heldOut: 500, sample: 0 });
  const results = new Map(Object.keys(WAYS).map((way) => [way, [] as number[]]));
  await vectors.of(items.flatMap((item) => [embeddingText(item), item.output!]));
  for (let seed = 0; seed < Number(count); seed += 1) {
    const split = drawSplit(items.length, sizes, seed);
    const take = (positions: readonly number[]) => positions.map((position) => items[position]!);
    const [pool, heldOut] = [take(split.pool), take(split.heldOut)];
    for (const [way, choose] of Object.entries(WAYS)) {
      const key = JSON.stringify([name, seed, way]);
      const reached = done.get(key) ?? (await replay(pool, heldOut, choose, seed));
      if (!done.has(key)) appendFileSync(file, `${JSON.stringify([key, reached])}\n`);
      results.get(way)!.push(reached);
    }
    console.error(`${name}: seed ${seed}`);
  }
  print(name, results);
}

type Items = readonly { readonly instruction: string; readonly input?: string; readonly output?: string }[];

/** ROUGE-L after each of the later rounds, mean of the three. */
async function replay(pool: Items, heldOut: Items, choose: Way, seed: number): Promise<number> {
  const x = await vectors.of(pool.map(embeddingText));
  const asked = await vectors.of(heldOut.map(embeddingText));
  const scorer = new RougeLScorer(heldOut.map(({ output }) => output!));
  const leader = await groupNearDuplicates(x, DUPLICATE, { kernel });
  const candidates = Array.from(leader.keys()).filter((row) => leader[row] === row);
  const answers = (to: EmbeddingMatrix, labeled: readonly number[]) =>
    nearestResponses(
      to,
      takeRows(x, labeled),
      labeled.map((row) => pool[row]!.output!),
      kernel,
    );
  const { order } = await facilityLocation(takeRows(x, candidates), SEED_LABELS, { kernel });
  let labeled = Array.from(order, (row) => candidates[row]!);
  const reached: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const taken = new Set(labeled);
    const open = candidates.filter((row) => !taken.has(row));
    const known = labeled;
    const scores = async () => {
      const random = seededRandom(seed, 'evaluate', round);
      const sample = await coveringSample(takeRows(x, open), EVALUATED, { kernel, random });
      const rows = Array.from(sample, (row) => open[row]!);
      const said = await answers(takeRows(x, rows), known);
      const judged = await Promise.all(
        rows.map(async (row, index) => {
          const { score } = await judge.judge({ ...pool[row]!, response: said[index]! }, { subject: '' });
          return [row, score] as const;
        }),
      );
      return new Map(judged);
    };
    labeled = [...labeled, ...(await choose({ vectors: x, open, labeled, scores, seed }))];
    const said = await answers(asked, labeled);
    reached.push(mean(said.map((answer, row) => scorer.score(answer, row).f1)));
  }
  return 100 * mean(reached);
}

function failuresOf({ open }: Round, scores: ReadonlyMap<number, number>): number[] {
  return open.filter((row) => (scores.get(row) ?? THRESHOLD) < THRESHOLD);
}

function overPool(failureWeight: number): Way {
  return async (round) => {
    const scores = await round.scores();
    return cover(round, round.open, poolWeights(round.open, { scores, threshold: THRESHOLD, failureWeight }));
  };
}

async function cover({ vectors: x, labeled }: Round, rows: readonly number[], weights?: Float64Array) {
  const { order } = await facilityLocation(takeRows(x, rows), Math.min(LABELS_A_ROUND, rows.length), {
    kernel,
    existing: takeRows(x, labeled),
    ...(weights ? { weights } : {}),
  });
  return Array.from(order, (row) => rows[row]!);
}

function print(set: string, results: ReadonlyMap<string, readonly number[]>): void {
  const base = results.get(GO_ON)!;
  const others = [...results].filter(([way]) => way !== GO_ON);
  const differences = new Map(others.map(([way, values]) => [way, pairedDifference(values, base)]));
  const adjusted = holm([...differences.values()].map(({ pValue }) => pValue ?? 1));
  console.log(`\n| ${set}, ${base.length} seeds | ROUGE-L | from going on (95 %) | p, Holm |\n|---|---|---|---|`);
  console.log(`| ${GO_ON} | ${mean(base).toFixed(2)} | – | – |`);
  for (const [index, [way, { mean: difference, interval }]] of [...differences].entries()) {
    const range = interval ? ` (${interval.low.toFixed(2)} to ${interval.high.toFixed(2)})` : '';
    const cells = [
      way,
      mean(results.get(way)!).toFixed(2),
      `${difference.toFixed(2)}${range}`,
      adjusted[index]!.toFixed(3),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}
