import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { startAnthropicServer } from '../support/anthropic-server.ts';
import { type ChatAnswerer, chooseBadly, chooseLongest, script } from '../support/chat-answers.ts';
import { startOpenAiServer } from '../support/openai-server.ts';
import type { ProviderServer, ServerOptions } from '../support/provider-server.ts';
import { type CliOptions, type CliRun, runCli, startCli } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { writeTinyPool } from '../support/tiny-pool.ts';

const folder = temporaryFolder();
const { pool, embeddings } = writeTinyPool(folder, 80);
const KEY = 'sk-very-secret-1234567890';

const servers: ProviderServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function openAi(
  chat?: ChatAnswerer,
  timing: Pick<ServerOptions, 'latencyMs' | 'hold'> = {},
): Promise<ProviderServer> {
  const server = await startOpenAiServer({ ...timing, ...(chat ? { chat } : {}) });
  servers.push(server);
  return server;
}

const options: CliOptions = { cwd: folder.path, environment: { OPENAI_API_KEY: KEY, ANTHROPIC_API_KEY: KEY } };

function pickArgs(server: ProviderServer, name: string, ...more: string[]): string[] {
  return [
    ...['pick', pool, '--embeddings', embeddings, '-n', '16', '--per-query', '2', '--items-per-query', '10'],
    ...['--provider', 'openai', '--model', 'gpt-4o-mini', '--base-url', `${server.url}/v1`],
    ...['--state', `${name}.db`, '-o', `${name}.jsonl`, '--yes', ...more],
  ];
}

const output = (name: string) => readFileSync(folder.file(`${name}.jsonl`), 'utf8');
const records = (name: string) =>
  output(name)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

function queryState<T>(name: string, sql: string): T {
  const database = new Database(folder.file(`${name}.db`), { readonly: true });
  try {
    return database.prepare(sql).pluck().get() as T;
  } finally {
    database.close();
  }
}

