import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CliResult, runCli, startCli } from '../support/run-cli.ts';
import type { TemporaryFolder } from '../support/temporary-folder.ts';

const THINGS = ['a bicycle', 'the tides', 'a loan', 'sourdough', 'a compiler', 'bees', 'a violin', 'snow'];
const ASKS = ['Explain in plain words how', 'List three facts about', 'Write a short poem on', 'What goes wrong with'];

/** An escape, a mark that turns the direction of text around, a bell: none may reach a terminal. */
export const HOSTILE_MARKS = ['\u001b', '\u202e', '\u0007'];
export const HOSTILE = '\u001b[2J\u001b[31mred\u202e\u0007';

/** Good answers to the instructions of the pool. */
export function answerTo(instruction: string): string {
  return `Here is what there is to say. ${instruction} It depends on who asks, and there are good books about it.`;
}

export const CONFIG = `version: 1
pool: { files: [pool.jsonl], dedupeThreshold: 0 }
budget: { labels: 10, totalUsd: 50 }
labels: { perLabelUsd: 0.123457, heldOutShare: 0.25 }
rounds:
  most: 2
  seed: { strategy: k-means, count: 6 }
  necessity: { count: 4, evaluate: 20, select: cover }
`;

export interface CampaignLab {
  readonly folder: string;
  winnow(...args: readonly string[]): Promise<CliResult>;
  start: (...args: readonly string[]) => ReturnType<typeof startCli>;
  read(name: string): string;
  write(name: string, content: string): void;
  /** The tasks of a round, as they were exported. */
  tasks(round: number): Record<string, unknown>[];
  /** Answers them all, but for what `change` says of some, into a file. */
  label(round: number, file: string, change?: (task: Record<string, unknown>, index: number) => object): void;
}

/** A folder below with a pool of 32 and, unless it is to be begun, a winnow.yaml. */
export function campaignLab(
  root: TemporaryFolder,
  name: string,
  { config = CONFIG, environment = {} }: { config?: string | null; environment?: NodeJS.ProcessEnv } = {},
): CampaignLab {
  const folder = root.file(name);
  mkdirSync(folder);
  const write = (file: string, content: string) => writeFileSync(join(folder, file), content);
  const read = (file: string) => readFileSync(join(folder, file), 'utf8');
  const records = THINGS.flatMap((thing, row) =>
    ASKS.map((ask, column) => ({ id: `q${row}${column}`, instruction: `${ask} ${thing}.` })),
  );
  write('pool.jsonl', asLines(records));
  if (config !== null) write('winnow.yaml', config);
  // One cache for all of a test file: a text is embedded once.
  const options = {
    cwd: folder,
    environment: { HOME: root.path, WINNOW_CACHE_DIR: root.file('cache'), ...environment },
  };
  const tasks = (round: number) => readLines(read(`rounds/${round}/tasks.jsonl`));
  return {
    folder,
    winnow: (...args) => runCli(args, options),
    start: (...args) => startCli(args, options),
    read,
    write,
    tasks,
    label: (round, file, change = () => ({})) =>
      write(
        file,
        asLines(
          tasks(round).map((task, index) => ({
            ...task,
            response: answerTo(String(task.instruction)),
            annotator: 'anna',
            ...change(task, index),
          })),
        ),
      ),
  };
}

export function asLines(records: readonly object[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}

export function readLines(text: string): Record<string, unknown>[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}
