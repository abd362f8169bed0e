import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { askedTwice } from '../support/batch-books.ts';
import { type BatchServer, type BatchServerOptions, startBatchServer } from '../support/batch-server.ts';
import { chooseLongest } from '../support/chat-answers.ts';
import { runBatch } from '../support/run-batch.ts';
import { runCli } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { writeTinyPool } from '../support/tiny-pool.ts';
import { CONFIG, campaignLab } from './campaign-lab.ts';
import { HAS_TERMINAL, onTerminal } from './on-terminal.ts';

const folder = temporaryFolder();
const { pool, embeddings } = writeTinyPool(folder, 40);
const environment = { OPENAI_API_KEY: 'sk-very-secret-1234567890', WINNOW_CACHE_DIR: folder.file('cache') };
const winnow = (...args: string[]) => runCli(args, { cwd: folder.path, environment });

let server: BatchServer;
afterEach(() => server?.close());
const serve = async (options: BatchServerOptions = {}) => {
  server = await startBatchServer(options);
  return ['--provider', 'openai', '--model', 'gpt-4o-mini', '--base-url', server.url];
};

describe('winnow pick --batch', () => {
  it('exits with code 3 until the answers are there, writes nothing meanwhile, and picks what live calls pick', async () => {
    const llm = await serve({ looks: 2 });
    const args = ['pick', pool, '--embeddings', embeddings, '-n', '8', '--strategy', 'selectllm', ...llm, '--yes'];
    args.push('--per-query', '4');
    const sent = await winnow(...args, '--batch', '-o', 'batch.jsonl', '--max-usd', '0.10');
    expect(sent.code).toBe(3);
    expect(sent.stderr).toContain('2 requests sent to OpenAI as a batch.');
    expect(sent.stderr).toContain('Waiting for a batch: chosen so far 0 of 8');
    expect(sent.stderr).toMatch(/queries +0 of 2 answered, 2 still open\n/);
    expect(sent.stderr).toMatch(/set aside {2}\$0\.\d+ for 2 calls in batches, until they are answered/);
    expect(sent.stderr).toContain(
      'Run the same command again to collect the answers and continue, or wait for them with --wait.',
    );
    const waiting = await winnow(...args, '--batch', '-o', 'batch.jsonl', '--max-usd', '0.10', '--json');
    expect(waiting.code).toBe(3);
    expect(JSON.parse(waiting.stdout)).toMatchObject({ end: 'batch', output: null, spent: { reservedCalls: 2 } });
    expect(() => readFileSync(folder.file('batch.jsonl'))).toThrow();

    const done = await winnow(...args, '--batch', '-o', 'batch.jsonl', '--max-usd', '0.10', '--json');
    expect(done.code).toBe(0);
    const { spent } = JSON.parse(done.stdout);
    expect(server.sizes).toEqual([2]);
    const live = await winnow(...args, '--state', 'live.db', '-o', 'live.jsonl', '--json');
    expect(live.code).toBe(0);
    const full = JSON.parse(live.stdout).spent.settledMicroUsd;
    expect(spent.settledMicroUsd).toBeGreaterThanOrEqual(full / 2);
    expect(spent.settledMicroUsd).toBeLessThanOrEqual(full / 2 + 2);
    const idsOf = (file: string) =>
      readFileSync(folder.file(file), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).id);
    expect(idsOf('batch.jsonl')).toEqual(idsOf('live.jsonl'));
  });

  it('waits with --wait', async () => {
    const llm = await serve({ looks: 2 });
    const { code, stderr } = await winnow(
      ...['pick', pool, '--embeddings', embeddings, '-n', '4', '--strategy', 'selectllm', ...llm, '--yes'],
      ...['--batch', '--wait', '-o', 'waited.jsonl'],
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('Picked 4 by selectllm') });
  });

  it('writes a file for vllm run-batch, says how to run it, and reads its results back', async () => {
    const llm = ['--provider', 'vllm', '--model', "my model's", '--base-url', 'http://127.0.0.1:9/v1'];
    const args = ['pick', pool, '--embeddings', embeddings, '-n', '8', '--strategy', 'selectllm', ...llm, '--yes'];
    args.push('--per-query', '4', '--batch', '--batch-folder', 'files for vllm', '-o', 'vllm.jsonl');
    const sent = await winnow(...args);
    expect(sent.code).toBe(3);
    const [file = ''] = readdirSync(folder.file('files for vllm'));
    const path = folder.file(`files for vllm/${file}`);
    expect(sent.stderr).toContain('2 requests wait in 1 batch file for vLLM. Run:');
    expect(sent.stderr).toContain(
      `vllm run-batch -i '${path}' -o '${path.replace('.jsonl', '.results.jsonl')}' --model 'my model'\\''s'`,
    );
    expect(sent.stderr).toContain('Run the same command again to collect the answers and continue');
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(
      Array(2).fill({
        custom_id: expect.stringMatching(/./),
        method: 'POST',
        url: '/v1/chat/completions',
        body: expect.objectContaining({ model: "my model's", messages: expect.any(Array) }),
      }),
    );
    expect(statSync(path).mode & 0o777).toBe(0o600);

    // It is still at work: one of two is there.
    await runBatch(folder.file('files for vllm'), chooseLongest, 1);
    const waiting = await winnow(...args);
    expect(waiting.code).toBe(3);
    expect(waiting.stderr).toContain('1 result written so far');

    rmSync(path.replace('.jsonl', '.results.jsonl'));
    await runBatch(folder.file('files for vllm'), chooseLongest);
    const done = await winnow(...args, '--json');
    expect({ code: done.code, stderr: done.stderr }).toEqual({ code: 0, stderr: expect.any(String) });
    expect(JSON.parse(done.stdout)).toMatchObject({ spent: { settledCalls: 2, settledMicroUsd: 0 } });
    await serve();
    const live = ['--provider', 'openai', '--model', 'gpt-4o-mini', '--base-url', server.url, '-o', 'asked.jsonl'];
    expect((await winnow(...args.slice(0, 8), ...live, '--per-query', '4', '--yes')).code).toBe(0);
    const idsIn = (name: string) =>
      readFileSync(folder.file(name), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).id);
    expect(idsIn('vllm.jsonl')).toEqual(idsIn('asked.jsonl'));
  });

  it('says in the plan that a file takes as long as one’s own run of it', async () => {
    const llm = ['--provider', 'vllm', '--model', 'm', '--base-url', 'http://127.0.0.1:9/v1', '--batch'];
    const args = ['plan', pool, '--embeddings', embeddings, '-n', '8', '--strategy', 'selectllm', ...llm];
    expect((await winnow(...args)).stdout).toMatch(/time +as long as your own run of each batch file takes/);
  });

  it('says in the plan what both ways cost and how long they take', async () => {
    const llm = await serve();
    const plan = async (...more: string[]) => {
      const args = ['plan', pool, '--embeddings', embeddings, '-n', '8', '--strategy', 'selectllm', ...llm, ...more];
      return (await winnow(...args)).stdout;
    };
    const [live, batch] = [await plan(), await plan('--batch')];
    const costs = (text: string, label: string) =>
      new RegExp(`^ +${label} +\\$([\\d.]+) expected, \\$([\\d.]+) at worst`, 'm').exec(text)!.slice(1).map(Number);
    // Each call is rounded up to the micro-dollar.
    for (const at of [0, 1]) {
      expect(costs(live, 'or --batch')[at]).toBeCloseTo(costs(batch, 'cost')[at]!, 5);
      expect(costs(batch, 'or live')[at]).toBeCloseTo(costs(live, 'cost')[at]!, 5);
      expect(costs(live, 'cost')[at]! / costs(batch, 'cost')[at]!).toBeCloseTo(2, 1);
    }
    expect(live).toMatch(/or --batch .*; usually within an hour, at most 24 hours/);
    expect(batch).toMatch(/time +usually within an hour, at most 24 hours/);
    expect(batch).toMatch(/or live .*; about .* of calls/);
  });

  it('names the providers that have batches where the one that is set has none', async () => {
    await serve();
    const { code, stderr } = await winnow(
      ...['pick', pool, '--embeddings', embeddings, '-n', '4', '--batch', '--strategy', 'selectllm'],
      ...['--provider', 'compatible', '--model', 'm', '--base-url', server.url, '--price', '0,0'],
    );
    expect(code).toBe(2);
    expect(stderr).toContain('--provider compatible has no batches.');
    expect(stderr).toContain('Leave out --batch, or use one of: openai, anthropic');
  });
});

