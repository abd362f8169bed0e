import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { chooseLongest } from '../support/chat-answers.ts';
import { startOpenAiServer } from '../support/openai-server.ts';
import type { ProviderServer } from '../support/provider-server.ts';
import { runCli } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { asLines } from './campaign-lab.ts';

const folder = temporaryFolder();
let server: ProviderServer;
beforeAll(async () => {
  server = await startOpenAiServer({ chat: chooseLongest });
});
afterAll(() => server.close());

const SETS = Array.from({ length: 4 }, (_, part) =>
  Object.fromEntries(Array.from({ length: 5_000 }, (_, field) => [`f${part * 5_000 + field}`, 0])),
);
folder.write(
  'wide.jsonl',
  asLines(SETS.map((fields, row) => ({ id: `r${row}`, instruction: `Count to ${row}.`, ...fields }))),
);

it.each([['pick', '-n', '2'], ['score']])(
  '%s refuses a pool with too many fields for a table before anything is spent',
  async (command, ...more) => {
    const args = [command, 'wide.jsonl', ...more, '--provider', 'openai', '--model', 'gpt-4o-mini', '--yes'];
    const run = await runCli([...args, '--base-url', `${server.url}/v1`, '-o', 'out.csv'], {
      cwd: folder.path,
      environment: { OPENAI_API_KEY: 'sk-x' },
    });
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toContain('more different fields than a table can have columns (16,384).');
    expect(run.stderr).toContain('name the output .jsonl');
    expect(server.requests).toEqual([]);
    expect(existsSync(folder.file('out.csv'))).toBe(false);
  },
);
