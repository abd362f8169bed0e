import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChatPrompt } from '../support/chat-answers.ts';
import { startOpenAiServer } from '../support/openai-server.ts';
import type { ProviderServer } from '../support/provider-server.ts';
import { type CliOptions, runCli, startCli } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { asLines } from './campaign-lab.ts';
import { numberIn, pairOf } from './score-lab.ts';

const ITEMS = 20;
const KILLS = 4;
/** Every third needs a second request, for its first answer is none. */
const REQUESTS = ITEMS + 7;

const folder = temporaryFolder();
const options: CliOptions = { cwd: folder.path, environment: { OPENAI_API_KEY: 'key' } };

/** Every item twice, the second time from the last on, with something of its own that is not judged. */
const numbers = [...Array(ITEMS).keys(), ...[...Array(ITEMS).keys()].reverse()];
const records = numbers.map((number, row) => ({ row, ...pairOf(number) }));
folder.write('pairs.jsonl', asLines(records));

let server: ProviderServer;
beforeAll(async () => {
  server = await startOpenAiServer({ chat: answer });
});
afterAll(() => server.close());

const scoreOf = (number: number) => (number % 11) / 2;

/** Of the open requests, the first is answered last. */
async function answer({ request }: ChatPrompt) {
  const messages = request.body.messages as readonly unknown[];
  const number = numberIn({ request });
  await wait(120 - 30 * (number % 4));
  if (number % 3 === 0 && messages.length < 4) return { text: 'Splendid, five of five.' };
  return { text: JSON.stringify({ reason: `it is ${number}`, score: scoreOf(number) }) };
}

const args = (name: string) => [
  ...['score', 'pairs.jsonl', '--provider', 'openai', '--model', 'gpt-4o-mini', '--base-url', `${server.url}/v1`],
  ...['--concurrency', '4', '--state', `${name}.db`, '-o', `${name}.jsonl`, '--yes'],
];

function inState<Value>(name: string, query: string): Value {
  const database = new Database(folder.file(`${name}.db`), { readonly: true });
  try {
    return database.prepare(query).pluck().get() as Value;
  } finally {
    database.close();
  }
}

describe('winnow score killed with -9 again and again', () => {
  it('writes what one that was left alone writes, in the order read, and asks for no answer it has', async () => {
    const before = server.requests.length;
    expect((await runCli(args('whole'), options)).code).toBe(0);
    expect(server.requests.length - before).toBe(REQUESTS);
    const whole = readFileSync(folder.file('whole.jsonl'), 'utf8');
    const written = whole
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(written.map(({ winnow: _, ...record }) => record)).toEqual(records);
    expect(written.map(({ winnow: { score, reason } }) => [score, reason])).toEqual(
      numbers.map((number) => [scoreOf(number), `it is ${number}`]),
    );

    for (let kill = 0; kill < KILLS; kill += 1) {
      const asked = server.requests.length;
      const run = startCli(args('killed'), options);
      await server.received(asked + 5, run.ended);
      run.process.kill('SIGKILL');
      expect((await run.ended).code).toBe('SIGKILL');
    }
    const stored = inState<number>('killed', 'SELECT count(*) FROM reply');
    expect(stored).toBeGreaterThan(0);
    const asked = server.requests.length;
    expect((await runCli(args('killed'), options)).code).toBe(0);
    expect(server.requests.length - asked).toBe(REQUESTS - stored);
    expect(readFileSync(folder.file('killed.jsonl'), 'utf8')).toBe(whole);
    // Every answer is stored once, and paid for once.
    expect(inState('killed', 'SELECT count(*) FROM reply')).toBe(REQUESTS);
    const calls = 'SELECT count(DISTINCT call_id) FROM attempt JOIN reply ON attempt_id = attempt.id';
    expect(inState('killed', calls)).toBe(REQUESTS);
    expect(inState('killed', 'SELECT sum(cost_micro_usd) FROM reply')).toBe(
      inState('whole', 'SELECT sum(cost_micro_usd) FROM reply'),
    );
  });
});
