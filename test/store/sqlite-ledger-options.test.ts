import { describe, expect, it } from 'vitest';
import type { TokenLogprobs } from '../../src/domain/ledger.ts';
import { openDatabase } from '../../src/store/open-database.ts';
import { SqliteLedger } from '../../src/store/sqlite-ledger.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { clock, paidReply, plannedCall } from './campaign-file.ts';

const folder = temporaryFolder();

describe('SqliteLedger', () => {
  it('keeps the log-probabilities of an answer exactly, and none where there were none', () => {
    const path = folder.file('logprobs.db');
    const logprobs: TokenLogprobs[] = [
      {
        token: ' 4',
        alternatives: [
          { token: ' 4', logprob: -0.1 - 0.2 },
          { token: '\ud83d', logprob: -123.456789012345 },
        ],
      },
      { token: '\0', alternatives: [] },
    ];
    const database = openDatabase(path);
    const ledger = new SqliteLedger(database, { clock });
    ledger.settle(ledger.reserve(plannedCall('with', 50)), { ...paidReply(30), logprobs });
    ledger.settle(ledger.reserve(plannedCall('empty', 50)), { ...paidReply(30), logprobs: [] });
    ledger.settle(ledger.reserve(plannedCall('without', 50)), paidReply(30));
    database.close();
    const again = openDatabase(path);
    const replies = new SqliteLedger(again, { clock });
    expect(replies.findReply('with')).toEqual({ ...paidReply(30), logprobs });
    expect(replies.findReply('empty')?.logprobs).toEqual([]);
    expect(replies.findReply('without')).not.toHaveProperty('logprobs');
    again.close();
  });

  it.each([
    ['maxMicroUsd', 'usd', 'maxMicroUsd'],
    ['maxCalls', 'calls', 'maxCalls'],
    ['maxTokens', 'tokens', 'maxTokens'],
  ])('says which cap to raise when %s is reached, by the name the user knows it under', (cap, key, flag) => {
    const refusedBy = (capNames: object) => {
      const ledger = new SqliteLedger(openDatabase(':memory:'), { clock, caps: { [cap]: 0 }, capNames });
      return () => ledger.reserve(plannedCall('a', 1));
    };
    const hint = (name: string) => expect.objectContaining({ hint: expect.stringContaining(`Raise ${name} and run`) });
    expect(refusedBy({})).toThrow(hint(flag));
    expect(refusedBy({ [key]: `budget.${key} in winnow.yaml` })).toThrow(hint(`budget.${key} in winnow.yaml`));
  });

  it('asks whether a call fits under what it shares, within the transaction, and keeps nothing of one that does not', () => {
    const database = openDatabase(':memory:');
    const asked: string[] = [];
    const ledger = new SqliteLedger(database, {
      clock,
      checkShared: ({ subject }) => {
        expect(database.inTransaction).toBe(true);
        asked.push(subject);
        if (subject === 'call b') throw new Error('shared cap');
      },
    });
    ledger.reserve(plannedCall('a', 5));
    expect(() => ledger.reserve(plannedCall('b', 7))).toThrow('shared cap');
    expect(asked).toEqual(['call a', 'call b']);
    expect(ledger.spending()).toMatchObject({ reservedCalls: 1, reservedMicroUsd: 5 });
    expect(database.prepare('SELECT request_hash FROM call').pluck().all()).toEqual(['a']);
    database.close();
  });

  it('leaves what is under way as it is where it only looks', () => {
    const database = openDatabase(':memory:');
    new SqliteLedger(database, { clock }).reserve(plannedCall('a', 5));
    const looking = new SqliteLedger(database, { clock, readOnly: true });
    expect(looking.spending()).toMatchObject({
      reservedCalls: 1,
      reservedMicroUsd: 5,
      lostCalls: 0,
      unsettledTokens: 100,
    });
    expect(database.prepare('SELECT count(*) FROM outcome').pluck().get()).toBe(0);
    database.close();
  });

  it('lets a free call go on where a provider has billed more than the cap', () => {
    const ledger = new SqliteLedger(openDatabase(':memory:'), { clock, caps: { maxMicroUsd: 10 } });
    ledger.settle(ledger.reserve(plannedCall('a', 10)), paidReply(11));
    ledger.reserve(plannedCall('free', 0));
    expect(() => ledger.reserve(plannedCall('b', 1))).toThrow('$0.000011 of $0.00001');
  });
});
