import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Pick, QueryChoice, QueryResult } from '../../src/domain/selection.ts';
import { openDatabase } from '../../src/store/open-database.ts';
import { SqliteJournal } from '../../src/store/sqlite-journal.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const QUERIES = [
  { number: 0, positions: [0, 3, 7], picks: 2 },
  { number: 1, positions: [1, 2], picks: 1 },
  { number: 2, positions: [4], picks: 1 },
];
const CHOICE: QueryChoice = {
  picks: [
    { position: 7, score: 1, reason: 'asks for a proof' },
    { position: 0, score: 0.25, reason: '' },
  ],
  model: 'gpt-4o-mini-2024-07-18',
  costMicroUsd: 123,
  agreement: 0.5,
};

describe('SqliteJournal', () => {
  let database: ReturnType<typeof openDatabase>;
  let journal: SqliteJournal;

  beforeEach(() => {
    database = openDatabase(':memory:');
    journal = new SqliteJournal(database, new VirtualClock());
  });

  it('has no queries before they are saved, and then the same ones', () => {
    expect(journal.loadQueries()).toBeUndefined();
    journal.saveQueries([...QUERIES].reverse());
    expect(journal.loadQueries()).toEqual(QUERIES);
  });

  it('saves all queries or none, and never twice', () => {
    expect(() => journal.saveQueries([QUERIES[0]!, QUERIES[0]!])).toThrow();
    expect(journal.loadQueries()).toBeUndefined();
    journal.saveQueries(QUERIES);
    expect(() => journal.saveQueries(QUERIES)).toThrow();
    expect(journal.loadQueries()).toEqual(QUERIES);
  });

  it('gives results back as they were, the order of picks included', () => {
    journal.saveQueries(QUERIES);
    const { agreement: _, ...withoutAgreement } = CHOICE;
    const results: QueryResult[] = [
      { state: 'chosen', choice: CHOICE },
      { state: 'chosen', choice: withoutAgreement },
      { state: 'failed', failure: 'The reply cannot be used: it holds no JSON object.' },
    ];
    expect(journal.loadResult(0)).toBeUndefined();
    results.forEach((result, query) => {
      journal.saveResult(query, result);
    });
    results.forEach((result, query) => {
      expect(journal.loadResult(query)).toEqual(result);
    });
  });

  it('keeps no result of a query it does not know', () => {
    expect(() => journal.saveResult(5, { state: 'failed', failure: 'x' })).toThrow('FOREIGN KEY');
  });

  it('reopens failed queries only, raises their generation, and forgets nothing', () => {
    journal.saveQueries(QUERIES);
    journal.saveResult(0, { state: 'chosen', choice: CHOICE });
    journal.saveResult(1, { state: 'failed', failure: 'first' });
    expect(journal.generation(1)).toBe(0);

    expect(journal.reopenFailed()).toBe(1);
    expect(journal.loadResult(1)).toBeUndefined();
    expect([0, 1, 2].map((query) => journal.generation(query))).toEqual([0, 1, 0]);
    expect(journal.reopenFailed()).toBe(0);

    journal.saveResult(1, { state: 'failed', failure: 'second' });
    expect(journal.loadResult(1)).toEqual({ state: 'failed', failure: 'second' });
    expect(journal.reopenFailed()).toBe(1);
    expect(journal.generation(1)).toBe(2);
    journal.saveResult(1, { state: 'chosen', choice: CHOICE });
    expect(journal.loadResult(1)).toEqual({ state: 'chosen', choice: CHOICE });

    expect(journal.loadResult(0)).toEqual({ state: 'chosen', choice: CHOICE });
    const states = database.prepare('SELECT state FROM query_result WHERE query_number = 1 ORDER BY id').pluck().all();
    expect(states).toEqual(['failed', 'reopened', 'failed', 'reopened', 'chosen']);
  });

  it('reopens nothing before there are queries', () => {
    expect(journal.reopenFailed()).toBe(0);
  });

  it('stores any text, lone surrogates as U+FFFD', () => {
    journal.saveQueries(QUERIES);
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
      fc.constantFrom('\0', 'a\0b', '\ud800', "'; DROP TABLE query; --"),
    );
    fc.assert(
      fc.property(text, (hostile) => {
        journal.saveResult(0, { state: 'failed', failure: hostile });
        expect(journal.loadResult(0)).toEqual({ state: 'failed', failure: hostile.toWellFormed() });
        journal.saveResult(0, {
          state: 'chosen',
          choice: { ...CHOICE, picks: [{ position: 3, score: 1, reason: hostile }] },
        });
        expect(journal.loadResult(0)).toMatchObject({ choice: { picks: [{ reason: hostile.toWellFormed() }] } });
      }),
      { numRuns: 200 },
    );
  });

  it('adds every selection to those before', () => {
    journal.saveQueries(QUERIES);
    const common = { reason: 'a\0\udc00', costMicroUsd: 7 };
    const asked: Pick = { ...common, position: 7, rank: 1, score: 1, strategy: 'selectllm', query: 0, model: 'm' };
    const drawn: Pick = { ...common, position: 2, rank: 2, score: null, strategy: 'random', query: null, model: null };
    journal.saveSelection([{ ...asked, id: 'it_7' }], false);
    journal.saveSelection(
      [
        { ...asked, id: 'it_7' },
        { ...drawn, id: 'it_\ud800' },
      ],
      true,
    );
    expect(database.prepare('SELECT complete FROM selection ORDER BY id').pluck().all()).toEqual([0, 1]);
    expect(database.prepare('SELECT * FROM pick WHERE selection_id = 2 ORDER BY rank').all()).toEqual([
      {
        selection_id: 2,
        rank: 1,
        position: 7,
        instruction_id: 'it_7',
        score: 1,
        reason: 'a\0\ufffd',
        strategy: 'selectllm',
        round: 0,
        query_number: 0,
        model: 'm',
        cost_micro_usd: 7,
      },
      expect.objectContaining({ rank: 2, instruction_id: 'it_\ufffd', score: null, query_number: null, model: null }),
    ]);
  });

  it('adds no selection that is the last one again', () => {
    const pick = { position: 0, rank: 1, score: 0.1, reason: 'a\udc00', strategy: 'random', query: null, model: null };
    const one = [{ ...pick, costMicroUsd: 0, id: 'a\ud800' }];
    const other = [{ ...one[0]!, score: 0.2 }];
    for (const picks of [one, one, other, other, one]) journal.saveSelection(picks, false);
    for (let run = 0; run < 2; run += 1) journal.saveSelection(one, true);
    const stored = database.prepare(
      'SELECT complete, score FROM selection JOIN pick ON selection_id = selection.id ORDER BY id',
    );
    expect(stored.raw().all()).toEqual([
      [0, 0.1],
      [0, 0.2],
      [0, 0.1],
      [1, 0.1],
    ]);
  });

  it('saves no part of a selection that cannot be saved whole', () => {
    const pick = { position: 0, rank: 1, score: null, reason: '', strategy: 'random', model: null, costMicroUsd: 0 };
    expect(() => journal.saveSelection([{ ...pick, query: 9, id: 'a' }], true)).toThrow('FOREIGN KEY');
    expect(database.prepare('SELECT count(*) FROM selection').pluck().get()).toBe(0);
  });
});
