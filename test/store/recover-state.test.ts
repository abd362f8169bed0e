import { copyFileSync, existsSync, readFileSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { WinnowError } from '../../src/domain/winnow-error.ts';
import { seededRandom } from '../../src/math/random.ts';
import { viewCampaignState } from '../../src/store/campaign-state.ts';
import { lockFile } from '../../src/store/file-lock.ts';
import { openDatabase } from '../../src/store/open-database.ts';
import { recoverState } from '../../src/store/recover-state.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const MADE = fileURLToPath(new URL('../fixtures/made-by-0.1/campaign-nearest/winnow.db', import.meta.url));
const NOW = 0;
const PAGE = pageSize();

function pageSize(): number {
  const database = new Database(MADE, { readonly: true });
  const size = database.pragma('page_size', { simple: true }) as number;
  database.close();
  return size;
}

/** A copy, as it was made or of the present version. */
function state(name: string, { migrated = false } = {}): string {
  const path = folder.file(name);
  copyFileSync(MADE, path);
  if (migrated) openDatabase(path).close();
  return path;
}

/** Of every table, by name. */
function rowsOf(path: string): Record<string, unknown[]> {
  const database = new Database(path, { readonly: true });
  const names = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all() as string[];
  const rows = names.map((name) => [name, database.prepare(`SELECT * FROM "${name}"`).all()] as const);
  database.close();
  return Object.fromEntries(rows.filter(([, all]) => all.length > 0));
}

function damage(path: string, pages: readonly number[]): void {
  const bytes = readFileSync(path);
  for (const page of pages) bytes.fill(0xa5, page * PAGE, Math.min(bytes.length, (page + 1) * PAGE));
  writeFileSync(path, bytes);
}

/** The pages of a table, without its root. */
function leavesOf(path: string, table: string): number[] {
  const database = new Database(path, { readonly: true });
  const pages = database
    .prepare("SELECT pageno - 1 FROM dbstat WHERE name = ? AND pagetype = 'leaf'")
    .pluck()
    .all(table);
  database.close();
  return pages as number[];
}

describe('recover', () => {
  it('copies all of a sound file of any version, and leaves the old one as it is', () => {
    for (const migrated of [false, true]) {
      const from = state(`sound-${migrated}.db`, { migrated });
      const before = readFileSync(from);
      const to = folder.file(`sound-${migrated}.recovered.db`);
      const recovery = recoverState(from, to, NOW);
      expect(recovery).toMatchObject({ from, to, rebuilt: false });
      expect(recovery.tables.every(({ gaps, left }) => gaps === 0 && left === 0)).toBe(true);
      expect(rowsOf(to)).toEqual(rowsOf(state(`expected-${migrated}.db`, { migrated: true })));
      expect(readFileSync(from)).toEqual(before);
      expect(statSync(to).mode & 0o777).toBe(0o600);
    }
  });

  it('goes by the file that a link names: its log is read, and a process that uses it is seen', () => {
    const from = state('linked-to.db', { migrated: true });
    const link = folder.file('link.db');
    symlinkSync(from, link);
    const writer = new Database(from);
    writer.pragma('wal_autocheckpoint = 0');
    writer.prepare("UPDATE item SET instruction = 'Only in the log.' WHERE position = 0").run();
    const lock = lockFile(from, NOW);
    expect(() => recoverState(link, folder.file('link.recovered.db'), NOW)).toThrow(
      expect.objectContaining({ code: 'STATE_LOCKED' }),
    );
    lock.release();
    const to = folder.file('link.recovered.db');
    expect(recoverState(link, to, NOW)).toMatchObject({ from: link, to });
    expect(rowsOf(to).item![0]).toMatchObject({ instruction: 'Only in the log.' });
    writer.close();
  });

  it('saves the rows before and behind a damaged page, and says that there is a gap', () => {
    const from = state('page.db', { migrated: true });
    const leaves = leavesOf(from, 'item');
    expect(leaves.length).toBeGreaterThan(3);
    const whole = rowsOf(from).item!;
    damage(from, [leaves[2]!]);
    const { tables } = recoverState(from, folder.file('page.recovered.db'), NOW);
    const saved = rowsOf(folder.file('page.recovered.db')).item!;
    expect(tables.find(({ name }) => name === 'item')).toMatchObject({ saved: saved.length, gaps: 1 });
    expect(saved.length).toBeLessThan(whole.length);
    expect(saved[0]).toEqual(whole[0]);
    expect(saved.at(-1)).toEqual(whole.at(-1));
    // What belongs to items that are lost is left out, so that the new file is consistent.
    const database = new Database(folder.file('page.recovered.db'));
    expect(database.pragma('foreign_key_check')).toEqual([]);
    expect(database.pragma('integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    database.close();
  });

  it('saves what it can of a file whose first page is gone', () => {
    const from = folder.file('first.db');
    openDatabase(from).close();
    const whole = rowsOf(state('first-rows.db', { migrated: true }));
    const fresh = new Database(from);
    fresh.pragma('foreign_keys = OFF');
    fresh.prepare('ATTACH ? AS made').run(folder.file('first-rows.db'));
    for (const name of Object.keys(whole)) fresh.exec(`INSERT INTO main."${name}" SELECT * FROM made."${name}"`);
    fresh.close();
    const bytes = readFileSync(from);
    writeFileSync(from, bytes.fill(0xa5, 0, 4096));
    expect(() => openDatabase(from)).toThrow('not a database');
    expect(recoverState(from, folder.file('first.recovered.db'), NOW).rebuilt).toBe(true);
    expect(rowsOf(folder.file('first.recovered.db'))).toEqual(whole);
  });

  it('saves all of a file that lost its header only, of any version and page size', () => {
    const from = state('header.db');
    const whole = rowsOf(state('header-expected.db', { migrated: true }));
    writeFileSync(from, readFileSync(from).fill(0xa5, 0, 100));
    expect(recoverState(from, folder.file('header.recovered.db'), NOW).rebuilt).toBe(true);
    expect(rowsOf(folder.file('header.recovered.db'))).toEqual(whole);
  });

  it('comes to an end where damaged pages give rows out of order', () => {
    const from = state('order.db');
    damage(from, [0]);
    expect(recoverState(from, folder.file('order.recovered.db'), NOW).tables.some(({ saved }) => saved > 0)).toBe(true);
  });

  it('counts an attempt whose reply is lost at its worst case again', () => {
    const from = state('reply.db', { migrated: true });
    const database = new Database(from);
    database.pragma('foreign_keys = OFF');
    const attempts = database.prepare("SELECT count(*) FROM outcome WHERE state = 'settled'").pluck().get();
    database.exec('DELETE FROM reply');
    database.close();
    expect(attempts).toBeGreaterThan(0);
    recoverState(from, folder.file('reply.recovered.db'), NOW);
    const saved = rowsOf(folder.file('reply.recovered.db'));
    expect(saved.attempt).toHaveLength(rowsOf(from).attempt!.length);
    expect((saved.outcome ?? []).filter((row) => (row as { state: string }).state === 'settled')).toEqual([]);
  });

  it('replaces no file, and leaves none where nothing can be read', () => {
    const from = state('nothing.db');
    expect(() => recoverState(from, MADE, NOW)).toThrow('already exists');
    writeFileSync(from, 'x'.repeat(3 * PAGE));
    const to = folder.file('nothing.recovered.db');
    expect(() => recoverState(from, to, NOW)).toThrow(`Nothing in ${from} can be read.`);
    expect(existsSync(to)).toBe(false);
  });
});

describe('a damaged file', () => {
  const random = seededRandom(12, 'damage');
  const whole = statSync(MADE).size;
  const options = { clock: { now: () => NOW }, caps: {}, version: '0' } as Parameters<typeof viewCampaignState>[1];

  it.each(Array.from({ length: 16 }, (_, run) => run))('ends in a typed error or is read: %i', (run) => {
    const path = state(`random-${run}.db`, { migrated: run % 2 === 0 });
    if (run % 5 === 0) truncateSync(path, Math.floor(random.float() * whole));
    else
      damage(
        path,
        Array.from({ length: 1 + (run % 4) }, () => Math.floor((random.float() * whole) / PAGE)),
      );
    try {
      const campaign = viewCampaignState(path, options);
      try {
        void [...campaign.items.all()];
        campaign.rounds.plans();
        campaign.rounds.picks();
        campaign.ledger.entries();
        campaign.labels.annotations();
      } finally {
        campaign.close();
      }
    } catch (error) {
      expect(error).toBeInstanceOf(WinnowError);
      expect(error).toMatchObject({ code: 'STATE_UNREADABLE' });
    }
    const to = folder.file(`random-${run}.recovered.db`);
    try {
      recoverState(path, to, NOW);
    } catch (error) {
      expect(error).toMatchObject({ code: 'STATE_UNREADABLE' });
      return;
    }
    const recovered = new Database(to, { readonly: true });
    expect(recovered.pragma('integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    expect(recovered.pragma('foreign_key_check')).toEqual([]);
    recovered.close();
  });

  it('names the command that saves what can be read', () => {
    const path = state('hint.db', { migrated: true });
    damage(path, leavesOf(path, 'item').slice(0, 1));
    const campaign = viewCampaignState(path, options);
    expect(() => [...campaign.items.all()]).toThrow(
      expect.objectContaining({
        code: 'STATE_UNREADABLE',
        message: `${path} is damaged: database disk image is malformed.`,
        hint: `Save what can be read in a new file: winnow recover ${path}. Or restore a backup.`,
      }),
    );
    campaign.close();
  });
});