describe('winnow score --batch', () => {
  it('collects drafts first and then their judgments, a batch each', async () => {
    const llm = await serve({
      chat: ({ text }) => (/score/i.test(text) ? { text: '{"score": 4, "reason": "ok"}' } : { text: 'An answer.' }),
    });
    const args = ['score', pool, '--dimension', 'helpfulness', '--draft', ...llm, '--batch', '--yes', '-o', 's.jsonl'];
    const codes = [];
    for (let run = 0; run < 3; run += 1) codes.push((await winnow(...args)).code);
    expect(codes).toEqual([3, 3, 0]);
    expect(server.sizes).toEqual([40, 40]);
  });
});

describe('a campaign with llm.batch', () => {
  it.skipIf(!HAS_TERMINAL)('asks for consent with the price and time of both ways side by side', async () => {
    await serve();
    const config = `${CONFIG.replace('strategy: k-means', 'strategy: selectllm, options: { perQuery: 4 }')}
llm: { provider: openai, model: gpt-4o-mini, baseUrl: "${server.url}" }
`;
    const lab = campaignLab(folder, 'asked', { config, environment });
    const asking = [{ at: 'Accept this cost?', keys: 'n' }];
    const { screen } = await onTerminal(['run'], asking, {
      cwd: lab.folder,
      environment: { ...environment, HOME: folder.path },
    });
    expect(screen).toMatch(/models +\$0\.\d+ expected/);
    expect(screen).toMatch(/time +about .* of calls/);
    expect(screen).toMatch(/or --batch +\$0\.\d+ expected, \$0\.\d+ at worst; usually within an hour/);
    expect(server.sizes).toEqual([]);
  });

  it('pauses at each batch and goes on with the same command', async () => {
    await serve({
      looks: 1,
      chat: (prompt) =>
        /exactly \d/.test(prompt.text) ? chooseLongest(prompt) : { text: '{"score": 4, "reason": "It is thin."}' },
    });
    const config = `${CONFIG.replace('strategy: k-means', 'strategy: selectllm, options: { perQuery: 4 }')}
llm: { provider: openai, model: gpt-4o-mini, baseUrl: "${server.url}", batch: true }
`;
    const lab = campaignLab(folder, 'campaign', { config, environment });
    const first = await lab.winnow('run', '--yes');
    expect(first.code).toBe(3);
    expect(first.stdout).toMatch(/OpenAI works on 2 requests in 1 batch/);
    expect(first.stdout).toContain('Run the same command again');
    expect(first.stdout).toMatch(/set aside {2}\$0\.\d+ for 2 calls in batches, until they are answered\n/);
    const second = await lab.winnow('run', '--yes');
    expect({ code: second.code, stdout: second.stdout }).toEqual({
      code: 3,
      stdout: expect.stringContaining('labels'),
    });
    lab.label(1, 'labels.jsonl');
    expect((await lab.winnow('import', 'labels.jsonl')).code).toBe(0);

    const evaluating = await lab.winnow('run', '--yes');
    expect(evaluating.code).toBe(3);
    expect(evaluating.stdout).toMatch(/OpenAI works on \d+ requests in 1 batch/);
    const later = await lab.winnow('run', '--yes', '--wait');
    expect(later.stdout).toContain('Waiting for 4 of 4 labels');
    expect(`${evaluating.stderr}${later.stderr}`).not.toContain('Warning');
    expect(server.sizes).toEqual([2, 22]);
    expect(askedTwice(server.books)).toEqual([]);
  });

  it('takes --batch on the command line, where a provider has them', async () => {
    await serve();
    const lab = campaignLab(folder, 'flagged', { environment });
    const { code, stderr } = await lab.winnow('run', '--yes', '--batch');
    expect(code).toBe(2);
    expect(stderr).toContain('No provider of winnow.yaml has batches (offline).');
  });
});
