import { readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openRunState, type RunIdentity } from '../../src/store/run-state.ts';
import { openSimulationStore } from '../../src/store/simulation-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const folder = temporaryFolder();
const options = { clock: new VirtualClock(), version: '0.1.0' };
const IDENTITY: RunIdentity = { pool: 'abc123', count: 20, seed: 0, strategy: 'selectllm', model: null, strict: true };

const CALL = {
  kind: 'choose',
  subject: 'query 1',
  requestHash: 'a',
  provider: 'openai',
  model: 'm',
  worstCaseTokens: 100,
  worstCaseMicroUsd: 50,
};

describe('openRunState', () => {
  it('begins a run, and goes on with it under the same identity', () => {
    const path = folder.file('same.db');
    const first = openRunState(path, IDENTITY, options);
    expect(first.resumed).toBe(false);
    first.journal.saveQueries([{ number: 0, positions: [1, 2], picks: 1 }]);
    first.ledger.reserve(CALL);
    first.close();

    const reordered = Object.fromEntries(Object.entries(IDENTITY).reverse());
    const second = openRunState(path, reordered, { ...options, version: '0.2.0', caps: { maxCalls: 1 } });
    expect(second.resumed).toBe(true);
    expect(second.journal.loadQueries()).toEqual([{ number: 0, positions: [1, 2], picks: 1 }]);
    expect(second.ledger.spending()).toMatchObject({ lostCalls: 1, lostMicroUsd: 50 });
    expect(() => second.ledger.reserve({ ...CALL, requestHash: 'b' })).toThrow('1 of 1 calls');
    second.close();
  });

  it.each(Object.keys(IDENTITY))('refuses another %s and says what it was', (key) => {
    const path = folder.file(`differs-in-${key}.db`);
    openRunState(path, IDENTITY, options).close();
    const before = readFileSync(path);
    const other = { ...IDENTITY, [key]: 'something else' };
    expect(() => openRunState(path, other, options)).toThrow(
      expect.objectContaining({
        code: 'STATE_MISMATCH',
        message: `${path} belongs to a different run (${key}: ${IDENTITY[key] ?? 'none'} there, something else now).`,
        hint: expect.stringContaining('state'),
      }),
    );
    expect(readFileSync(path).equals(before)).toBe(true);
    const again = openRunState(path, IDENTITY, options);
    expect(again.resumed).toBe(true);
    again.close();
  });

  it('names every difference, options that only one of the two has among them', () => {
    const path = folder.file('many.db');
    openRunState(path, IDENTITY, options).close();
    const { count: _, ...others } = IDENTITY;
    expect(() => openRunState(path, { ...others, seed: 1, votes: 3 }, options)).toThrow(
      '(count: 20 there, none now; seed: 0 there, 1 now; votes: none there, 3 now)',
    );
  });

  it('says of which kind another run is, rather than that all its options differ', () => {
    const path = folder.file('pick.db');
    openRunState(path, { kind: 'pick', ...IDENTITY }, options).close();
    const refusal = (message: string) => expect.objectContaining({ code: 'STATE_MISMATCH', message });
    expect(() => openRunState(path, { kind: 'score', pool: 'abc123' }, options)).toThrow(
      refusal(`${path} is the state of a pick, not of a scoring.`),
    );
    expect(() => openSimulationStore(path, { labeled: 'abc123' }, options)).toThrow(
      refusal(`${path} is the state of a pick, not of a simulation.`),
    );
    const again = openRunState(path, { kind: 'pick', ...IDENTITY }, options);
    expect(again.resumed).toBe(true);
    again.close();
  });

  it('goes on with a file that does not say of which kind it is', () => {
    const path = folder.file('no-kind.db');
    openRunState(path, IDENTITY, options).close();
    const again = openRunState(path, { kind: 'pick', ...IDENTITY }, options);
    expect(again.resumed).toBe(true);
    again.close();
    expect(() => openRunState(path, { kind: 'pick', ...IDENTITY, seed: 1 }, options)).toThrow('(seed: 0 there, 1 now)');
  });

  it('tells a number from its text, and takes null for an option that is not there', () => {
    const path = folder.file('null.db');
    openRunState(path, IDENTITY, options).close();
    expect(() => openRunState(path, { ...IDENTITY, count: '20' }, options)).toThrow('count: 20 there, 20 now');
    const { model: _, ...withoutModel } = IDENTITY;
    openRunState(path, withoutModel, options).close();
  });

  it('keeps an identity of any text', () => {
    const path = folder.file('hostile.db');
    const hostile = { pool: 'a\0b', model: '\ud800', 'prompt "select"': "'; DROP TABLE run; --" };
    openRunState(path, hostile, options).close();
    const again = openRunState(path, hostile, options);
    expect(again.resumed).toBe(true);
    again.close();
  });

  it('is held until it is closed', () => {
    const path = folder.file('held.db');
    const first = openRunState(path, IDENTITY, options);
    expect(() => openRunState(path, IDENTITY, options)).toThrow(expect.objectContaining({ code: 'STATE_LOCKED' }));
    first.close();
    openRunState(path, IDENTITY, options).close();
  });

  it('lets go of a file it refuses', () => {
    const path = folder.file('foreign.db');
    const foreign = new Database(path);
    foreign.exec('CREATE TABLE bookmarks (url TEXT)');
    foreign.close();
    const attempt = () => openRunState(path, IDENTITY, options);
    // A lock that stayed would be reported at the second try.
    for (let tries = 0; tries < 2; tries += 1) {
      expect(attempt).toThrow(expect.objectContaining({ code: 'STATE_UNREADABLE' }));
    }
  });

  it('records which winnow began it, and when', () => {
    const path = folder.file('provenance.db');
    openRunState(path, IDENTITY, options).close();
    const database = new Database(path, { readonly: true });
    const row = database.prepare('SELECT winnow_version, created_at_ms, identity FROM run').get() as {
      identity: string;
    };
    expect(row).toMatchObject({ winnow_version: '0.1.0', created_at_ms: 0 });
    expect(JSON.parse(row.identity)).toEqual(IDENTITY);
    database.close();
  });
});
