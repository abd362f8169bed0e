import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ARGILLA_KEY, startArgilla } from '../support/argilla-server.ts';
import type { ChatReply } from '../support/chat-answers.ts';
import { LEGACY_TOKEN, startLabelStudio } from '../support/label-studio-server.ts';
import type { ProviderServer } from '../support/provider-server.ts';
import { OPENROUTER, startQuirky, VLLM } from '../support/quirky-servers.ts';
import { runCli } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const GREETING: ChatReply = {
  text: '{"greeting": "Hello"}',
  usage: { input: 40, output: 8 },
  tokens: [{ token: '{', alternatives: { '{': 0.9, ' ': 0.1 } }],
};
const folder = temporaryFolder();
let server: ProviderServer | undefined;
let home = '';

beforeEach(({ task }) => {
  home = folder.write(`${task.id}/keep`, '').replace(/\/keep$/, '');
});

afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function winnow(provider: string, args: readonly string[], key = {}) {
  const where = ['--provider', provider, '--base-url', `${server!.url}/v1`];
  return runCli([args[0]!, ...where, ...args.slice(1)], { cwd: home, environment: { HOME: home, ...key } });
}

describe('winnow models', () => {
  it('lists what the server says, for free', async () => {
    server = await startQuirky(OPENROUTER);
    const { code, stdout } = await winnow('openrouter', ['models'], { OPENROUTER_API_KEY: 'sk-12345678' });
    expect(code).toBe(0);
    expect(stdout).toMatch(/some-model +131,072 +0\.15 \/ 0\.60 +yes +yes +no/);
    expect(stdout).toMatch(/a\/pay-per-request +\? +\? +\? +\? +no/);
    expect(server.requests).toHaveLength(0);
    const some = await winnow('openrouter', ['models', '--matching', 'AUTO', '--json'], { OPENROUTER_API_KEY: 'k' });
    expect(JSON.parse(some.stdout).models).toMatchObject([{ name: 'openrouter/auto', price: null }]);
  });

  it('tries a model once, and remembers what worked for this server', async () => {
    server = await startQuirky(VLLM, () => GREETING);
    expect((await winnow('vllm', ['models'])).stdout).toMatch(/some-model +32,768 +free +\? +\? +no/);
    const tried = await winnow('vllm', ['models', '--model', 'some-model', '--try']);
    expect(tried.stdout).toMatch(/some-model +32,768 +free +yes +yes +no\nSpent \$0\.00\./);
    expect(server.requests.length).toBeGreaterThan(0);
    const paid = server.requests.length;
    expect((await winnow('vllm', ['models'])).stdout).toMatch(/some-model +32,768 +free +yes +yes +no/);
    expect(server.requests).toHaveLength(paid);
  });

  it('notices a server that takes a schema and does not keep to it', async () => {
    server = await startQuirky(VLLM, () => ({ text: 'Hello there!' }));
    const { stdout } = await winnow('vllm', ['models', '--model', 'some-model', '--try', '--json']);
    expect(JSON.parse(stdout).models).toMatchObject([{ structured: false, logprobs: false }]);
  });

  it('asks before it spends', async () => {
    server = await startQuirky(OPENROUTER, () => GREETING);
    const key = { OPENROUTER_API_KEY: 'sk-12345678' };
    const asked = await winnow('openrouter', ['models', '--model', 'some-model', '--try'], key);
    expect(asked.code).toBe(2);
    expect(asked.stderr).toContain('Accept it with --yes.');
    expect(server.requests).toHaveLength(0);
    const done = await winnow('openrouter', ['models', '--model', 'some-model', '--try', '--yes'], key);
    // 40 tokens at $0.15 and 8 at $0.60 a million, or more by our own count.
    expect(done.stdout).toMatch(/Spent \$0\.0000\d+\./);
  });

  it.each([
    [['models'], '--provider is missing.'],
    [['models', '--provider', 'vllm', '--try'], '--try needs --model.'],
  ])('%j is refused with what to do', async (args, message) => {
    const { code, stderr } = await runCli(args, { cwd: home, environment: { HOME: home } });
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('winnow doctor', () => {
  const yaml = (more: string) => `pool:\n  files: [pool.jsonl]\n${more}`;

  it('tries what winnow.yaml needs, says what does not work and what to do, and leaves no state', async () => {
    server = await startQuirky({ ...VLLM, refuses: ['json_schema', 'logprobs'] }, () => GREETING);
    const { url } = server;
    folder.write(
      `${home.slice(folder.path.length + 1)}/winnow.yaml`,
      yaml(`llm: { provider: vllm, model: some-model, baseUrl: ${url}/v1 }
judge: { provider: openai, model: gpt-4o-mini }
embedder: { kind: openai, model: e, baseUrl: ${url}/v1, price: { input: 0, output: 0 } }
`),
    );
    const { code, stdout } = await runCli(['doctor'], { cwd: home, environment: { HOME: home } });
    expect(code).toBe(1);
    expect(stdout).toContain('ok    LLM that chooses: vllm some-model\n      keeps to no JSON schema');
    expect(stdout).toContain('gives no log-probabilities');
    expect(stdout).toContain('holds 32,768 tokens');
    expect(stdout).toMatch(
      /FAIL {2}LLM that judges: openai gpt-4o-mini\n +There is no API key for OpenAI\.\n +Set OPENAI_API_KEY\./,
    );
    expect(stdout).toMatch(/ok {4}embedder: openai e\n +gives vectors of 8 dimensions\nSpent \$0\.00\./);
    const json = await runCli(['doctor', '--json'], { cwd: home, environment: { HOME: home } });
    expect(JSON.parse(json.stdout).checks.map(({ works }: { works: boolean }) => works)).toEqual([true, false, true]);
    const again = await runCli(['status'], { cwd: home, environment: { HOME: home } });
    expect(again.stdout).not.toContain('Spent');
  });

  it('says that nothing but the embedder is needed where no LLM is', async () => {
    folder.write(`${home.slice(folder.path.length + 1)}/winnow.yaml`, yaml('llm: { provider: offline }\n'));
    const { code, stdout } = await runCli(['doctor'], { cwd: home, environment: { HOME: home } });
    expect([code, stdout]).toEqual([
      0,
      'ok    embedder: minilm\n      gives vectors of 384 dimensions\nSpent $0.00.\n',
    ]);
  });

  const inHome = (file: string, content: string) =>
    folder.write(`${home.slice(folder.path.length + 1)}/${file}`, content);
  const doctor = (environment = {}) =>
    runCli(['doctor', '--yes'], { cwd: home, environment: { HOME: home, ...environment } });

  it.each([
    ['label-studio', startLabelStudio, 'LABEL_STUDIO_API_KEY', LEGACY_TOKEN],
    ['argilla', startArgilla, 'ARGILLA_API_KEY', ARGILLA_KEY],
  ] as const)('tries %s by one request that reads', async (tool, start, variable, key) => {
    const tools = await start({});
    try {
      inHome('winnow.yaml', yaml(`labels: { tool: ${tool}, url: "${tools.url}" }\n`));
      const { stdout, code } = await doctor({ [variable]: key });
      expect(stdout).toContain(`ok    annotation tool: ${tool} at ${tools.url}\n      takes the key`);
      expect(code).toBe(0);
      expect(tools.requests.map(({ method }) => method)).toEqual(['GET']);
      const wrong = await doctor({ [variable]: `${key.slice(0, -3)}123` });
      expect(wrong.code).toBe(1);
      expect(wrong.stdout).toMatch(new RegExp(`FAIL {2}annotation tool: [^\n]*\n +[^\n]*\n +[^\n]*${variable}`));
      expect(wrong.stdout).not.toContain(key.slice(0, -3));
    } finally {
      await tools.close();
    }
  });

  it('looks for the training command, and asks the last trained model one small question', async () => {
    server = await startQuirky(VLLM, () => ({ text: 'Hello.' }));
    const train = inHome('train.sh', `#!/bin/sh\necho '{"model": "seed", "baseUrl": "${server.url}/v1"}'\n`);
    inHome(
      'pool.jsonl',
      Array.from({ length: 6 }, (_, row) => `{"id": "i${row}", "instruction": "Name ${row} things."}\n`).join(''),
    );
    const trainer = 'trainer: { kind: command, command: ./train.sh, serve: { price: { input: 0, output: 0 } } }\n';
    const rounds =
      'rounds: { most: 1, seed: { strategy: random, count: 4 }, control: 0 }\nlabels: { test: 0, heldOutShare: 0 }\n';
    inHome('winnow.yaml', yaml(`${trainer}${rounds}`));
    const refused = await doctor();
    expect(refused.stdout).toMatch(/FAIL {2}trainer: command\n +.*train\.sh may not be executed\.\n +Run chmod \+x/);
    expect(refused.stdout).not.toContain('trained model');
    expect(refused.code).toBe(1);

    chmodSync(train, 0o755);
    const run = (...args: string[]) => runCli(args, { cwd: home, environment: { HOME: home } });
    expect((await run('run')).code).toBe(3);
    const tasks = readFileSync(join(home, 'rounds/1/tasks.jsonl'), 'utf8').trimEnd().split('\n');
    inHome(
      'labels.jsonl',
      tasks.map((task) => `${JSON.stringify({ ...JSON.parse(task), response: 'One, two.' })}\n`).join(''),
    );
    expect((await run('import', 'labels.jsonl')).code).toBe(0);
    await run('next');
    await run('next');
    const before = server.requests.length;
    const { stdout } = await doctor();
    expect(stdout).toMatch(/ok {4}trainer: command\n +finds .*train\.sh\n/);
    expect(stdout).toMatch(/ok {4}trained model: seed of round 1\n +answers\n/);
    expect(server.requests.length - before).toBe(1);
    await server.close();
    server = undefined;
    expect((await doctor()).stdout).toMatch(/FAIL {2}trained model: seed of round 1\n/);
  });
});
