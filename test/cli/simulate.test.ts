import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { afterEach, describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/math/random.ts';
import { METRICS } from '../../src/runs/simulate/simulation-result.ts';
import { chooseLongest } from '../support/chat-answers.ts';
import { startOpenAiServer } from '../support/openai-server.ts';
import type { ProviderServer, ServerOptions } from '../support/provider-server.ts';
import { type CliOptions, type CliRun, runCli, startCli } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { HAS_TERMINAL, onTerminal } from './on-terminal.ts';

const SUBJECTS = ['rivers', 'bread', 'trains', 'whales', 'chess', 'volcanoes', 'violins', 'bees'];
const ASKED = ['Name three facts about', 'Write a short poem about', 'What should a child know about', 'Criticise'];

const folder = temporaryFolder();
const random = seededRandom(3, 'simulated');
const records = Array.from({ length: 60 }, (_, index) => {
  const subject = SUBJECTS[index % SUBJECTS.length]!;
  return {
    id: `r${index}`,
    instruction: `${ASKED[index % ASKED.length]} ${subject}, ${['briefly', 'at length', 'in plain words'][index % 3]}. (${index})`,
    output: index % 7 === 0 ? subject : `About ${subject}: ${'they matter a great deal. '.repeat(1 + random.below(4))}`,
    topic: subject,
  };
});
folder.write('labeled.jsonl', records.map((record) => JSON.stringify(record)).join('\n'));

mkdirSync(folder.file('out'));
folder.write('out/cells.csv', 'instruction,output\na,b\n');

const options: CliOptions = { cwd: folder.path, environment: { OPENAI_API_KEY: 'sk-very-secret-1234567890' } };
const small = ['--budgets', '6,12', '--seeds', '2', '--held-out', '12', '--dedupe-threshold', '0'];
const simulate = (...args: string[]) => runCli(['simulate', 'labeled.jsonl', ...small, ...args], options);
const readText = (file: string) => readFileSync(folder.file(file), 'utf8');

const servers: ProviderServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function openAi(hold?: ServerOptions['hold']): Promise<{ server: ProviderServer; provider: string[] }> {
  const server = await startOpenAiServer({ chat: chooseLongest, ...(hold ? { hold } : {}) });
  servers.push(server);
  const provider = ['--provider', 'openai', '--model', 'gpt-4o-mini', '--base-url', `${server.url}/v1`];
  return { server, provider };
}

describe('winnow simulate', () => {
  it('shows tables, curves and a verdict, within 80 columns, and the progress apart', async () => {
    const { code, stdout, stderr } = await simulate(
      '--strategies',
      'random,k-means,alpagasus:judge=expert:threshold=0',
    );
    expect(stderr).toContain('Simulating: 12 of 12 cells');
    expect(code).toBe(0);
    expect(stdout).toContain('Simulated 3 arms at 2 budgets with 2 seeds');
    expect(stdout).toContain('60 records of labeled.jsonl, 60 distinct with a response');
    expect(stdout).toContain('48 to choose from, 12 held out');
    expect(stdout).toContain('8 by the field topic');
    expect(stdout).toMatch(
      /ROUGE-L by labels: mean of 2 seeds ± half the 95 % interval\n +6 +12\n {2}random +\d\.\d{3} (?:±|\.\d{3}–)/,
    );
    expect(stdout).toContain('†alpagasus:judge=expert:threshold=0');
    expect(stdout).toContain('† judged the true responses');
    expect(stdout).toMatch(/└─+┬─+┬─+\n +6 +12 labels\n/);
    expect(stdout).toMatch(/\nAt 12 labels .+ is best by ROUGE-L/);
    const tables = stdout.split('\n').filter((line) => !/^(?:At|Over|Mean) |^ {2}note /.test(line));
    for (const line of tables) expect([...line].length).toBeLessThanOrEqual(80);
  });

  it('writes everything as JSON, CSV and SVG, the same again from what it kept', async () => {
    const args = ['--strategies', 'random,k-center', '--state', 'files.db', '-o', 'results/deep'];
    const { code, stdout } = await simulate(...args);
    expect(code).toBe(0);
    for (const file of ['result.json', 'cells.csv', 'summary.csv', 'curves.svg'])
      expect(stdout).toContain(`results/deep/${file}`);
    const result = JSON.parse(readText('results/deep/result.json'));
    expect(result.cells).toHaveLength(2 * 2 * 2);
    expect(result.comparison.metrics.map(({ metric }: { metric: string }) => metric)).toEqual(METRICS);
    const cells = parse(readText('results/deep/cells.csv'), { columns: true }) as Record<string, string>[];
    expect(cells.map(({ rougeL }) => Number(rougeL))).toEqual(
      result.cells.map(({ metrics }: { metrics: { rougeL: number } }) => metrics.rougeL),
    );
    const summary = parse(readText('results/deep/summary.csv'), { columns: true }) as Record<string, string>[];
    expect(summary).toHaveLength(METRICS.length * 2 * 3);
    expect(readText('results/deep/curves.svg')).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" .*<\/svg>\n$/s);

    const again = await simulate(...args, '--json');
    const { elapsedMs: _, written, ...document } = JSON.parse(again.stdout);
    const { elapsedMs: __, ...first } = result;
    expect(document).toEqual(first);
    expect(written).toHaveLength(4);
  });

  it('shows another metric by budget, and says where it has no value', async () => {
    const args = ['--strategies', 'random,k-means', '--state', 'metric.db'];
    expect((await simulate(...args, '--metric', 'radius')).stdout).toMatch(
      /radius by labels[\s\S]*best by radius \(\d\.\d{3}, the lowest, 95 % \d\.\d{3} to \d\.\d{3}, 2 seeds\)/,
    );
    folder.write(
      'long.jsonl',
      records.map(({ topic, ...record }) => JSON.stringify({ ...record, output: 'a b c d e f g' })).join('\n'),
    );
    const { stdout, code } = await runCli(['simulate', 'long.jsonl', ...small, '--metric', 'categories'], options);
    expect(stdout).toContain(
      'No cell has a value for categories: no field with a category was found; name one with --category-field.',
    );
    expect(stdout).toContain('Metrics at 12 labels: mean of 2 seeds ± half the 95 % interval');
    expect(code).toBe(0);
  });

  it('ends well where cells cannot be made, and says why', async () => {
    const { code, stdout, stderr } = await simulate('--strategies', 'random,alpagasus:judge=expert:threshold=99');
    expect(stderr).not.toContain('error');
    expect(code).toBe(0);
    expect(stdout).toContain('4 of 8 cells');
    expect(stdout).toMatch(/missing {2}alpagasus:judge=expert:threshold=99 at 6/);
    expect(stdout).toMatch(/†alpagasus:judge=\S* +– +–\n/);
  });

  it('makes no claims of one seed', async () => {
    const { stdout } = await simulate('--strategies', 'random,k-means', '--seeds', '1', '--seed', '7');
    expect(stdout).toContain('One seed cannot show chance');
    expect(stdout).not.toContain('±');
  });
});

describe('winnow simulate, with a price', () => {
  const paid = ['--strategies', 'random,selectllm:perQuery=2:itemsPerQuery=8'];

  it('shows the cost, does not ask without a terminal, and spends nothing', async () => {
    const { server, provider } = await openAi();
    const before = readdirSync(folder.path);
    const plan = await simulate(...paid, ...provider, '--plan');
    expect(plan.stdout).toMatch(
      /Plan: simulate 2 arms at 2 budgets with 2 seeds[\s\S]*LLM +openai gpt-4o-mini[\s\S]*cost +\$0\.\d+ expected, \$0\.\d+ at worst/,
    );
    expect(plan.stdout).toMatch(/selectllm:perQuery=2:item\S* +4 +0 +\d+/);
    expect(JSON.parse((await simulate(...paid, ...provider, '--plan', '--json')).stdout)).toMatchObject({
      provider: 'openai',
    });
    expect(readdirSync(folder.path)).toEqual(before);
    const refused = await simulate(...paid, ...provider, '--state', 'unasked.db');
    expect(refused.stderr).toContain('This simulation costs money');
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(server.requests).toHaveLength(0);
  });

  it('stops at the cap with what there is, and goes on with a higher one', async () => {
    const { server, provider } = await openAi();
    const args = [...paid, ...provider, '--yes', '--state', 'capped.db', '-o', 'capped'];
    const stopped = await simulate(...args, '--max-calls', '4');
    expect(stopped.stdout).toContain('Stopped by the budget');
    expect(stopped.stdout).toMatch(/missing {2}selectllm/);
    expect(stopped.code).toBe(3);
    expect(server.requests).toHaveLength(4);
    expect(JSON.parse(readText('capped/result.json')).end).toBe('budget');
    const whole = await simulate(...args);
    expect(whole.stdout).toContain('Simulated 2 arms');
    expect(whole.stdout).toMatch(/spent +\$0\.\d+/);
    expect(whole.code).toBe(0);
    const asked = server.requests.length;
    expect((await simulate(...args)).code).toBe(0);
    expect(server.requests).toHaveLength(asked);
  });

  it('stops for Ctrl-C with exit code 130 and writes no files that could be taken for the whole', async () => {
    const { server, provider } = await openAi(async ({ number }) => number > 1 && run.printed('Press Ctrl-C again'));
    const args = [
      ...paid,
      ...provider,
      '--yes',
      '--state',
      'interrupted.db',
      '-o',
      'interrupted',
      '--concurrency',
      '1',
    ];
    const run: CliRun = startCli(['simulate', 'labeled.jsonl', ...small, ...args], options);
    await server.received(2);
    run.process.kill('SIGINT');
    const { code, stdout } = await run.ended;
    expect(stdout).toContain('Interrupted');
    expect(code).toBe(130);
    expect(readdirSync(folder.file('interrupted'))).toEqual([]);
  });

  it.skipIf(!HAS_TERMINAL)('asks before it spends, and takes no for an answer', async () => {
    const { server, provider } = await openAi();
    const args = ['simulate', 'labeled.jsonl', ...small, ...paid, ...provider, '--state', 'declined.db'];
    const { code, screen } = await onTerminal(args, [{ at: 'Accept this cost?', keys: '\r' }], options);
    expect(screen).toMatch(/Plan: simulate 2 arms[\s\S]*Accept this cost\?/);
    expect(code).toBe(3);
    expect(server.requests).toHaveLength(0);
  });
});

describe('winnow simulate, used wrongly', () => {
  it.each([
    [['simulate'], "missing required argument 'labeled'"],
    [['simulate', 'labeled.jsonl', '--strategies', 'random,magic'], 'Use one of: '],
    [['simulate', 'labeled.jsonl', '--strategies', 'random,,k-means'], 'values separated by commas'],
    [['simulate', 'labeled.jsonl', '--strategies', 'car:votes=3'], 'votes'],
    [['simulate', 'labeled.jsonl', '--strategies', 'random,random'], 'names the same arm twice'],
    [['simulate', 'labeled.jsonl', '--budgets', '10,x'], 'must be a whole number of at least 1'],
    [['simulate', 'labeled.jsonl', '--seeds', '0'], 'must be a whole number of at least 1'],
    [['simulate', 'labeled.jsonl', '--metric', 'bleu'], 'Allowed choices are rougeL'],
    [['simulate', 'labeled.jsonl', '--trainer', 'command'], '--trainer command needs --train-command'],
    [['simulate', 'labeled.jsonl', '--train-cost', '1'], '--train-cost does nothing for the trainer retrieval'],
    [
      ['simulate', 'labeled.jsonl', '--provider', 'openai', '--strategies', 'selectllm'],
      '--provider openai needs --model',
    ],
    [['simulate', 'out/cells.csv', '-o', 'out'], 'would overwrite'],
  ])('%j ends with exit code 2 and says why', async (args, message) => {
    const { code, stderr, stdout } = await runCli(args, options);
    expect(stderr).toContain(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it('writes into no file that is there as a folder', async () => {
    const { code, stderr } = await simulate('-o', 'labeled.jsonl');
    expect(stderr).toContain('"labeled.jsonl" is a file, but the results need a folder.');
    expect(code).toBe(1);
  });

  it('has help with every option, examples and exit codes', async () => {
    const { code, stdout } = await runCli(['simulate', '--help'], options);
    expect(code).toBe(0);
    const named = (
      'strategies budgets seeds seed sample held-out category-field metric dedupe-threshold trainer train-command ' +
      'train-format train-minutes train-cost serve-base-url serve-price serve-context-tokens provider model price ' +
      'embedder embedding-model output-field max-usd max-calls concurrency timeout state cache-dir prompts plan yes json verbose output'
    ).split(' ');
    for (const option of named) expect(stdout).toContain(`--${option}`);
    expect(stdout).toContain('Examples:');
    expect(stdout).toContain('Exit codes:');
  });
});
