import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChatAnswer, type ChatPrompt, chooseLongest } from '../support/chat-answers.ts';
import { startOpenAiServer } from '../support/openai-server.ts';
import type { ProviderServer } from '../support/provider-server.ts';
import { type CliResult, runCli, startCli } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/**
 * State files and campaigns that winnow 0.1 left unfinished (see README.md in that folder). Each is copied, opened by
 * this program and finished. The figures are those of the old program.
 */
const FIXTURES = new URL('../fixtures/made-by-0.1/', import.meta.url);

const root = temporaryFolder();
let server: ProviderServer;
beforeAll(async () => {
  server = await startOpenAiServer({ chat: answer });
});
afterAll(() => server.close());

/** Plays every model the fixtures ask. */
function answer(prompt: ChatPrompt): ChatAnswer {
  if (String(prompt.request.body.model).startsWith('seed-')) return { text: 'A short answer.' };
  if (/exactly \d+/i.test(prompt.text)) return chooseLongest(prompt);
  // Of a response 1 to 10, of an instruction 0 to 5.
  return { text: JSON.stringify({ reason: 'good enough', score: prompt.text.includes('"response"') ? 5 : 4 }) };
}

interface Copy {
  readonly folder: string;
  winnow(...args: readonly string[]): Promise<CliResult>;
  /** Runs a command with --json and gives its exit code, what it printed and how many requests it made. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read any output.
  asked(...args: readonly string[]): Promise<{ code: CliResult['code']; json: any; requests: number }>;
  start(...args: readonly string[]): ReturnType<typeof startCli>;
  lines(file: string): string[];
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  records(file: string): any[];
}

/** A fixture in a temporary folder, in which commands can be run. */
function copyOf(name: string, as = name): Copy {
  const folder = root.file(as);
  cpSync(fileURLToPath(new URL(name, FIXTURES)), folder, { recursive: true });
  const options = () => ({
    cwd: folder,
    environment: {
      HOME: root.path,
      WINNOW_CACHE_DIR: root.file('cache'),
      WINNOW_API_KEY: 'no-real-key',
      // The models of the fixtures have made-up addresses, which lead to our server.
      NODE_OPTIONS: `--import ${new URL('redirect-fetch.mjs', FIXTURES)}`,
      FIXTURE_SERVER: server.url,
    },
  });
  const lines = (file: string) => readFileSync(join(folder, file), 'utf8').trimEnd().split('\n');
  return {
    folder,
    winnow: (...args) => runCli(args, options()),
    start: (...args) => startCli(args, options()),
    asked: async (...args) => {
      const before = server.requests.length;
      const { code, stdout, stderr } = await runCli([...args, '--json'], options());
      expect(stdout, stderr).toMatch(/^\{/);
      return { code, json: JSON.parse(stdout), requests: server.requests.length - before };
    },
    lines,
    records: (file) => lines(file).map((line) => JSON.parse(line)),
  };
}

/** The options all runs with an LLM were begun with. */
const CHOOSER = [
  ...['--provider', 'compatible', '--model', 'chooser', '--base-url', 'http://llm.invalid/v1', '--price', '1,4'],
  ...['--concurrency', '1', '--yes'],
];

describe('a pick that winnow 0.1 left in the middle', () => {
  it('goes on with what was chosen, asks only the open queries, and keeps all it paid', async () => {
    const pick = copyOf('pick');
    const args = [
      ...['pick', 'pool.jsonl', '--count', '12', '--items-per-query', '10', '--per-query', '3', ...CHOOSER],
      ...['--state', 'pick.db', '-o', 'picked.jsonl', '--max-calls'],
    ];
    const stopped = await pick.asked(...args, '5');
    expect(stopped).toMatchObject({ code: 3, requests: 0, json: { end: 'budget', picked: 6, resumed: true } });
    const before = {
      ...{ settledMicroUsd: 3_727, reservedMicroUsd: 0, lostMicroUsd: 2_693 },
      ...{ settledCalls: 4, reservedCalls: 0, lostCalls: 1, inputTokens: 3_383, outputTokens: 86 },
    };
    expect(stopped.json.spent).toMatchObject(before);
    const paid = [
      ...[
        { id: 'supp-006', costUsd: 0.000337 },
        { id: 'chem-002', costUsd: 0.000323 },
      ],
      ...[
        { id: 'math-014', costUsd: 0.000337 },
        { id: 'py-013', costUsd: 0.000323 },
      ],
      ...[
        { id: 'hist-006', costUsd: 0.000336 },
        { id: 'stat-012', costUsd: 0.000322 },
      ],
    ];
    const picks = () => pick.records('picked.jsonl').map(({ id, winnow: { costUsd } }) => ({ id, costUsd }));
    expect(picks()).toEqual(paid);

    const done = await pick.asked(...args, '40');
    expect(done).toMatchObject({ code: 0, requests: 2, json: { end: 'complete', picked: 12, resumed: true } });
    expect(done.json.queries).toMatchObject({ queries: 4, chosen: 4, failed: [], unasked: 0 });
    expect(done.json.spent).toMatchObject({ settledCalls: 6, lostCalls: 1, lostMicroUsd: 2_693 });
    expect(done.json.spent.settledMicroUsd).toBeGreaterThan(3_727);
    expect(picks()).toEqual(expect.arrayContaining(paid));
    expect(new Set(picks().map(({ id }) => id)).size).toBe(12);

    const again = await pick.asked(...args, '40');
    expect(again).toMatchObject({ code: 0, requests: 0, json: { picked: 12, spent: done.json.spent } });
  });
});

describe('a score that winnow 0.1 left in the middle', () => {
  it('keeps every score, asks for the others once, and asks again what failed only when told to', async () => {
    const score = copyOf('score');
    const args = [
      ...['score', 'pool.jsonl', '--judge', 'llm', '--dimension', 'quality', ...CHOOSER],
      ...['--state', 'score.db', '-o', 'scored.jsonl', '--max-calls', '60'],
    ];
    const done = await score.asked(...args);
    expect(done).toMatchObject({ code: 1, requests: 13, json: { scored: 23 } });
    const scores = () =>
      Object.fromEntries(score.records('scored.jsonl').map(({ id, winnow }) => [id, winnow.score as number | null]));
    const kept = {
      ...{ 'clas-006': 2, 'extr-011': 3.5, 'math-005': 3.5, 'eth-004': 2.5, 'gard-013': 2.5, 'sql-016': 2 },
      ...{ 'py-003': 4.5, 'hist-004': 3, 'trav-006': 3, 'par-003': 4 },
    };
    expect(scores()).toMatchObject({ ...kept, 'chem-009': null });
    expect(done.json.spent).toMatchObject({ settledCalls: 26, lostCalls: 1, lostMicroUsd: 2_443 });

    const retried = await score.asked(...args, '--retry-failed');
    expect(retried).toMatchObject({ code: 0, requests: 1, json: { scored: 24 } });
    expect(scores()).toMatchObject({ ...kept, 'chem-009': 4 });
    expect((await score.asked(...args)).requests).toBe(0);
  });
});

describe('a simulation that winnow 0.1 left in the middle', () => {
  it('makes the cell that is missing, and neither trains nor asks for the others again', async () => {
    const simulation = copyOf('simulate');
    const trained = simulation.lines('trainings.txt');
    // One of them failed and was tried again.
    expect(trained).toHaveLength(4);
    const args = [
      ...['simulate', 'labeled.jsonl', '--strategies', 'random,selectllm:per-query=3:items-per-query=10'],
      ...['--budgets', '6', '--seeds', '2', ...CHOOSER, '--trainer', 'command', '--train-command', 'sh ./train.sh'],
      ...['--train-cost', '0.75', '--serve-base-url', 'http://model.invalid/v1', '--serve-price', '1,4'],
      ...['--state', 'simulate.db', '--max-usd'],
    ];
    const stopped = await simulation.asked(...args, '2.10');
    expect(stopped).toMatchObject({ code: 3, requests: 0, json: { end: 'budget', spentMicroUsd: 1_506_548 } });
    expect(stopped.json.cells.map(({ arm, seed, picked }: Record<string, unknown>) => ({ arm, seed, picked }))).toEqual(
      [
        { arm: 'random', seed: 0, picked: ['gard-016', 'writ-003', 'stat-003', 'bio-009', 'trav-009', 'mus-007'] },
        { arm: 'random', seed: 1, picked: ['plan-012', 'math-007', 'math-014', 'stat-012', 'par-005', 'money-003'] },
        {
          arm: 'selectllm:per-query=3:items-per-query=10',
          seed: 0,
          picked: ['supp-006', 'mus-007', 'hist-006', 'writ-001', 'par-014', 'py-013'],
        },
      ],
    );

    const done = await simulation.asked(...args, '5');
    // The choices of the last cell are paid for; what is left is its training and 8 answers.
    expect(done).toMatchObject({ code: 0, requests: 8, json: { end: 'complete', missing: [] } });
    expect(done.json.cells).toHaveLength(4);
    expect(done.json.cells).toEqual(expect.arrayContaining(stopped.json.cells));
    expect(done.json.spentMicroUsd).toBeGreaterThan(1_506_548 + 250_000);
    expect(simulation.lines('trainings.txt')).toHaveLength(5);
    expect(simulation.lines('trainings.txt').slice(0, 4)).toEqual(trained);
  });
});

/** Answers tasks of a round in a file. */
function label(copy: Copy, round: number, annotator: string, leaveOut: readonly string[] = []): string {
  const answers = copy
    .records(`rounds/${round}/tasks.jsonl`)
    .filter(({ id }) => !leaveOut.includes(id))
    .map(({ id }) => ({ id, response: `What ${annotator} says of ${id}.`, annotator, seconds: 60 }));
  const file = `${annotator}-${round}.jsonl`;
  writeFileSync(join(copy.folder, file), answers.map((record) => `${JSON.stringify(record)}\n`).join(''));
  return file;
}

describe('a campaign of winnow 0.1 with a round out for labels', () => {
  let campaign: Copy;
  beforeAll(() => {
    campaign = copyOf('campaign-nearest');
  });

  it('shows the rounds, labels and money it had, to the micro-dollar', async () => {
    const { code, json } = await campaign.asked('status', '--ledger');
    expect(code).toBe(0);
    expect(json).toMatchObject({
      pool: { files: [{ path: 'pool.jsonl', records: 51, added: 46 }], instructions: 46 },
      labels: { labeled: 12, rejected: 1, skipped: 1, awaited: 7, agreement: { items: 8, disputed: 0 } },
      spending: {
        llm: { settledMicroUsd: 54_332, reservedMicroUsd: 2_420 },
        labels: { settledMicroUsd: 7_000_000, reservedMicroUsd: 4_900_000 },
        total: { settledMicroUsd: 7_054_332, reservedMicroUsd: 4_902_420 },
      },
      next: { step: 'wait-for-labels', round: 2 },
      stop: null,
    });
    expect(json.rounds).toMatchObject([
      {
        ...{ kind: 'seed', strategy: 'selectllm', planned: 12, selected: 12, labeled: 9, rejected: 1, skipped: 1 },
        model: 'nearest-neighbour-r1',
        outcome: { threshold: 7, evaluated: 20, unjudged: 0, failures: 15, poolScore: 4.9, heldOutScore: 7 },
      },
      { kind: 'necessity', strategy: 'facility-location', selected: 8, labeled: 3, awaited: 7, model: null },
    ]);
    expect(json.rounds[0].outcome.coverageRadius).toBeCloseTo(1.347305, 6);
    expect(json.ledger.agrees).toBe(true);
    expect(json.ledger.sums.map(({ entries }: { entries: number }) => entries)).toEqual([85, 20, 1, 106]);
  });

  it('draws its report from the map and the figures that are stored', async () => {
    const { stderr } = await campaign.winnow('report', '--no-open', '-o', 'report.html');
    // Neither the map, nor clusters, nor near-duplicates are computed again.
    expect(stderr).not.toMatch(/map|Clustering|Comparing|near-duplicates/);
    const { code, json, requests } = await campaign.asked('report', '--no-open', '-o', 'report.html');
    expect([json.map.method, ...json.map.x.slice(0, 3)]).toEqual(['umap', 2.496, 1.445, 2.829]);
    expect(json.map.x).toHaveLength(46);
    expect({ code, requests }).toEqual({ code: 0, requests: 0 });
    expect(json.headline).toMatchObject({ picked: 20, labeled: 12, rejected: 1, skipped: 1, withdrawn: 1, awaited: 7 });
  });

  it('has what an annotator was typing', async () => {
    const run = campaign.start('annotate', '--no-open', '--port', '0', '--json');
    let said = '';
    const listening = new Promise<{ annotators: string }>((resolve) => {
      run.process.stdout!.on('data', (text: string) => {
        said += text;
        if (said.includes('\n')) resolve(JSON.parse(said.split('\n')[0]!));
      });
    });
    const { annotators } = await listening;
    const session = (await (await fetch(new URL('/api/session', annotators))).json()) as { key: string };
    const headers = {
      ...{ 'content-type': 'application/json', 'x-winnow-campaign': session.key },
      'x-winnow-annotator': 'cleo',
    };
    const next = await fetch(new URL('/api/next', annotators), { method: 'POST', headers, body: '{}' });
    const { item } = (await next.json()) as { item: { writing: { response: string } } };
    run.process.kill('SIGINT');
    expect((await run.ended).code).toBe(0);
    expect(item.writing.response).toBe('Half a sentence that Cleo');
  });

  it('takes in the missing labels, trains, and goes on to the end of its last round', async () => {
    // Anna imported the first three before, and Cleo answered the first one on the page.
    const tasks = campaign.records('rounds/2/tasks.jsonl').map(({ id }) => String(id));
    expect(tasks).toHaveLength(8);
    const anna = await campaign.winnow('import', label(campaign, 2, 'anna', tasks.slice(0, 3)));
    expect(anna.stdout).toContain('Imported 5 answers');
    const ben = await campaign.winnow('import', label(campaign, 2, 'ben', tasks.slice(0, 1)));
    expect(ben.stdout).toContain('Imported 7 answers');
    expect((await campaign.asked('status')).json).toMatchObject({
      labels: { labeled: 17, awaited: 0 },
      spending: { labels: { settledMicroUsd: 11_900_000, reservedMicroUsd: 0 } },
    });

    const third = await campaign.winnow('run', '--yes');
    expect(third.code, third.stderr).toBe(3);
    expect(third.stdout).toContain('Trained nearest-neighbour-r2 by nearest-neighbour');
    for (const annotator of ['anna', 'ben']) await campaign.winnow('import', label(campaign, 3, annotator));
    const ended = await campaign.winnow('run', '--yes');
    expect(ended.stdout).toContain('The campaign has ended. 3 of 3 rounds are done.');
    expect(ended.code).toBe(0);
    const { json } = await campaign.asked('status', '--ledger');
    expect(json.rounds.map(({ model }: { model: string }) => model)).toEqual([
      ...['nearest-neighbour-r1', 'nearest-neighbour-r2', 'nearest-neighbour-r3'],
    ]);
    expect(json.rounds[0].outcome).toMatchObject({ evaluated: 20, failures: 15, poolScore: 4.9, heldOutScore: 7 });
    expect(json.ledger.agrees).toBe(true);
  });

  it('accepts the winnow.yaml that winnow init wrote then', async () => {
    const begun = copyOf('campaign-nearest', 'just-begun');
    rmSync(join(begun.folder, 'winnow.db'));
    cpSync(join(begun.folder, 'init.yaml'), join(begun.folder, 'winnow.yaml'));
    const { code, json } = await begun.asked('status');
    expect(code).toBe(0);
    expect(json).toMatchObject({ caps: { labels: 80, totalMicroUsd: 40_000_000 }, next: { step: 'add-pool' } });
  });
});

describe('a campaign of winnow 0.1 that was killed while its command trained', () => {
  it('knows the trainings that failed, and what each cost', async () => {
    const { code, json } = await copyOf('campaign-command', 'killed-status').asked('status', '--ledger');
    expect(code).toBe(0);
    expect(json).toMatchObject({
      labels: { labeled: 15, awaited: 0 },
      spending: {
        llm: { settledMicroUsd: 2_094, reservedMicroUsd: 0 },
        labels: { settledMicroUsd: 3_979_171, reservedMicroUsd: 0 },
        training: { settledMicroUsd: 2_300_000, reservedMicroUsd: 1_000_000 },
        total: { settledMicroUsd: 6_281_265, reservedMicroUsd: 1_000_000 },
      },
      next: { step: 'train', round: 2 },
    });
    expect(json.rounds).toMatchObject([
      { selected: 10, labeled: 10, model: 'seed-r1', outcome: { threshold: 8, evaluated: 16, failures: 15 } },
      { selected: 5, labeled: 5, model: null, outcome: null },
    ]);
    const trainings = json.ledger.entries.filter(({ account }: { account: string }) => account === 'training');
    expect(trainings).toMatchObject([
      { subject: 'training of round 1', state: 'settled', costMicroUsd: 1_000_000 },
      { subject: 'training of round 1', state: 'settled', costMicroUsd: 1_000_000 },
      { subject: 'training of round 1', state: 'settled', costMicroUsd: 300_000 },
      { subject: 'training of round 2', state: 'reserved', costMicroUsd: 1_000_000 },
    ]);
    expect(json.ledger.agrees).toBe(true);
  });

  it('takes the model that was made meanwhile, without training or paying again, and goes on to the end', async () => {
    const campaign = copyOf('campaign-command', 'killed');
    const trained = campaign.lines('trainings.txt');
    expect(trained).toHaveLength(4);
    const second = await campaign.winnow('run', '--yes');
    expect(second.code, second.stderr).toBe(3);
    expect(second.stdout).toContain('round 2  Trained seed-r2 by command on 12 labels, 3 held out');
    expect(campaign.lines('trainings.txt')).toEqual(trained);
    expect((await campaign.asked('status')).json.spending.training).toEqual({
      ...{ settledMicroUsd: 2_600_000, reservedMicroUsd: 0 },
    });

    const imported = await campaign.winnow('import', label(campaign, 3, 'anna'));
    expect(imported.stdout).toContain('Imported 5 answers');
    const ended = await campaign.winnow('run', '--yes');
    expect(ended.stdout).toContain('Trained seed-r3 by command');
    expect(ended.stdout).toContain('The campaign has ended.');
    expect(campaign.lines('trainings.txt')).toHaveLength(5);
    const { json } = await campaign.asked('status', '--ledger');
    expect(json.labels).toMatchObject({ labeled: 20, awaited: 0 });
    expect(json.spending.training).toEqual({ settledMicroUsd: 2_900_000, reservedMicroUsd: 0 });
    expect(json.ledger.agrees).toBe(true);
  });

  it('begins a second attempt where the command was killed too, on the same labels, for the money set aside', async () => {
    const campaign = copyOf('campaign-command', 'killed-both');
    const attempt = join(campaign.folder, 'rounds/2/training/attempt-1');
    rmSync(join(attempt, 'exit'));
    // No process of this machine.
    writeFileSync(join(attempt, 'claim'), '999999\nanother-boot 1\n');
    const { stdout, stderr } = await campaign.winnow('next', '--yes');
    expect(stderr).toContain('attempt 2');
    expect(stdout).toContain('Trained seed-r2 by command on 12 labels, 3 held out');
    expect(campaign.lines('trainings.txt')).toHaveLength(5);
    expect((await campaign.asked('status')).json.spending.training).toEqual({
      ...{ settledMicroUsd: 2_600_000, reservedMicroUsd: 0 },
    });
  });
});
