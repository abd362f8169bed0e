/**
 * A campaign of 100 + 100 + 100 labels on Dolly beside campaigns that draw their instructions at random, with the same
 * budget, trainer and judge, over three seeds. 500 records are kept for testing and are in no pool. Prints the table that
 * the README shows. Usage: npx tsx scripts/compare-campaigns.ts <dolly-3k.jsonl>
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { wordF1 } from '../src/campaign/agreement.ts';
import { seededRandom } from '../src/math/random.ts';
import { openCampaign } from '../src/runs/campaign/campaign.ts';
import { annotate, knownResponses } from './simulated-annotator.ts';

const LABELS_A_ROUND = 100;
const ROUNDS = 3;
const TEST_RECORDS = 500;
const SEEDS = [1, 2, 3];

const ARMS: Readonly<Record<string, string>> = {
  random: '{ seed: { strategy: random, count: N }, necessity: { count: N, select: random, evaluate: 3000 }, most: 3 }',
  'selectllm, then necessity (facility-location)':
    '{ seed: { strategy: selectllm, count: N }, necessity: { count: N, evaluate: 3000 }, most: 3 }',
  'k-means, then necessity (facility-location)':
    '{ seed: { strategy: k-means, count: N }, necessity: { count: N, evaluate: 3000 }, most: 3 }',
  'k-center, then necessity (k-center): MoDS':
    '{ seed: { strategy: k-center, count: N }, necessity: { count: N, cover: k-center, weighted: false, evaluate: 3000 }, most: 3 }',
};

interface Measured {
  readonly testScore: number;
  readonly failureRate: number;
  readonly wordF1: number;
}

const [dolly] = process.argv.slice(2);
if (dolly === undefined) throw new Error('Usage: npx tsx scripts/compare-campaigns.ts <dolly-3k.jsonl>');
const records = readFileSync(dolly, 'utf8').trim().split('\n');
for (const [name, rounds] of Object.entries(ARMS)) {
  const runs: Measured[][] = [];
  for (const seed of SEEDS) runs.push(await campaign(rounds.replaceAll('N', String(LABELS_A_ROUND)), seed));
  for (let round = 0; round < ROUNDS; round += 1) {
    const column = (key: keyof Measured) => spread(runs.map((run) => run[round]![key]));
    const cells = [name, (round + 1) * LABELS_A_ROUND, column('testScore'), column('failureRate'), column('wordF1')];
    console.log(`| ${cells.join(' | ')} |`);
  }
}

async function campaign(rounds: string, seed: number): Promise<Measured[]> {
  const folder = mkdtempSync(join(tmpdir(), 'winnow-compare-'));
  try {
    const shuffled = seededRandom(seed, 'split').shuffle(records);
    writeFileSync(join(folder, 'test.jsonl'), `${shuffled.slice(0, TEST_RECORDS).join('\n')}\n`);
    writeFileSync(join(folder, 'pool.jsonl'), `${shuffled.slice(TEST_RECORDS).join('\n')}\n`);
    writeFileSync(
      join(folder, 'winnow.yaml'),
      `seed: ${seed}\npool: { files: [pool.jsonl] }\nlabels: { heldOutShare: 0, heldOutFiles: [test.jsonl] }\nrounds: ${rounds}\n`,
    );
    await runToTheEnd(folder);
    return measure(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function runToTheEnd(folder: string): Promise<void> {
  const responses = knownResponses(join(folder, 'pool.jsonl'));
  const opened = await openCampaign(folder);
  try {
    for (;;) {
      const result = await opened.run();
      if (result.done) return;
      if (result.because !== 'waiting') throw new Error(result.message);
      const tasks = join(folder, 'rounds', String(result.round), 'tasks.jsonl');
      await opened.importLabels(annotate(tasks, responses, folder));
    }
  } finally {
    await opened.close();
  }
}

/** By round, over the records that were kept for testing; the failure rate over all that was unlabeled then. */
function measure(folder: string): Measured[] {
  const references = knownResponses(join(folder, 'test.jsonl'));
  const state = new Database(join(folder, 'winnow.db'), { readonly: true });
  const answers = state.prepare("SELECT item_id AS id, answer FROM evaluation WHERE subset = 'test' AND round = ?");
  const found = state.prepare("SELECT details FROM step WHERE name = 'find-failures' ORDER BY round").pluck();
  const measured = (found.all() as string[]).map((details, index) => {
    const { testScore, failureRate } = JSON.parse(details) as { testScore: number; failureRate: number };
    const overlaps = (answers.all(index + 1) as { id: string; answer: string }[]).map(({ id, answer }) =>
      wordF1(answer, references.get(id) ?? ''),
    );
    return { testScore, failureRate, wordF1: overlaps.reduce((sum, one) => sum + one, 0) / overlaps.length };
  });
  state.close();
  return measured;
}

/** Mean and, in parentheses, lowest and highest. */
function spread(values: readonly number[]): string {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const digits = (value: number) => value.toFixed(3);
  return `${digits(mean)} (${digits(Math.min(...values))}–${digits(Math.max(...values))})`;
}
