import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { stringify } from 'yaml';
import { STATE_FILE } from '../../src/campaign/config/load-config.ts';
import { type Campaign, openCampaign } from '../../src/runs/campaign/campaign.ts';
import type { CampaignOptions } from '../../src/runs/campaign/open-context.ts';
import type { StepResult } from '../../src/runs/campaign/step-result.ts';
import type { TemporaryFolder } from '../support/temporary-folder.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

/** A record of a pool file. */
export interface PoolRecord {
  readonly id: string;
  readonly instruction: string;
  readonly input?: string;
  readonly output: string;
}

/** winnow.yaml, section by section, as a user writes it. */
type LabConfig = Readonly<Record<string, unknown>>;

/** What a person fills into one record of an exported JSONL file. */
interface Said {
  readonly response?: string;
  readonly verdict?: 'accept' | 'reject' | 'skip' | 'draft';
  readonly annotator?: string;
  readonly seconds?: number;
  readonly submitted_at?: string;
}
type Task = Readonly<Record<string, unknown>> & { readonly id: string };

const OWN_POOL = fileURLToPath(new URL('../../data/pool.jsonl', import.meta.url));
const POOL_SIZE = 40;

/** Forty instructions of all topics, each unlike the others. */
export const POOL: readonly PoolRecord[] = everySoOften(readRecords(OWN_POOL), POOL_SIZE);
/** Twenty more. */
export const MORE: readonly PoolRecord[] = everySoOften(
  readRecords(OWN_POOL).filter(({ id }) => !POOL.some((known) => known.id === id)),
  20,
);

/** Small enough to be quick, with failures in every round. */
const SMALL: LabConfig = {
  pool: { files: ['pool.jsonl'] },
  labels: { heldOutShare: 0.25 },
  rounds: {
    most: 3,
    seed: { strategy: 'k-center', count: 8 },
    necessity: { count: 6, evaluate: 40, threshold: 8, select: 'cover' },
  },
};

/** A campaign in a folder of its own, and the annotator who works for it. */
export class CampaignLab {
  readonly folder: string;
  readonly #home: TemporaryFolder;
  readonly #name: string;
  #files = 0;

  /** @param home of the test file; vectors are kept there, so that each text is embedded once a file */
  constructor(home: TemporaryFolder, name: string, config: LabConfig = {}) {
    this.#home = home;
    this.#name = name;
    this.folder = home.file(name);
    mkdirSync(this.folder);
    this.writePool('pool.jsonl', POOL);
    this.configure(config);
  }

  /** Writes winnow.yaml again: the given sections replace those of a small campaign. */
  configure(config: LabConfig): void {
    const { labels, ...all }: LabConfig = { ...SMALL, ...config };
    // A test set would take half of so small a pool.
    this.write('winnow.yaml', stringify({ ...all, labels: { test: 0, ...(labels as object) } }));
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, content: string): string {
    return this.#home.write(join(this.#name, name), content);
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  writePool(name: string, records: readonly PoolRecord[]): void {
    this.write(name, jsonLines(records));
  }

  get options(): CampaignOptions {
    return { cacheFolder: this.#home.file('cache'), clock: new VirtualClock().runByItself() };
  }

  /** Opens the campaign, works on it and closes it again. */
  async work<T>(work: (campaign: Campaign) => Promise<T>, options: CampaignOptions = {}): Promise<T> {
    const campaign = await openCampaign(this.folder, { ...this.options, ...options });
    try {
      return await work(campaign);
    } finally {
      await campaign.close();
    }
  }

  /** The file of tasks that a round exported, below the folder. */
  tasksFile(round: number): string {
    return `rounds/${round}/tasks.jsonl`;
  }

  tasks(round: number): Task[] {
    return readRecords(this.path(this.tasksFile(round))) as unknown as Task[];
  }

  /** Writes records of labels as a file. */
  writeLabels(records: readonly object[]): string {
    this.#files += 1;
    return this.write(`labels-${this.#files}.jsonl`, jsonLines(records));
  }

  /** What the annotator says of each task: by default the pool's own response. */
  annotate(round: number, say: (task: Task, index: number) => Said | undefined = answerOf): string {
    return this.writeLabels(this.tasks(round).map((task, index) => ({ ...task, ...say(task, index) })));
  }

  /** Runs step after step and annotates all awaited items, until the campaign ends or `until` returns true. */
  async play(
    campaign: Campaign,
    options: {
      readonly until?: (result: StepResult) => boolean;
      readonly say?: (task: Task, index: number) => Said | undefined;
    } = {},
  ): Promise<StepResult[]> {
    const results: StepResult[] = [];
    for (;;) {
      const result = await campaign.next();
      results.push(result);
      if (result.step === 'stop' || options.until?.(result)) return results;
      if (result.done) continue;
      if (result.because !== 'waiting') throw new Error(`The campaign does not go on: ${result.message}`);
      const { awaited, ...summary } = await campaign.importLabels(this.annotate(result.round, options.say));
      if (awaited > 0) throw new Error(`Labels are awaited still: ${JSON.stringify({ ...summary, awaited })}`);
    }
  }

  /** Everything the campaign remembers, table by table. */
  state(): Record<string, unknown[]> {
    return this.#query((database) => {
      const tables = database.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`).pluck();
      return Object.fromEntries(
        (tables.all() as string[]).map((name) => [
          name,
          database.prepare(`SELECT * FROM ${name} ORDER BY rowid`).all(),
        ]),
      );
    });
  }

  /** Rows of one question to the campaign's state. */
  rows<Row>(sql: string): Row[] {
    return this.#query((database) => database.prepare(sql).all() as Row[]);
  }

  #query<T>(ask: (database: Database.Database) => T): T {
    const database = new Database(this.path(STATE_FILE), { readonly: true });
    try {
      return ask(database);
    } finally {
      database.close();
    }
  }
}

/** The pool's own response; what has none is junk, which a person turns down. */
export function answerOf({ id }: { readonly id: string }): Said {
  const record = [...POOL, ...MORE].find((candidate) => candidate.id === id);
  if (record === undefined) throw new Error(`No response of ${id} is known.`);
  return record.output === '' ? { verdict: 'reject' } : { response: record.output };
}

export function isStep(step: StepResult['step'], round = 1): (result: StepResult) => boolean {
  return (result) => result.step === step && result.round === round;
}

function readRecords(path: string): PoolRecord[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as PoolRecord);
}

function everySoOften(records: readonly PoolRecord[], count: number): PoolRecord[] {
  const step = records.length / count;
  return Array.from({ length: count }, (_, index) => {
    const { id, instruction, input, output } = records[Math.floor(index * step)]!;
    return { id, instruction, ...(input === undefined ? {} : { input }), output };
  });
}

function jsonLines(records: readonly object[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}
