import { EventEmitter, once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { chooseLongest } from '../support/chat-answers.ts';
import { startOpenAiServer } from '../support/openai-server.ts';
import type { ProviderServer } from '../support/provider-server.ts';
import { startCli } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { writeTinyPool } from '../support/tiny-pool.ts';

const folder = temporaryFolder();
const { pool, embeddings } = writeTinyPool(folder, 20);
const TIMEOUT_SECONDS = 5;

describe('a run that is stopped while a request is under way', () => {
  let server: ProviderServer | undefined;
  afterEach(() => server?.close());

  it('uses the reply that arrived meanwhile, and buys nothing again', async () => {
    const stopped = new EventEmitter();
    server = await startOpenAiServer({ chat: chooseLongest, hold: () => once(stopped, 'now') });
    const args = [
      ...['pick', pool, '--embeddings', embeddings, '-n', '2', '--per-query', '2', '--items-per-query', '10'],
      ...['--provider', 'openai', '--model', 'gpt-4o-mini', '--base-url', `${server.url}/v1`, '--json'],
      ...['--state', 'run.db', '-o', 'run.jsonl', '--yes', '--timeout', String(TIMEOUT_SECONDS)],
    ];
    const run = startCli(args, { cwd: folder.path, environment: { OPENAI_API_KEY: 'sk-x' } });
    await server.received(1);
    run.process.kill('SIGSTOP');
    stopped.emit('now');
    // Longer than the timeout: only time passing shows that it does not count.
    await wait((TIMEOUT_SECONDS + 1) * 1_000);
    run.process.kill('SIGCONT');
    const { code, stdout } = await run.ended;
    expect(code).toBe(0);
    expect(JSON.parse(stdout).spent).toMatchObject({ settledCalls: 1, lostCalls: 0 });
    expect(server.requests).toHaveLength(1);
  });
});
