import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseLongest } from '../support/chat-answers.ts';
import { startOpenAiServer } from '../support/openai-server.ts';
import type { ProviderServer } from '../support/provider-server.ts';
import { runCli } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Begun when prompts had candidates in JSON, and left after the first of two queries (see make.mjs in that folder). */
const FIXTURES = new URL('../fixtures/made-with-earlier-prompts/', import.meta.url);
/** Begun when prompts of judges were long, and left after three of eight judgments (see make.mjs in that folder). */
const JUDGED = new URL('../fixtures/made-with-longer-judgments/', import.meta.url);
const REDIRECT = new URL('../fixtures/made-by-0.1/redirect-fetch.mjs', import.meta.url);

const root = temporaryFolder();
let server: ProviderServer;
beforeAll(async () => {
  server = await startOpenAiServer({
    chat: (prompt) => {
      if (!/^Rate /m.test(prompt.system)) return chooseLongest(prompt);
      return {
        text: prompt.text.includes('JSON only')
          ? '{"reason": "as before", "score": 2}'
          : prompt.text.includes('the score, then |')
            ? '3 | as today'
            : 'as today | 3',
      };
    },
  });
});
afterAll(() => server.close());

function copyOf(name: string, from = FIXTURES) {
  const folder = root.file(from === FIXTURES ? name : `judged-${name}`);
  cpSync(fileURLToPath(new URL(name, from)), folder, { recursive: true });
  return {
    folder,
    winnow: (...args: readonly string[]) =>
      runCli(args, {
        cwd: folder,
        environment: {
          HOME: root.path,
          WINNOW_CACHE_DIR: root.file('cache'),
          WINNOW_API_KEY: 'no-real-key',
          NODE_OPTIONS: `--import ${REDIRECT}`,
          FIXTURE_SERVER: server.url,
        },
      }),
  };
}

/** What the last request said of the choice. */
function lastPrompt(): string {
  const { messages } = server.requests.at(-1)!.body as { messages: readonly { readonly content: string }[] };
  return messages.at(-1)!.content;
}

describe('what began with earlier prompts', () => {
  it('is a pick that goes on in its own state file with the prompt and the sizes it had', async () => {
    const { folder, winnow } = copyOf('pick');
    const args = [
      ...['pick', 'pool.jsonl', '--count', '8', '--provider', 'compatible', '--model', 'chooser'],
      ...['--base-url', 'http://llm.invalid/v1', '--price', '1,4', '--concurrency', '1', '--yes', '-o', 'picked.jsonl'],
    ];
    const states = () => readdirSync(join(folder, '.winnow')).filter((name) => name.endsWith('.db'));
    const before = states();
    const planned = await winnow(...args, '--plan', '--json');
    expect(JSON.parse(planned.stdout).selection.asking).toMatchObject({ queries: 2, queriesAnswered: 1 });
    const requests = server.requests.length;

    const { code, stderr, stdout } = await winnow(...args, '--json');
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ picked: 8, resumed: true, spent: { settledCalls: 2 } });
    expect(server.requests.length - requests).toBe(1);
    expect(lastPrompt()).toMatch(/^Below are 20 candidates, one JSON object per line/);
    expect(states()).toEqual(before);
    const picked = readFileSync(join(folder, 'picked.jsonl'), 'utf8').trimEnd().split('\n');
    const reasons = picked.map((line) => JSON.parse(line).winnow.reason as string);
    expect(reasons.filter((reason) => reason === 'the longest')).toHaveLength(4);

    // Another pick begins with the prompts of today.
    await winnow(...args.map((arg) => (arg === '8' ? '4' : arg)));
    expect(lastPrompt()).toMatch(/^\{"id":"[a-z]{2}"\} /);
    expect(states()).toHaveLength(2);
  });

  it('is a campaign whose rounds keep the prompt', async () => {
    const { winnow } = copyOf('campaign');
    const requests = server.requests.length;
    const { code, stdout, stderr } = await winnow('run', '--yes');
    expect(code, stderr).toBe(3);
    expect(stdout).toContain('round 1');
    expect(server.requests.length - requests).toBe(1);
    expect(lastPrompt()).toMatch(/^Below are 20 candidates, one JSON object per line/);
    const status = await winnow('status', '--json');
    expect(JSON.parse(status.stdout).rounds).toMatchObject([{ strategy: 'selectllm', selected: 8 }]);
  });

  it('is a score run that goes on in its own state file with the judgments and the prompt it had', async () => {
    const { folder, winnow } = copyOf('score', JUDGED);
    const args = [
      ...['score', 'pool.jsonl', '--dimension', 'quality', '--provider', 'compatible', '--model', 'judge'],
      ...['--base-url', 'http://llm.invalid/v1', '--price', '1,4', '--concurrency', '1', '--yes', '-o', 's.jsonl'],
    ];
    const states = () => readdirSync(join(folder, '.winnow')).filter((name) => name.endsWith('.db'));
    const requests = server.requests.length;
    const { code, stderr, stdout } = await winnow(...args, '--json');
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ resumed: true, spent: { settledCalls: 8 } });
    expect(server.requests.length - requests).toBe(5);
    expect(lastPrompt()).toMatch(/^Below is the instruction as one JSON object/);
    const scores = () =>
      readFileSync(join(folder, 's.jsonl'), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).winnow.score as number)
        .sort();
    expect(scores()).toEqual([2, 2, 2, 2, 2, 4, 4, 4]);
    expect(states()).toHaveLength(1);

    // Another run begins with the prompts of today.
    const other = await winnow(...args.map((arg) => (arg === 'quality' ? 'complexity' : arg)));
    expect(other.code, other.stderr).toBe(0);
    expect(lastPrompt()).toMatch(/^instruction: /);
    expect(states()).toHaveLength(2);
  });

  it('is a campaign that goes on judging with the prompt it had', async () => {
    const { winnow } = copyOf('campaign', JUDGED);
    const requests = server.requests.length;
    const { code, stderr } = await winnow('run', '--yes');
    expect(code, stderr).toBe(3);
    expect(server.requests.length - requests).toBe(5);
    expect(lastPrompt()).toMatch(/^Below is the instruction as one JSON object/);
  });
});
