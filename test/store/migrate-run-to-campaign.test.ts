import { beforeAll, describe, expect, it } from 'vitest';
import { MIGRATIONS } from '../../src/store/migrations.ts';
import { openDatabase } from '../../src/store/open-database.ts';
import { SqliteJournal } from '../../src/store/sqlite-journal.ts';
import { SqliteLedger } from '../../src/store/sqlite-ledger.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { clock } from './campaign-file.ts';

const folder = temporaryFolder();

/** A run of `pick` as winnow 0.1 left it: chosen, failed and reopened queries, two selections, a paid reply. */
const RUN = `
  INSERT INTO run VALUES (1, '{"pool":"abc"}', '0.1.0', 5);
  INSERT INTO call VALUES (1, 'hash', 'choose', 'query 0', 'openai', 'gpt');
  INSERT INTO attempt VALUES (1, 1, 100, 50, 6), (2, 1, 100, 50, 7);
  INSERT INTO outcome VALUES (1, 'settled', 7, NULL), (2, 'lost', 8, 'cut off');
  INSERT INTO reply VALUES (1, '{"picks":[]}', 'gpt-2024', 'complete', 60, 20, 10, 30);
  INSERT INTO query VALUES (0, '[0,3,7]', 2), (1, '[1,2]', 1), (2, '[4]', 1), (3, '[5]', 1);
  INSERT INTO query_result VALUES
    (1, 0, 'failed', 'no JSON', NULL, NULL, NULL, 10), (2, 0, 'reopened', NULL, NULL, NULL, NULL, 11),
    (3, 0, 'chosen', NULL, 'gpt-2024', 123, 0.5, 12), (4, 1, 'failed', 'no JSON either', NULL, NULL, NULL, 13),
    (5, 2, 'failed', 'nor here', NULL, NULL, NULL, 14), (6, 2, 'reopened', NULL, NULL, NULL, NULL, 15);
  INSERT INTO query_pick VALUES (3, 0, 7, 1.0, 'first'), (3, 1, 0, 0.25, 'second');
  INSERT INTO selection VALUES (1, 0, 20), (2, 1, 21);
  INSERT INTO pick VALUES
    (1, 1, 7, 't7', 1.0, 'first', 'selectllm', 0, 'gpt-2024', 62), (2, 1, 7, 't7', 1.0, 'first', 'selectllm', 0, NULL, 62),
    (2, 2, 5, 't5', NULL, 'drawn', 'random', NULL, NULL, 0);
`;

describe('a state file of a run, brought to the schema of campaigns', () => {
  const path = folder.file('run.db');
  let database: ReturnType<typeof openDatabase>;

  beforeAll(() => {
    const old = openDatabase(path, MIGRATIONS.slice(0, 1));
    expect(old.pragma('user_version', { simple: true })).toBe(1);
    old.exec(RUN);
    old.close();
    database = openDatabase(path);
    return () => database.close();
  });

  it('is of the newest schema, and every reference in it still leads somewhere', () => {
    expect(database.pragma('user_version', { simple: true })).toBe(MIGRATIONS.length);
    expect(database.pragma('foreign_key_check')).toEqual([]);
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
  });

  it('has all its queries and how each ended in round 0, and nothing in others', () => {
    const journal = new SqliteJournal(database, clock);
    expect(journal.loadQueries()).toEqual([
      { number: 0, positions: [0, 3, 7], picks: 2 },
      { number: 1, positions: [1, 2], picks: 1 },
      { number: 2, positions: [4], picks: 1 },
      { number: 3, positions: [5], picks: 1 },
    ]);
    expect([0, 1, 2, 3].map((query) => journal.loadResult(query))).toEqual([
      {
        state: 'chosen',
        choice: {
          picks: [
            { position: 7, score: 1, reason: 'first' },
            { position: 0, score: 0.25, reason: 'second' },
          ],
          model: 'gpt-2024',
          costMicroUsd: 123,
          agreement: 0.5,
        },
      },
      { state: 'failed', failure: 'no JSON either' },
      undefined,
      undefined,
    ]);
    expect([0, 1, 2].map((query) => journal.generation(query))).toEqual([1, 0, 1]);
    expect(new SqliteJournal(database, clock, 1).loadQueries()).toBeUndefined();
  });

  it('has its selections and picks in round 0, every value in its own column', () => {
    expect(database.prepare('SELECT * FROM selection ORDER BY id').all()).toEqual([
      { id: 1, round: 0, complete: 0, created_at_ms: 20 },
      { id: 2, round: 0, complete: 1, created_at_ms: 21 },
    ]);
    const first = { rank: 1, position: 7, instruction_id: 't7', score: 1, reason: 'first', strategy: 'selectllm' };
    const from = { round: 0, query_number: 0, cost_micro_usd: 62 };
    const drawn = { rank: 2, position: 5, instruction_id: 't5', score: null, reason: 'drawn', strategy: 'random' };
    expect(database.prepare('SELECT * FROM pick ORDER BY selection_id, rank').all()).toEqual([
      { ...first, ...from, selection_id: 1, model: 'gpt-2024' },
      { ...first, ...from, selection_id: 2, model: null },
      { ...drawn, selection_id: 2, round: 0, query_number: null, model: null, cost_micro_usd: 0 },
    ]);
  });

  it('keeps what was paid, and its answers can be read and added to', () => {
    const ledger = new SqliteLedger(database, { clock });
    expect(ledger.spending()).toMatchObject({ settledMicroUsd: 30, settledCalls: 1, lostMicroUsd: 50, lostCalls: 1 });
    const usage = { inputTokens: 60, cachedInputTokens: 20, outputTokens: 10 };
    const paid = { text: '{"picks":[]}', model: 'gpt-2024', stop: 'complete' as const, usage, costMicroUsd: 30 };
    expect(ledger.findReply('hash')).toEqual(paid);
  });

  it('goes on in round 0 where it stopped, and refuses results of queries that are not there', () => {
    const journal = new SqliteJournal(database, clock);
    expect(journal.reopenFailed()).toBe(1);
    expect(journal.generation(1)).toBe(1);
    journal.saveResult(3, { state: 'failed', failure: 'late' });
    expect(journal.loadResult(3)).toEqual({ state: 'failed', failure: 'late' });
    expect(() => journal.saveResult(4, { state: 'failed', failure: 'of no query' })).toThrow('FOREIGN KEY');
    expect(() => new SqliteJournal(database, clock, 1).saveResult(3, { state: 'failed', failure: '' })).toThrow(
      'FOREIGN KEY',
    );
  });
});
