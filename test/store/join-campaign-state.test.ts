import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type CampaignState, joinCampaignState } from '../../src/store/campaign-state.ts';
import { lockFile } from '../../src/store/file-lock.ts';
import { MIGRATIONS } from '../../src/store/migrations.ts';
import { openDatabase } from '../../src/store/open-database.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { campaignOptions, emptyCampaign, paidReply, plannedCall, plannedExpense, poolOf } from './campaign-file.ts';

const folder = temporaryFolder();
const options = campaignOptions();
const SAVE_LABELS = fileURLToPath(new URL('save-labels.ts', import.meta.url));

describe('joinCampaignState', () => {
  it('finds nothing where no campaign is begun', () => {
    expect(joinCampaignState(folder.file('none.db'), options)).toBeUndefined();
    openDatabase(folder.file('empty.db')).close();
    expect(joinCampaignState(folder.file('empty.db'), options)).toBeUndefined();
  });

  it('stands beside the owner: each sees what the other writes', () => {
    const path = folder.file('beside.db');
    const owner = emptyCampaign({}, path);
    owner.items.addFile('pool.jsonl', 'hash', poolOf([{ id: 'a', instruction: 'A' }]));
    owner.ledger.expenses.reserve([plannedExpense('labels', 'awaited', 4_000)]);
    const joined = joinCampaignState(path, options)!;
    expect(joined.key).toBe(owner.key);
    expect(joined.items.idOf(0)).toBe('a');
    joined.ledger.expenses.settle('awaited', { costMicroUsd: 3_000, labels: 1 });
    expect(owner.ledger.spending().labels).toMatchObject({ settledMicroUsd: 3_000, reservedMicroUsd: 0 });
    joined.close();
    owner.close();
  });

  it('says so where the file is none, or only the first part of one', () => {
    const path = folder.file('whole.db');
    const owner = emptyCampaign({}, path);
    const pool = Array.from({ length: 500 }, (_, at) => ({ id: String(at), instruction: `Tell a story of ${at}.` }));
    owner.items.addFile('pool.jsonl', 'hash', poolOf(pool));
    owner.close();
    const half = readFileSync(path).subarray(0, 20_000);
    for (const [name, content] of [
      ['half.db', half],
      ['other.db', 'not a database'],
    ] as const) {
      writeFileSync(folder.file(name), content);
      expect(() => joinCampaignState(folder.file(name), options)).toThrow(
        expect.objectContaining({ code: 'STATE_UNREADABLE', message: expect.stringContaining(name) }),
      );
    }
  });

  it('leaves the calls under way of the owner alone', () => {
    const path = folder.file('calls.db');
    const owner = emptyCampaign({}, path);
    const attempt = owner.ledger.calls.reserve(plannedCall('under way', 700));
    const joined = joinCampaignState(path, options)!;
    expect(joined.ledger.spending().llm.reservedMicroUsd).toBe(700);
    owner.ledger.calls.settle(attempt, paidReply(30));
    expect(owner.ledger.spending().llm).toEqual({ settledMicroUsd: 30, reservedMicroUsd: 0 });
    joined.close();
    owner.close();
  });

  it('migrates an older schema, but not while another process has the file open', () => {
    const path = folder.file('older.db');
    const old = openDatabase(path, MIGRATIONS.slice(0, 4));
    old.exec(`INSERT INTO run VALUES (1, '{"campaign":"abc"}', '0.1.0', 0)`);
    old.close();
    const lock = lockFile(path, 0);
    expect(() => joinCampaignState(path, options)).toThrow(expect.objectContaining({ code: 'STATE_LOCKED' }));
    lock.release();
    const joined = joinCampaignState(path, options)!;
    expect(joined.key).toBe('abc');
    expect(joined.desk.begun()).toEqual([]);
    joined.close();
  });

  it('and the owner write at the same time, and no transaction of either is turned away', async () => {
    const path = folder.file('both.db');
    const owner = emptyCampaign({}, path);
    owner.items.addFile('pool.jsonl', 'hash', poolOf([{ id: 'a', instruction: 'A' }]));
    const labels = 150;
    const other = spawn(process.execPath, ['--import', 'tsx', SAVE_LABELS, path, String(labels)], { stdio: 'inherit' });
    const ended = new Promise<number | null>((resolve) => other.on('close', resolve));
    let expenses = 0;
    while (other.exitCode === null && other.signalCode === null) {
      for (let many = 0; many < 20; many += 1) {
        owner.ledger.expenses.reserve([plannedExpense('training', `training ${expenses}`, 1)]);
        expenses += 1;
      }
      await new Promise((resolve) => setTimeout(resolve));
    }
    expect(await ended).toBe(0);
    // Each label read how many there were: none was lost in between.
    expect(owner.labels.annotations().map(({ response }) => response)).toEqual(
      Array.from({ length: labels }, (_, index) => `answer ${index}`),
    );
    expect(owner.ledger.spending().training.reservedMicroUsd).toBe(expenses);
    owner.close();
  });

  it('and the owner set labels aside under one cap: each counts what the other has set aside since', () => {
    const path = folder.file('caps.db');
    const caps = { labels: 7 };
    const owner = emptyCampaign(caps, path);
    const joined = joinCampaignState(path, campaignOptions(caps))!;
    const reserve = (state: CampaignState, ...keys: string[]) =>
      state.ledger.expenses.reserve(keys.map((key) => plannedExpense('labels', key, 1)));
    reserve(owner, 'a', 'b');
    reserve(joined, 'b', 'c', 'd');
    expect(() => reserve(owner, 'e', 'f', 'g', 'h')).toThrow('7 of 7 labels are made or awaited.');
    reserve(owner, 'd', 'e', 'f');
    expect(() => reserve(joined, 'g', 'h')).toThrow('7 of 7 labels are made or awaited.');
    reserve(joined, 'a', 'g');
    expect(owner.ledger.spending().labels).toMatchObject({ reservedMicroUsd: 7, reservedLabels: 7 });
    joined.close();
    owner.close();
  });
});
