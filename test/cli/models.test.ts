import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChatReply } from '../support/chat-answers.ts';
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
});