describe('choosing through a provider', () => {
  it('asks OpenAI, and accounts for every token to the micro-dollar', async () => {
    const server = await openAi((prompt) => ({ ...chooseLongest(prompt), usage: { input: 1001, output: 77 } }));
    const { code, stdout } = await runCli(pickArgs(server, 'openai', '--json'), options);
    expect(code).toBe(0);
    expect(server.requests).toHaveLength(8);
    const summary = JSON.parse(stdout);
    // $0.15 and $0.60 a million: 150.15 + 46.2 micro-dollars, rounded up a call.
    expect(summary.spent).toMatchObject({
      settledMicroUsd: 8 * 197,
      settledCalls: 8,
      inputTokens: 8008,
      outputTokens: 616,
    });
    const costs = records('openai').map(({ winnow }) => winnow.costUsd);
    expect(Math.round(costs.reduce((sum, cost) => sum + cost, 0) * 1e6)).toBe(8 * 197);
    expect(records('openai')[0].winnow.model).toBe('gpt-4o-mini-2024-07-18');
  });

  it('asks Anthropic', async () => {
    const server = await startAnthropicServer();
    servers.push(server);
    const args = pickArgs(server, 'anthropic').map((arg) =>
      arg === 'openai' ? 'anthropic' : arg === 'gpt-4o-mini' ? 'claude-haiku-4-5' : arg.replace(/\/v1$/, ''),
    );
    const { code, stderr } = await runCli(args, options);
    expect(stderr).toContain('Picked 16 by selectllm');
    expect(code).toBe(0);
    expect(server.requests).toHaveLength(8);
  });

  it('asks a compatible server that takes no schema, at the price the user gives', async () => {
    const server = await startOpenAiServer({ refuses: ['json_schema', 'json_object'] });
    servers.push(server);
    const args = [
      ...['pick', pool, '--embeddings', embeddings, '-n', '4', '--provider', 'compatible', '--model', 'qwen'],
      ...['--base-url', `${server.url}/v1`],
    ];
    const unpriced = await runCli(args, options);
    expect(unpriced.code).toBe(1);
    expect(unpriced.stderr).toContain('--price 0.15,0.6');
    const free = await runCli([...args, '--price', '0,0'], options);
    expect(free.code).toBe(0);
    expect(free.stdout.trimEnd().split('\n')).toHaveLength(4);
  });

  it('embeds through an endpoint once, pays for it, and asks consent before', async () => {
    const server = await openAi();
    const args = [
      ...['pick', pool, '-n', '3', '--strategy', 'k-means', '--embedder', 'openai', '--embedding-model', 'e5'],
      ...['--embedding-base-url', `${server.url}/v1`, '--embedding-price', '0.02,0', '--cache-dir', 'cache'],
      ...['--dedupe-threshold', '0'],
    ];
    const plan = JSON.parse((await runCli([...args, '--plan', '--json'], options)).stdout);
    expect(plan).toMatchObject({ estimated: true, embedding: { texts: 80, calls: 1 } });
    expect(plan.total.costMicroUsd.worstCase).toBeGreaterThan(0);
    expect((await runCli(args, options)).stderr).toContain('Add --yes to accept the cost');
    expect(server.requests).toHaveLength(0);

    const first = await runCli([...args, '--yes', '--json'], options);
    expect(first.code).toBe(0);
    expect(JSON.parse(first.stdout).spent).toMatchObject({ settledCalls: 1 });
    expect(server.requests).toHaveLength(1);
    expect(plan.total.costMicroUsd.worstCase).toBeGreaterThanOrEqual(JSON.parse(first.stdout).spent.settledMicroUsd);
    const elsewhere = args.map((arg) => arg.replace('127.0.0.1', 'localhost'));
    const mixed = await runCli([...elsewhere, '--state', 'space.db', '--yes'], options);
    expect(mixed.code).toBe(0);
    expect((await runCli([...args, '--state', 'space.db'], options)).stderr).toContain('embeddings: http://localhost');
    const paidFor = server.requests.length;
    const other = await runCli([...args, '--seed', '5', '--json'], options);
    expect(other.code).toBe(0);
    expect(JSON.parse(other.stdout).spent).toMatchObject({ settledCalls: 0 });
    expect(server.requests).toHaveLength(paidFor);
  });

  it('spends nothing without consent', async () => {
    const server = await openAi();
    const args = pickArgs(server, 'consent').filter((arg) => arg !== '--yes');
    const { code, stderr } = await runCli(args, options);
    expect(code).toBe(2);
    expect(stderr).toContain('no terminal to ask for confirmation');
    expect(server.requests).toHaveLength(0);
  });

  it('uses prompts of the user, which make it another run', async () => {
    const server = await openAi();
    folder.write(
      'select.md',
      '---\nid: select\nversion: mine\nvariables: [count, total, candidates]\n---\n# User\nOf {{total}} take exactly {{count}}.\n{{candidates}}\n',
    );
    await runCli(pickArgs(server, 'prompts', '--prompts', '.'), options);
    const { messages } = server.requests[0]!.body as { messages: { role: string; content: string }[] };
    expect(messages.at(-1)!.content).toMatch(/^Of \d+ take exactly 2\.\n\{"id":/);
    const other = await runCli(pickArgs(server, 'prompts'), options);
    expect(other.stderr).toMatch(/prompt select: mine \(\w+\) there, 2 \(\w+\) now/);
  });

  it('never writes a key anywhere', async () => {
    const server = await openAi(script({ fault: 'status', status: 401, message: `Incorrect API key: ${KEY}` }));
    const { code, stdout, stderr } = await runCli(pickArgs(server, 'secret', '--verbose'), options);
    expect(code).toBe(1);
    expect(stderr).toContain('OPENAI_API_KEY');
    expect(stdout + stderr).not.toContain(KEY);
    expect(existsSync(folder.file('secret.jsonl'))).toBe(false);
    for (const file of readdirSync(folder.path).filter((name) => name.startsWith('secret'))) {
      expect(readFileSync(join(folder.path, file)).includes(KEY)).toBe(false);
    }
  });
});

describe('replies that cannot be used', () => {
  it('are asked for again; a query that stays unusable fails alone, and --retry-failed asks it alone', async () => {
    let bad = true;
    // Every vote on the query that shows t0 is malformed; all others are good.
    const server = await openAi(({ request }) => {
      const shown = { text: firstMessage(request.body) };
      return bad && shown.text.includes('Task 0:') ? chooseBadly('malformed', shown) : chooseLongest(shown);
    });
    const first = await runCli(pickArgs(server, 'failed'), options);
    expect(first.code).toBe(1);
    expect(server.requests).toHaveLength(7 + 3);
    expect(first.stderr).toContain('Picked 14 of 16');
    expect(first.stderr).toContain('short  by 2');
    expect(first.stderr).toContain('--retry-failed');
    expect(records('failed')).toHaveLength(14);

    const again = await runCli(pickArgs(server, 'failed'), options);
    expect(again.code).toBe(1);
    expect(server.requests).toHaveLength(10);

    bad = false;
    const retried = await runCli(pickArgs(server, 'failed', '--retry-failed'), options);
    expect(retried.code).toBe(0);
    expect(server.requests).toHaveLength(11);
    expect(records('failed')).toHaveLength(16);
  });
});

/** The message that shows the candidates, in a repair too. */
function firstMessage(body: Readonly<Record<string, unknown>>): string {
  return (body.messages as { role: string; content: string }[]).find(({ role }) => role === 'user')!.content;
}

describe('the budget', () => {
  it('stops the run with exit code 3, keeps what was chosen, and goes on when it is raised', async () => {
    const server = await openAi();
    const stopped = await runCli(pickArgs(server, 'budget', '--max-calls', '3'), options);
    expect(stopped.code).toBe(3);
    expect(stopped.stderr).toContain('Picked 6 of 16');
    expect(stopped.stderr).toContain('Raise --max-calls');
    expect(records('budget')).toHaveLength(6);
    expect(server.requests).toHaveLength(3);

    const raised = await runCli(pickArgs(server, 'budget', '--max-calls', '8'), options);
    expect(raised.code).toBe(0);
    expect(server.requests).toHaveLength(8);
    await runCli(pickArgs(server, 'unhindered'), options);
    expect(output('budget')).toBe(output('unhindered'));
  });

  it.each([
    ['--max-usd', '0.0005'],
    ['--max-tokens', '2000'],
  ])('holds %s', async (flag, value) => {
    const server = await openAi();
    const name = `cap${flag}`;
    const { code, stdout } = await runCli(pickArgs(server, name, flag, value, '--json'), options);
    expect(code).toBe(3);
    const { spent, end } = JSON.parse(stdout);
    expect(end).toBe('budget');
    if (flag === '--max-usd') expect(spent.settledMicroUsd).toBeLessThanOrEqual(500);
    else expect(spent.inputTokens + spent.outputTokens).toBeLessThanOrEqual(2000);
    expect(server.requests.length).toBeLessThan(8);
  });
});

describe('Ctrl-C', () => {
  it('lets the calls under way finish, says how to go on, and the same command does', async () => {
    const server = await openAi(undefined, { hold: () => run.printed('Press Ctrl-C again') });
    const run: CliRun = startCli(pickArgs(server, 'interrupted', '--concurrency', '2'), options);
    await server.received(1);
    run.process.kill('SIGINT');
    const { code, stderr } = await run.ended;
    expect(code).toBe(130);
    expect(stderr).toContain('Press Ctrl-C again to abandon them');
    expect(stderr).toContain('Run the same command again to continue');
    expect(queryState('interrupted', "SELECT count(*) FROM outcome WHERE state = 'lost'")).toBe(0);
    expect(existsSync(folder.file('interrupted.jsonl'))).toBe(false);
    const answered = server.requests.length;
    expect(answered).toBeLessThan(8);
    expect(queryState('interrupted', 'SELECT count(*) FROM reply')).toBe(answered);

    expect((await runCli(pickArgs(server, 'interrupted'), options)).code).toBe(0);
    expect(server.requests).toHaveLength(8);
  });

  it('twice abandons the calls under way and keeps counting what they may cost', async () => {
    const server = await openAi(() => ({ fault: 'hang' }));
    const run = startCli(pickArgs(server, 'abandoned', '--concurrency', '2'), options);
    await server.received(2);
    run.process.kill('SIGINT');
    await run.printed('Press Ctrl-C again');
    run.process.kill('SIGINT');
    const { code, stderr } = await run.ended;
    expect(code).toBe(130);
    expect(stderr).toContain('set aside');
    expect(queryState('abandoned', "SELECT count(*) FROM outcome WHERE state = 'lost'")).toBe(2);
  });
});

describe('two processes on one state file', () => {
  it('the second is told who holds it', async () => {
    const refusal = new AbortController();
    const hold = async () => refusal.signal.aborted || once(refusal.signal, 'abort');
    const server = await openAi(undefined, { hold });
    const first = startCli(pickArgs(server, 'shared', '--concurrency', '1'), options);
    await server.received(1);
    symlinkSync(folder.file('shared.db'), folder.file('link.db'));
    const second = await runCli(pickArgs(server, 'link'), options);
    refusal.abort();
    expect(second.code).toBe(1);
    expect(second.stderr).toContain(`shared.db is in use by process ${first.process.pid} on`);
    expect((await first.ended).code).toBe(0);
    expect(server.requests).toHaveLength(8);
  });
});
