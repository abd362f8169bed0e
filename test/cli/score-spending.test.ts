import { existsSync, readdirSync, readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import type { ChatAnswerer, ChatPrompt } from '../support/chat-answers.ts';
import { startOpenAiServer } from '../support/openai-server.ts';
import type { ProviderServer, ServerOptions } from '../support/provider-server.ts';
import { type CliOptions, type CliRun, runCli, startCli } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { asLines } from './campaign-lab.ts';
import { numberIn, PAIRS, recordsIn } from './score-lab.ts';

const folder = temporaryFolder();
const KEY = 'sk-very-secret-1234567890';
const options: CliOptions = { cwd: folder.path, environment: { OPENAI_API_KEY: KEY } };

folder.write('pairs.jsonl', asLines(PAIRS));

const servers: ProviderServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function openAi(chat: ChatAnswerer = judgeByNumber, hold?: ServerOptions['hold']): Promise<ProviderServer> {
  const server = await startOpenAiServer({ chat, ...(hold ? { hold } : {}) });
  servers.push(server);
  return server;
}

const verdict = (score: number) => ({ text: JSON.stringify({ reason: `because it is ${score}`, score }) });
function judgeByNumber(prompt: ChatPrompt) {
  return verdict((numberIn(prompt) % 11) / 2);
}

function llmArgs(server: ProviderServer, name: string, ...more: string[]): string[] {
  return [
    ...['score', 'pairs.jsonl', '--provider', 'openai', '--model', 'gpt-4o-mini', '--base-url', `${server.url}/v1`],
    ...['--state', `${name}.db`, '-o', `${name}.jsonl`, '--yes', ...more],
  ];
}

describe('winnow score, by an LLM', () => {
  it('asks once an item, accounts for every token, and draws what it got', async () => {
    const server = await openAi((prompt) => ({ ...judgeByNumber(prompt), usage: { input: 1001, output: 77 } }));
    const { code, stderr } = await runCli(llmArgs(server, 'llm'), options);
    expect(code).toBe(0);
    expect(server.requests).toHaveLength(12);
    expect(recordsIn(folder, 'llm.jsonl').map(({ winnow: { score } }) => score)).toEqual(
      PAIRS.map((_, index) => (index % 11) / 2),
    );
    expect(recordsIn(folder, 'llm.jsonl')[9].winnow.judge).toContain('judge-accuracy version 2');
    expect(stderr).toMatch(/spent +\$0\.00\d* for 12 calls, 12,012 tokens in, 924 out/);
    expect(stderr).toMatch(/≥ 4\.5 +17 %/);
    const shown = stderr.split('\n').filter((line) => /^ {2}\d\.\d {2}/.test(line));
    expect(shown).toHaveLength(11);
    expect(shown[0]).toMatch(/^ {2}5\.0 {2}█+ +1 +8 %$/);
    expect(shown[10]).toMatch(/^ {2}0\.0 {2}█+ +2 +17 %$/);
    for (const line of shown) expect([...line].length).toBeLessThanOrEqual(80);
  });

  it('spends nothing without consent', async () => {
    const server = await openAi();
    const args = llmArgs(server, 'consent').filter((arg) => arg !== '--yes');
    const { code, stderr } = await runCli(args, options);
    expect(code).toBe(2);
    expect(stderr).toContain('no terminal to ask for confirmation');
    expect(server.requests).toHaveLength(0);
  });

  it('weighs response quality by its log-probabilities', async () => {
    const server = await openAi(() => {
      const text = JSON.stringify({ score: 4, reason: 'fine' });
      const [before, after] = text.split('4') as [string, string];
      const plain = (token: string) => ({ token, alternatives: { [token]: 1 } });
      return { text, tokens: [plain(before), { token: '4', alternatives: { 4: 0.5, 5: 0.5 } }, plain(after)] };
    });
    const { code } = await runCli(llmArgs(server, 'weighed', '--dimension', 'response-quality'), options);
    expect(code).toBe(0);
    expect(recordsIn(folder, 'weighed.jsonl')[0].winnow.score).toBeCloseTo(4.5);
  });

  it('sounds the alarm where the model rates nearly everything the same', async () => {
    const server = await openAi(() => verdict(4));
    const { stderr } = await runCli(llmArgs(server, 'collapsed', '--dimension', 'helpfulness'), options);
    expect(stderr).toContain('alarm  100 % of 12 scores are 4: this judge hardly distinguishes the items');
  });

  it('never makes a score up: what stays unusable says why, and --retry-failed asks for it alone', async () => {
    let bad = true;
    const server = await openAi((prompt) =>
      bad && numberIn(prompt) === 3 ? { text: 'Score: 5 \u001b[2J' } : judgeByNumber(prompt),
    );
    const first = await runCli(llmArgs(server, 'failed'), options);
    expect(first.code).toBe(1);
    expect(server.requests).toHaveLength(11 + 3);
    expect(first.stderr).toContain('failed  record 4:');
    expect(first.stderr).toContain('--retry-failed');
    expect(recordsIn(folder, 'failed.jsonl')[3].winnow).toEqual({
      score: null,
      failure: expect.stringMatching(/\S/),
      judge: expect.stringContaining('judge-accuracy'),
    });
    expect((await runCli(llmArgs(server, 'failed'), options)).code).toBe(1);
    expect(server.requests).toHaveLength(14);

    const planned = await runCli(llmArgs(server, 'failed', '--retry-failed', '--plan'), options);
    expect(planned.stdout + planned.stderr).toMatch(/calls +1 expected, 3 at worst/);
    expect(planned.stdout + planned.stderr).toMatch(/cost +\$0\.000\d*[1-9]\d* expected/);
    const refused = llmArgs(server, 'failed', '--retry-failed').filter((arg) => arg !== '--yes');
    const unasked = await runCli(refused, options);
    expect(unasked.code).toBe(2);
    expect(unasked.stderr).toContain('no terminal to ask for confirmation');
    // Without confirmation, the next run makes no calls either.
    expect((await runCli(llmArgs(server, 'failed'), options)).code).toBe(1);
    expect(server.requests).toHaveLength(14);

    bad = false;
    const retried = await runCli(llmArgs(server, 'failed', '--retry-failed'), options);
    expect(retried.code).toBe(0);
    expect(server.requests).toHaveLength(15);
    expect(recordsIn(folder, 'failed.jsonl')[3].winnow.score).toBe(1.5);
  });

  it('gets over a server at its worst', async () => {
    const seen = new Map<number, number>();
    const server = await openAi((prompt) => {
      const number = numberIn(prompt);
      const times = (seen.get(number) ?? 0) + 1;
      seen.set(number, times);
      if (times > 1) return judgeByNumber(prompt);
      const faults = [
        { fault: 'status', status: 500 } as const,
        { fault: 'status', status: 429, headers: { 'retry-after-ms': '5' } } as const,
        { fault: 'half-json' } as const,
      ];
      return faults[number % 4] ?? judgeByNumber(prompt);
    });
    const { code } = await runCli(llmArgs(server, 'worst'), options);
    expect(code).toBe(0);
    expect(recordsIn(folder, 'worst.jsonl').map(({ winnow: { score } }) => score)).toEqual(
      PAIRS.map((_, index) => (index % 11) / 2),
    );
  });

  it('drafts what is missing, and shows what it judged', async () => {
    folder.write('drafts.jsonl', asLines([PAIRS[1], { instruction: 'Say what 2 times 2 is.' }]));
    const server = await openAi((prompt) =>
      prompt.text.includes('the response alone') ? { text: 'Four.' } : judgeByNumber(prompt),
    );
    const args = llmArgs(server, 'drafted', '--draft').map((arg) => (arg === 'pairs.jsonl' ? 'drafts.jsonl' : arg));
    expect((await runCli(args, options)).code).toBe(0);
    expect(server.requests).toHaveLength(3);
    expect(recordsIn(folder, 'drafted.jsonl').map(({ winnow: { score, draft } }) => [score, draft])).toEqual([
      [0.5, undefined],
      [1, 'Four.'],
    ]);
  });
});

describe('a run that is stopped', () => {
  it('by its budget says what it did not come to, and goes on when it is raised', async () => {
    const server = await openAi();
    const stopped = await runCli(llmArgs(server, 'budget', '--max-calls', '5', '--concurrency', '1'), options);
    expect(stopped.code).toBe(3);
    expect(stopped.stderr).toContain('Scored 5 of 12 records');
    expect(stopped.stderr).toContain('Raise --max-calls');
    expect(recordsIn(folder, 'budget.jsonl').map(({ winnow: { score } }) => score === null)).toEqual(
      PAIRS.map((_, index) => index >= 5),
    );
    expect(recordsIn(folder, 'budget.jsonl')[11].winnow.failure).toContain('not judged');

    const raised = await runCli(llmArgs(server, 'budget', '--max-calls', '12'), options);
    expect(raised.code).toBe(0);
    expect(server.requests).toHaveLength(12);
    await runCli(llmArgs(server, 'unhindered'), options);
    expect(recordsIn(folder, 'budget.jsonl')).toEqual(recordsIn(folder, 'unhindered.jsonl'));
  });

  it('before its first score leaves alone what an earlier one wrote', async () => {
    const server = await openAi();
    folder.write('kept.jsonl', 'precious\n');
    const { code } = await runCli(llmArgs(server, 'kept', '--max-calls', '0'), options);
    expect(code).toBe(3);
    expect(readFileSync(folder.file('kept.jsonl'), 'utf8')).toBe('precious\n');
  });

  it('by Ctrl-C lets what is under way finish, and pays nothing twice', async () => {
    const server = await openAi(judgeByNumber, () => run.printed('Press Ctrl-C again'));
    const run: CliRun = startCli(llmArgs(server, 'interrupted', '--concurrency', '2'), options);
    await server.received(1);
    run.process.kill('SIGINT');
    const { code, stderr } = await run.ended;
    expect(code).toBe(130);
    expect(stderr).toContain('Interrupted: scored so far');
    expect(existsSync(folder.file('interrupted.jsonl'))).toBe(false);
    const asked = server.requests.length;
    expect(asked).toBeLessThan(12);
    const database = new Database(folder.file('interrupted.db'), { readonly: true });
    expect(database.prepare('SELECT count(*) FROM reply').pluck().get()).toBe(asked);
    database.close();

    expect((await runCli(llmArgs(server, 'interrupted'), options)).code).toBe(0);
    expect(server.requests).toHaveLength(12);
  });

  it('by being killed asks again only what it had no answer to', async () => {
    const server = await openAi(judgeByNumber, async ({ number }) => number === 4 && run.ended);
    const run: CliRun = startCli(llmArgs(server, 'killed', '--concurrency', '1'), options);
    await server.received(4);
    run.process.kill('SIGKILL');
    await run.ended;
    const before = server.requests.length;
    const again = await runCli(llmArgs(server, 'killed'), options);
    expect(again.code).toBe(0);
    expect(again.stderr).toContain('(continued)');
    // One request was under way, and perhaps one answer not stored yet.
    expect(server.requests.length - 12).toBeLessThanOrEqual(2);
    expect(before).toBeLessThan(12);
    const number = (record: { winnow: { score: number } }) => record.winnow.score;
    expect(recordsIn(folder, 'killed.jsonl').map(number)).toEqual(PAIRS.map((_, index) => (index % 11) / 2));
  });

  it('belongs to its pool, judge and dimension alone', async () => {
    const server = await openAi();
    await runCli(llmArgs(server, 'mine'), options);
    const other = await runCli(llmArgs(server, 'mine', '--dimension', 'helpfulness'), options);
    expect(other.code).toBe(1);
    expect(other.stderr).toContain('dimension: accuracy there, helpfulness now');
  });
});

it('never writes a key anywhere', async () => {
  const server = await openAi(() => ({ fault: 'status', status: 401, message: `Incorrect API key: ${KEY}` }));
  const { code, stdout, stderr } = await runCli(llmArgs(server, 'secret', '--verbose'), options);
  expect(code).toBe(1);
  expect(stderr).toContain('OPENAI_API_KEY');
  expect(stdout + stderr).not.toContain(KEY);
  for (const file of readdirSync(folder.path).filter((name) => name.startsWith('secret'))) {
    expect(readFileSync(folder.file(file)).includes(KEY)).toBe(false);
  }
});
