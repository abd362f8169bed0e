import { afterEach, describe, expect, it } from 'vitest';
import { startOpenAiServer } from '../support/openai-server.ts';
import type { ProviderServer } from '../support/provider-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { writeTinyPool } from '../support/tiny-pool.ts';
import { HAS_TERMINAL, onTerminal } from './on-terminal.ts';

const folder = temporaryFolder();
const { pool, embeddings } = writeTinyPool(folder, 60);

let server: ProviderServer | undefined;
afterEach(() => server?.close());

async function args(): Promise<string[]> {
  server = await startOpenAiServer({ latencyMs: 500 });
  return [
    ...['pick', pool, '--embeddings', embeddings, '-n', '12', '--per-query', '2', '--concurrency', '2'],
    ...['--provider', 'openai', '--model', 'gpt-4o-mini', '--base-url', `${server.url}/v1`, '-o', 'picked.jsonl'],
  ];
}

const answering = async (keys: string) =>
  onTerminal(await args(), [{ at: 'Accept this cost?', keys }], {
    cwd: folder.path,
    environment: { OPENAI_API_KEY: 'key' },
  });

describe.skipIf(!HAS_TERMINAL)('on a terminal', () => {
  it('shows the cost and asks; "no" spends nothing', async () => {
    const { code, screen } = await answering('n');
    expect(screen).toMatch(/cost +\$0\.\d+ expected, \$0\.\d+ at worst/);
    expect(screen).not.toContain('The first prompt');
    expect(screen).toContain('Stopped. Nothing was spent.');
    expect(code).toBe(3);
    expect(server!.requests).toHaveLength(0);
  });

  it('goes on after "yes", with a bar, rate and time left, and fits into 80 columns', async () => {
    const { code, screen } = await answering('y');
    expect(code).toBe(0);
    expect(server!.requests).toHaveLength(6);
    expect(screen).toMatch(/[█░]{10} Choosing: \d of 6 queries/);
    expect(screen).toMatch(/Choosing: \d of 6 queries, [\d.]+\/s, [\d.]+ s left/);
    const shown = screen.slice(screen.indexOf('Picked 12'));
    for (const line of shown.split(/\r?\n/)) expect(line.length).toBeLessThanOrEqual(120);
    const previews = shown.split(/\r?\n/).filter((line) => /^ {2}\d {2}/.test(line));
    expect(previews).toHaveLength(5);
    for (const line of previews) expect(line.length).toBeLessThanOrEqual(80);
  });
});
