import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { openCampaignState, viewCampaignState } from '../../src/store/campaign-state.ts';
import { MIGRATIONS } from '../../src/store/migrations.ts';
import { openDatabase } from '../../src/store/open-database.ts';
import { openRunState } from '../../src/store/run-state.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import {
  campaignOptions,
  clock,
  emptyCampaign,
  paidReply,
  plannedCall,
  plannedExpense,
  poolOf,
  texts,
} from './campaign-file.ts';

const folder = temporaryFolder();
const holderScript = fileURLToPath(new URL('hold-campaign.ts', import.meta.url));
const options = campaignOptions();
const runOptions = { clock, version: '0.1.0' };
const SPENT = { rule: 'budget' as const, message: 'The budget is spent.' };

function hash(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

describe('openCampaignState', () => {
  it('begins a campaign, and goes on with the same one', () => {
    const path = folder.file('same.db');
    const first = emptyCampaign({}, path);
    expect(first.key).toMatch(/^[0-9a-f]{12}$/);
    first.items.addFile('pool.jsonl', 'hash', poolOf([{ instruction: 'A' }]));
    first.journal(2).saveQueries([{ number: 0, positions: [0], picks: 1 }]);
    first.close();
    const second = emptyCampaign({}, path);
    expect(second.key).toBe(first.key);
    expect(texts(second.items.all())).toEqual(['A']);
    expect(second.journal(2).loadQueries()).toEqual([{ number: 0, positions: [0], picks: 1 }]);
    expect(second.journal(1).loadQueries()).toBeUndefined();
    second.close();
  });

  it('gives campaigns of other files other keys', () => {
    const states = ['one.db', 'two.db'].map((name) => emptyCampaign({}, folder.file(name)));
    expect(states[0]!.key).not.toBe(states[1]!.key);
    for (const state of states) state.close();
  });

  it('is for one process alone, until it is closed', () => {
    const path = folder.file('alone.db');
    const first = emptyCampaign({}, path);
    expect(() => openCampaignState(path, options)).toThrow(expect.objectContaining({ code: 'STATE_LOCKED' }));
    first.close();
    emptyCampaign({}, path).close();
  });

  it('refuses the file of a run of pick and leaves it to that, and the other way round', () => {
    const path = folder.file('run.db');
    openRunState(path, { pool: 'abc' }, runOptions).close();
    const refusal = expect.objectContaining({
      code: 'STATE_MISMATCH',
      message: `${path} belongs to a run of winnow pick, not to a campaign.`,
    });
    expect(() => openCampaignState(path, options)).toThrow(refusal);
    expect(() => viewCampaignState(path, options)).toThrow(refusal);
    openRunState(path, { pool: 'abc' }, runOptions).close();

    const campaign = folder.file('campaign.db');
    emptyCampaign({}, campaign).close();
    expect(() => openRunState(campaign, { pool: 'abc' }, runOptions)).toThrow(
      expect.objectContaining({ code: 'STATE_MISMATCH' }),
    );
    expect(() => openRunState(campaign, { kind: 'pick', pool: 'abc' }, runOptions)).toThrow(
      `${campaign} is the state of a campaign, not of a pick.`,
    );
  });

  it('says which command a foreign file is of', () => {
    const path = folder.file('scores.db');
    openRunState(path, { kind: 'score', pool: 'abc' }, runOptions).close();
    expect(() => openCampaignState(path, options)).toThrow('belongs to a run of winnow score, not to a campaign');
  });

  it('undoes every change of a transaction that throws', () => {
    const state = emptyCampaign();
    expect(() =>
      state.transaction(() => {
        state.rounds.saveStop(1, SPENT);
        state.ledger.expenses.reserve([plannedExpense('labels', 'a', 10)]);
        throw new Error('cut off');
      }),
    ).toThrow('cut off');
    expect(state.rounds.lastStop()).toBeUndefined();
    expect(state.ledger.spending().labels.reservedMicroUsd).toBe(0);
    state.transaction(() => state.rounds.saveStop(1, SPENT));
    expect(state.rounds.lastStop()).toEqual({ ...SPENT, round: 1 });
    state.close();
  });
});

describe('viewCampaignState', () => {
  let holder: ChildProcess | undefined;

  afterEach(() => {
    holder?.kill('SIGKILL');
  });

  async function workElsewhere(path: string): Promise<string> {
    holder = spawn(process.execPath, ['--import', 'tsx', holderScript, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [key] = await once(holder.stdout!, 'data');
    return String(key).trim();
  }

  it('shows a campaign that another process works on, what it has under way as reserved, and writes nothing', async () => {
    const path = folder.file('busy.db');
    const key = await workElsewhere(path);
    const before = [hash(path), hash(`${path}-wal`)];
    const view = viewCampaignState(path, options);
    expect(view.key).toBe(key);
    expect(texts(view.items.all())).toEqual(['A']);
    expect(view.ledger.spending()).toMatchObject({
      llm: { settledMicroUsd: 30, reservedMicroUsd: 700 },
      labels: { reservedMicroUsd: 4_000, reservedLabels: 1 },
      total: { settledMicroUsd: 30, reservedMicroUsd: 4_700 },
    });
    expect(
      view.ledger
        .entries()
        .map(({ state }) => state)
        .sort(),
    ).toEqual(['reserved', 'reserved', 'settled']);
    expect(view.ledger.calls.spending()).toMatchObject({ reservedCalls: 1, lostCalls: 0 });
    for (const write of [
      () => view.rounds.saveStop(1, SPENT),
      () => view.ledger.expenses.reserve([plannedExpense('labels', 'mine', 1)]),
      () => view.ledger.calls.reserve(plannedCall('mine', 1)),
      () => view.transaction(() => view.rounds.saveStop(1, SPENT)),
    ]) {
      expect(write).toThrow('readonly');
    }
    view.close();
    expect([hash(path), hash(`${path}-wal`)]).toEqual(before);

    const exited = once(holder!, 'exit');
    holder!.kill('SIGKILL');
    await exited;
    const left = viewCampaignState(path, options);
    expect(left.ledger.calls.spending()).toMatchObject({ reservedMicroUsd: 700, lostMicroUsd: 0 });
    left.close();
    const next = openCampaignState(path, options);
    expect(next.ledger.calls.spending()).toMatchObject({ reservedMicroUsd: 0, lostMicroUsd: 700, settledMicroUsd: 30 });
    expect(next.ledger.expenses.isOpen('awaited')).toBe(true);
    next.close();
  });

  it('shows one moment: what is written while it looks changes nothing, so that accounts add up', () => {
    const path = folder.file('moment.db');
    const state = emptyCampaign({ totalMicroUsd: 100 }, path);
    const attempt = state.ledger.calls.reserve(plannedCall('a', 100));
    const view = viewCampaignState(path, options);
    state.ledger.calls.settle(attempt, paidReply(10));
    state.ledger.expenses.reserve([plannedExpense('labels', 'l', 90)]);
    state.rounds.saveStop(1, SPENT);
    expect(view.ledger.spending().total).toEqual({ settledMicroUsd: 0, reservedMicroUsd: 100 });
    expect(view.ledger.entries()).toHaveLength(1);
    expect(view.rounds.lastStop()).toBeUndefined();
    view.close();
    const later = viewCampaignState(path, options);
    expect(later.ledger.spending().total).toEqual({ settledMicroUsd: 10, reservedMicroUsd: 90 });
    later.close();
    state.close();
  });

  it('shows an empty campaign where there is none, and makes no file', () => {
    const path = folder.file('none.db');
    const view = viewCampaignState(path, options);
    expect([view.path, view.items.count(), view.rounds.plans(), view.ledger.entries()]).toEqual([path, 0, [], []]);
    view.close();
    expect([existsSync(path), existsSync(`${path}.lock`)]).toEqual([false, false]);
  });

  it('shows an empty campaign where the process that was to begin it was killed before it had', () => {
    const unwritten = folder.write('unwritten.db', '');
    const unclaimed = folder.file('unclaimed.db');
    openDatabase(unclaimed).close();
    for (const path of [unwritten, unclaimed]) {
      const view = viewCampaignState(path, options);
      expect([view.items.count(), view.rounds.plans()]).toEqual([0, []]);
      view.close();
    }
    expect(readFileSync(unwritten)).toHaveLength(0);
  });

  it('reads a file of an older schema and leaves it as it is', () => {
    const path = folder.file('older.db');
    const old = openDatabase(path, MIGRATIONS.slice(0, 1));
    old.exec(`INSERT INTO run VALUES (1, '{"campaign":"abc"}', '0.1.0', 0)`);
    old.close();
    const before = hash(path);
    const viewed = viewCampaignState(path, options);
    expect([viewed.key, viewed.items.count(), viewed.rounds.plans()]).toEqual(['abc', 0, []]);
    viewed.close();
    expect(hash(path)).toBe(before);
  });

  it('refuses a file of a later schema and one that is no state file', () => {
    const later = folder.file('later.db');
    const database = openDatabase(later);
    database.pragma(`user_version = ${MIGRATIONS.length + 1}`);
    database.close();
    expect(() => viewCampaignState(later, options)).toThrow(expect.objectContaining({ code: 'STATE_NEWER' }));
    const notes = folder.write('notes.txt', 'Remember the milk.\n'.repeat(100));
    expect(() => viewCampaignState(notes, options)).toThrow(
      expect.objectContaining({ code: 'STATE_UNREADABLE', message: expect.stringContaining('not a database') }),
    );
    expect(() => viewCampaignState(folder.path, options)).toThrow(
      expect.objectContaining({ code: 'STATE_UNREADABLE' }),
    );
  });
});
