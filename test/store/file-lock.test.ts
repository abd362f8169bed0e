import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { lockFile } from '../../src/store/file-lock.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const holderScript = fileURLToPath(new URL('hold-lock.ts', import.meta.url));

describe('lockFile', () => {
  let holder: ChildProcess | undefined;

  afterEach(() => {
    holder?.kill('SIGKILL');
  });

  async function holdElsewhere(path: string): Promise<ChildProcess> {
    holder = spawn(process.execPath, ['--import', 'tsx', holderScript, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(holder.stdout!, 'data');
    return holder;
  }

  it('tells a second process who holds the file, and is free as soon as the holder is killed', async () => {
    const path = folder.file('killed.db');
    const { pid } = await holdElsewhere(path);
    expect(() => lockFile(path, 0)).toThrow(
      expect.objectContaining({
        code: 'STATE_LOCKED',
        message: `${path} is in use by process ${pid} on ${hostname()}, since 1970-01-01T00:00:00.000Z.`,
        hint: expect.stringContaining('Wait for it to end'),
      }),
    );
    const exited = once(holder!, 'exit');
    holder!.kill('SIGKILL');
    await exited;
    lockFile(path, 0).release();
  });

  it('names the present holder, not one before', async () => {
    const path = folder.file('second.db');
    lockFile(path, 0).release();
    const { pid } = await holdElsewhere(path);
    expect(() => lockFile(path, 0)).toThrow(`process ${pid} on`);
  });

  it('refuses a second lock within one process too, until the first is released', () => {
    const path = folder.file('twice.db');
    const first = lockFile(path, 0);
    expect(() => lockFile(path, 0)).toThrow(`process ${process.pid} on ${hostname()}`);
    first.release();
    const second = lockFile(path, 0);
    expect(() => lockFile(path, 0)).toThrow(expect.objectContaining({ code: 'STATE_LOCKED' }));
    second.release();
  });

  it('makes the folder, and touches nothing but the lock file', () => {
    const path = folder.file('new/folder/run.db');
    lockFile(path, 0).release();
    expect(existsSync(`${path}.lock`)).toBe(true);
    expect(existsSync(path)).toBe(false);
  });

  it('locks nothing for a state in memory', () => {
    const locks = [lockFile(':memory:', 0), lockFile(':memory:', 0)];
    expect(existsSync(':memory:.lock')).toBe(false);
    for (const lock of locks) lock.release();
  });

  it('says that a file cannot be locked where a folder on its way is a file', () => {
    const path = `${folder.write('file', '')}/run.db`;
    expect(() => lockFile(path, 0)).toThrow(expect.objectContaining({ code: 'STATE_UNREADABLE' }));
  });

  it('says that a file cannot be locked where something else has the name of its lock', () => {
    folder.write('taken.db.lock', 'not a database, and long enough to be seen as none'.repeat(30));
    expect(() => lockFile(folder.file('taken.db'), 0)).toThrow(
      expect.objectContaining({ code: 'STATE_UNREADABLE', message: expect.stringContaining('taken.db.lock') }),
    );
  });
});
