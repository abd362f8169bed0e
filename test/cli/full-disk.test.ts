import { execFileSync } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { chooseLongest } from '../support/chat-answers.ts';
import { startOpenAiServer } from '../support/openai-server.ts';
import { startCli } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { writeTinyPool } from '../support/tiny-pool.ts';

const folder = temporaryFolder();
const disk = folder.file('disk');
const isMounted = mountDisk();
afterAll(() => {
  if (isMounted) execFileSync('umount', ['--lazy', disk]);
});

/** A file system of one megabyte. Mounting takes root. */
function mountDisk(): boolean {
  mkdirSync(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'winnow-test', disk], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Writes until nothing fits. */
function fill(path: string): void {
  const file = openSync(path, 'w');
  try {
    for (;;) writeSync(file, Buffer.alloc(4_096));
  } catch (error) {
    expect(error).toMatchObject({ code: 'ENOSPC' });
  } finally {
    closeSync(file);
  }
}

describe('a run on a disk that is full when the reply comes', () => {
  it.skipIf(!isMounted)(
    'says so, waits for space, and uses the reply it has (skipped unless this user may mount)',
    async () => {
      const { pool, embeddings } = writeTinyPool(folder, 20);
      const full = new EventEmitter();
      const server = await startOpenAiServer({
        // Longer than what is left in pages that the state has already.
        chat: (prompt) => ({ ...chooseLongest(prompt), text: `${' '.repeat(20_000)}${chooseLongest(prompt).text}` }),
        hold: () => once(full, 'now'),
      });
      try {
        const run = startCli(
          [
            ...['pick', pool, '--embeddings', embeddings, '-n', '2', '--per-query', '2', '--items-per-query', '10'],
            ...['--provider', 'openai', '--model', 'gpt-4o-mini', '--base-url', `${server.url}/v1`, '--json'],
            ...['--state', `${disk}/run.db`, '-o', 'run.jsonl', '--yes'],
          ],
          { cwd: folder.path, environment: { OPENAI_API_KEY: 'sk-x' } },
        );
        await server.received(1);
        fill(`${disk}/ballast`);
        full.emit('now');
        await run.printed('Free some space');
        rmSync(`${disk}/ballast`);
        const { code, stdout, stderr } = await run.ended;
        expect({ code, stderr }).toMatchObject({
          code: 0,
          stderr: expect.stringContaining('run.db cannot be written'),
        });
        expect(JSON.parse(stdout).spent).toMatchObject({ settledCalls: 1, lostCalls: 0 });
        expect(server.requests).toHaveLength(1);
      } finally {
        await server.close();
      }
    },
  );
});
