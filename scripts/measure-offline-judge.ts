/**
 * Measures the offline judge: how often it prefers the answer GPT-4 preferred, beside longer-answer-wins, on the recorded
 * reviews of ../shared/data/judged-*.jsonl; the same on expert-revised pairs, which nothing was chosen by; and how well it
 * tells an instruction's own response from a random other one and from that of the nearest of 100 labeled instructions.
 * Equal scores count half. Writes nothing.
 *
 *     npx tsx scripts/measure-offline-judge.ts
 */
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { embeddingText } from '../src/domain/instruction.ts';
import { dotProduct } from '../src/math/exact-distance.ts';
import { seededRandom } from '../src/math/random.ts';
import { cachedEmbedder } from '../src/models/embedders/cached-embedder.ts';
import { minilmEmbedder } from '../src/models/embedders/minilm-embedder.ts';
import { NECESSITY } from '../src/selection/judges/criteria.ts';
import type { JudgedItem } from '../src/selection/judges/judge.ts';
import { offlineJudge } from '../src/selection/judges/offline-judge.ts';
import { agreement, type JudgedPair, readJudgedPairs } from './judged-pairs.ts';

const SHARED = new URL('../../shared/data/', import.meta.url);
const POOL = new URL('../data/pool.jsonl', import.meta.url);
const RESAMPLES = 2000;
const SEED = 1;
const LABELED = 100;
const THRESHOLD = 6;

interface Pair extends JudgedItem {
  readonly response: string;
}

// Most texts are judged more than once.
const vectorOf = new Map<string, Float32Array>();
const embedder = cachedEmbedder(minilmEmbedder(), {
  get: (_, hashes) => hashes.map((hash) => vectorOf.get(hash)),
  put: (_, hashes, vectors) => {
    for (const [i, hash] of hashes.entries()) {
      const vector = vectors[i];
      if (vector) vectorOf.set(hash, vector.slice());
    }
  },
  refused: () => new Set(),
});
const judge = offlineJudge(NECESSITY, { embedder });
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

