import type { SimulateOptions } from '../../../src/index.ts';
import { seededRandom } from '../../../src/math/random.ts';
import type { TemporaryFolder } from '../../support/temporary-folder.ts';

/** Stands in every response, and nowhere else. */
export const HIDDEN = 'zyxwresponse';

const TOPICS = ['rivers', 'violins', 'recursion', 'bread', 'glaciers'] as const;
const VERBS = ['Explain', 'Describe', 'Compare', 'Summarise', 'Question'] as const;

export interface LabeledRecord {
  readonly id: string;
  readonly instruction: string;
  readonly output?: string;
  readonly [field: string]: unknown;
}

/** Records of five topics; the response and copies of it in other fields hold HIDDEN. */
export function labeledRecords(size: number, respond = (index: number) => `answer ${index}`): LabeledRecord[] {
  const random = seededRandom(3, 'labeled');
  return Array.from({ length: size }, (_, index) => {
    const topic = TOPICS[index % TOPICS.length]!;
    const output = `${HIDDEN} ${topic}: ${respond(index)}`;
    return {
      id: `r${index}`,
      instruction: `${VERBS[random.below(5)]} ${topic} number ${random.below(1e6)} ${'in detail '.repeat(random.below(4))}`,
      output,
      category: topic,
      worth: random.below(1000),
      reviewed: { by: 'a reviewer', text: output },
    };
  });
}

export function writeLabeled(folder: TemporaryFolder, name: string, records: readonly LabeledRecord[]): string {
  return folder.write(name, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
}

/** A small simulation: 60 records, 12 of them held out. Vectors are real, and made once for all tests of a file. */
export function smallSimulation(folder: TemporaryFolder, more: Partial<SimulateOptions> = {}): SimulateOptions {
  return {
    labeled: writeLabeled(folder, 'labeled.jsonl', labeledRecords(60)),
    strategies: ['random', 'k-center'],
    budgets: [5, 10],
    seeds: [0, 1],
    dedupeThreshold: 0,
    state: ':memory:',
    cacheFolder: folder.file('cache'),
    ...more,
  };
}
