import { chmodSync, copyFileSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { SqliteVectorCache } from '../../src/models/embedders/sqlite-vector-cache.ts';
import { viewCampaignState } from '../../src/store/campaign-state.ts';
import { openRunState } from '../../src/store/run-state.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const MADE = fileURLToPath(new URL('../fixtures/made-by-0.1/campaign-nearest/winnow.db', import.meta.url));
const clock = { now: () => 0, elapsed: () => 0, sleep: async () => undefined };
const modeOf = (path: string) => statSync(path).mode & 0o777;

describe('states and caches', () => {
  it('are for their owner alone: files, locks, logs and new folders', () => {
    const path = folder.file('new/deep/state.db');
    const state = openRunState(path, { kind: 'pick' }, { clock, version: '0' });
    const cache = new SqliteVectorCache(folder.file('cache/vectors.db'));
    const files = ['new/deep', 'cache'].flatMap((name) =>
      readdirSync(folder.file(name)).map((file) => folder.file(`${name}/${file}`)),
    );
    expect(files.map((file) => file.slice(folder.path.length + 1)).sort()).toEqual([
      ...['cache/vectors.db', 'cache/vectors.db-shm', 'cache/vectors.db-wal'],
      ...['new/deep/state.db', 'new/deep/state.db-shm', 'new/deep/state.db-wal', 'new/deep/state.db.lock'],
    ]);
    expect(files.filter((file) => modeOf(file) !== 0o600)).toEqual([]);
    expect(['new', 'new/deep', 'cache'].map((name) => modeOf(folder.file(name)))).toEqual([0o700, 0o700, 0o700]);
    cache.close();
    state.close();
  });

  it('keep the permissions that someone gave them', () => {
    const path = folder.file('shared.db');
    openRunState(path, { kind: 'pick' }, { clock, version: '0' }).close();
    chmodSync(path, 0o660);
    openRunState(path, { kind: 'pick' }, { clock, version: '0' }).close();
    expect(modeOf(path)).toBe(0o660);
  });
});

/** The superuser may write everywhere. */
function withoutPrivileges<T>(work: () => T): T {
  if (process.getuid?.() !== 0) return work();
  process.seteuid!(65_534);
  try {
    return work();
  } finally {
    process.seteuid!(0);
  }
}

describe('a campaign in a read-only folder', () => {
  it.each(['closed', 'left open'])('can be viewed: %s', (how) => {
    const path = folder.file(`${how}/winnow.db`);
    mkdirSync(dirname(path));
    copyFileSync(MADE, path);
    const writer = new Database(path);
    writer.pragma('journal_mode = WAL');
    writer.prepare("UPDATE run SET winnow_version = 'in the log'").run();
    if (how === 'closed') writer.close();
    chmodSync(folder.path, 0o755);
    chmodSync(path, 0o444);
    for (const name of readdirSync(dirname(path))) chmodSync(folder.file(`${how}/${name}`), 0o444);
    chmodSync(dirname(path), 0o555);
    try {
      const items = withoutPrivileges(() => {
        const state = viewCampaignState(path, { clock, caps: {}, version: '0' });
        const found = state.items.all();
        state.close();
        return found;
      });
      expect(items).toHaveLength(46);
    } finally {
      chmodSync(dirname(path), 0o755);
      writer.close();
    }
  });
});