async function scoresOf(items: readonly JudgedItem[]): Promise<number[]> {
  const judgments = await Promise.all(items.map((item) => judge.judge(item, { subject: 'measurement' })));
  return judgments.map(({ score }) => score);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The middle 95 % of the means of resamples. */
function interval(values: readonly number[]): string {
  const random = seededRandom(SEED, 'bootstrap');
  const means = Array.from({ length: RESAMPLES }, () => mean(values.map(() => values[random.below(values.length)]!)));
  means.sort((a, b) => a - b);
  return `${percent(means[Math.floor(RESAMPLES * 0.025)]!)} to ${percent(means[Math.floor(RESAMPLES * 0.975)]!)}`;
}

async function printAgreement(name: string, pairs: readonly Omit<JudgedPair, 'file'>[], input?: readonly string[]) {
  const items = pairs.flatMap(({ instruction, answers }, i) =>
    answers.map((response) => ({ instruction, response, ...(input?.[i] ? { input: input[i] } : {}) })),
  );
  const scores = await scoresOf(items);
  const judged = pairs.map(({ winner }, i) => agreement(winner, [scores[2 * i]!, scores[2 * i + 1]!]));
  const longer = pairs.map(({ winner, answers }) => agreement(winner, [answers[0].length, answers[1].length]));
  const gain = judged.map((value, i) => value - longer[i]!);
  const ties = pairs.filter((_, i) => scores[2 * i] === scores[2 * i + 1]).length;
  console.log(
    `  ${name.padEnd(9)} ${String(pairs.length).padStart(4)} pairs: judge ${percent(mean(judged))} (${interval(judged)}; ` +
      `${ties} equal), longer ${percent(mean(longer))}, gain ${percent(mean(gain))} (${interval(gain)})`,
  );
}

/** "Instruction: … Input: … Response: …", the original in one row and its revision in the next. */
function readExpertPairs(): { pairs: Omit<JudgedPair, 'file'>[]; inputs: string[] } {
  const rows = parse(readFileSync(new URL('expert-pairs-valid.csv', SHARED)), { columns: true }) as { src: string }[];
  const read = ({ src }: { src: string }) =>
    // Escapes appear on one side only; the judge must not see them.
    /^Instruction: (.*?)(?: Input: (.*?))? Response: (.*)$/s.exec(
      src
        .replace(/\\n/g, '\n')
        .replace(/\\u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    );
  const pairs: Omit<JudgedPair, 'file'>[] = [];
  const inputs: string[] = [];
  for (let i = 0; i + 1 < rows.length; i += 2) {
    const [original, revised] = [read(rows[i]!), read(rows[i + 1]!)];
    // Where the instruction was revised too, the responses answer different things.
    if (!original || !revised || original[1] !== revised[1] || original[3] === revised[3]) continue;
    // The side changes, so that a judge with a favourite side gains nothing.
    const swap = pairs.length % 2 === 1;
    pairs.push({
      instruction: original[1]!,
      answers: swap ? [revised[3]!, original[3]!] : [original[3]!, revised[3]!],
      winner: swap ? 1 : -1,
    });
    inputs.push(original[2] ?? '');
  }
  return { pairs, inputs };
}

function readPairs(url: URL): Pair[] {
  return readFileSync(url, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { instruction: string; input?: string; output?: string })
    .filter(({ output }) => output !== undefined && output !== '')
    .map(({ instruction, input, output }) => ({ instruction, response: output!, ...(input ? { input } : {}) }));
}

/** The chance that a random one of `high` is above a random one of `low`. */
function areaUnderCurve(high: readonly number[], low: readonly number[]): number {
  return mean(high.map((a) => mean(low.map((b) => (a > b ? 1 : a === b ? 0.5 : 0)))));
}

async function printFit(name: string, items: readonly Pair[]) {
  const random = seededRandom(SEED, name);
  const strangers = items.map((item, i) => ({
    ...item,
    response: items[(i + 1 + random.below(items.length - 1)) % items.length]!.response,
  }));
  const vectors = await embedder.embed(items.map((item) => embeddingText(item)));
  const shuffled = random.shuffle([...items.keys()]);
  const labeled = shuffled.slice(0, LABELED);
  const neighbours = shuffled.slice(LABELED).map((i) => {
    const nearest = labeled.reduce((best, j) =>
      dotProduct(vectors, i, vectors, j) > dotProduct(vectors, i, vectors, best) ? j : best,
    );
    return { ...items[i]!, response: items[nearest]!.response };
  });
  const own = await scoresOf(items);
  const passing = (scores: readonly number[]) => percent(mean(scores.map((score) => (score >= THRESHOLD ? 1 : 0))));
  const random_ = await scoresOf(strangers);
  const nearest = await scoresOf(neighbours);
  console.log(
    `  ${name.padEnd(9)} ${items.length} items: own ${passing(own)}, random other ${passing(random_)}, nearest labeled ` +
      `${passing(nearest)}; AUC own over random ${areaUnderCurve(own, random_).toFixed(3)}, over nearest ${areaUnderCurve(own, nearest).toFixed(3)}`,
  );
}

const judged = readJudgedPairs(SHARED);
if (judged === undefined) throw new Error(`The recorded reviews are not in ${SHARED.pathname}.`);
console.log(`${judge.name}: agreement with the winner GPT-4 named in both orders`);
for (const file of new Set(judged.map((pair) => pair.file))) {
  await printAgreement(
    file,
    judged.filter((pair) => pair.file === file),
  );
}
await printAgreement('all', judged);
const expert = readExpertPairs();
console.log('the same for expert-revised responses, which no constant was chosen by');
await printAgreement('experts', expert.pairs, expert.inputs);
console.log(`share of responses with ${THRESHOLD} of 10 and more`);
await printFit('dolly-3k', readPairs(new URL('dolly-3k.jsonl', SHARED)));
await printFit('demo pool', readPairs(POOL));
