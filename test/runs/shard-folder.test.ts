import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { shardFolder } from '../../src/runs/open-run.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();

describe('shardFolder', () => {
  it('is that of the state', () => {
    expect(shardFolder({ state: join(folder.path, 'a', 'run.db') }, { dryRun: false })()).toBe(join(folder.path, 'a'));
    expect(shardFolder({}, { dryRun: false })()).toBe('.winnow');
  });

  it('makes no folder in a dry run', () => {
    const missing = { state: join(folder.path, 'b', 'run.db') };
    expect(shardFolder(missing, { dryRun: true })()).toBe(tmpdir());
    expect(existsSync(join(folder.path, 'b'))).toBe(false);
    expect(shardFolder({ state: folder.file('run.db') }, { dryRun: true })()).toBe(folder.path);
  });
});
