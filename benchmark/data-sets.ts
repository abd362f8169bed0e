import { fileURLToPath } from 'node:url';
import type { JsonObject } from '../src/domain/instruction.ts';
import { seededRandom } from '../src/math/random.ts';
import { readPool } from '../src/records/read-pool.ts';
import { readExpertPairs } from '../src/selection/judges/expert/read-expert-pairs.ts';

/** Labeled data that strategies are compared on. */
export interface DataSet {
  readonly name: string;
  readonly title: string;
  /** Where its files can be downloaded. */
  readonly source: string;
  readonly licence: string;
  /** Files that ship with winnow; absent where the user downloads and names them. */
  readonly shipped?: readonly string[];
  /** @returns records with `instruction`, `output` and, where there are any, `input` and a category */
  read(files: readonly string[]): Promise<readonly JsonObject[]>;
}

/** Every data set. Add a new one here. */
export const DATA_SETS: readonly DataSet[] = [
  {
    name: 'dolly',
    title: 'Dolly: 3,000 instructions written by people, eight kinds of task',
    source: 'https://github.com/gpt4life/alpagasus, data/filtered/dolly_3k.json',
    licence: 'CC BY-SA 3.0',
    read: allOf,
  },
  {
    name: 't0',
    title: 'T0: 2,000 of 55,000 prompts made from 283 templates',
    source: 'https://github.com/yizhongw/self-instruct, data/finetuning/t0_train_50k',
    licence: 'Apache-2.0',
    // More would take hours to embed: the texts are long.
    read: async (files) =>
      seededRandom(0, 'benchmark', 't0')
        .shuffle(await allOf(files))
        .slice(0, 2_000),
  },
  {
    name: 'alpaca',
    title: 'Alpaca: 2,286 generated instructions with responses revised by language experts',
    source: 'https://github.com/IronBeliever/CaR, Ranking/data/expert-revised (both .csv files)',
    licence: 'see the repository',
    read: readRevised,
  },
  {
    name: 'demo',
    title: 'The demo pool of winnow: 375 records over 22 topics',
    source: 'data/pool.jsonl',
    licence: 'as winnow',
    shipped: [fileURLToPath(new URL('../data/pool.jsonl', import.meta.url))],
    read: allOf,
  },
];

async function allOf(files: readonly string[]): Promise<readonly JsonObject[]> {
  const { instructions } = await readPool(files);
  return instructions.map(({ record }) => record);
}

/** The better item of each pair. */
async function readRevised(files: readonly string[]): Promise<readonly JsonObject[]> {
  const pairs = (await Promise.all(files.map(readExpertPairs))).flat();
  return pairs.map(({ better: { instruction, input, response } }, index) => ({
    id: `alpaca-${index}`,
    instruction,
    ...(input === undefined ? {} : { input }),
    output: response ?? '',
  }));
}
