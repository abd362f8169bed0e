import { stripVTControlCharacters as plain } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderLedger, sumLedger, sumsAgree } from '../../../src/cli/output/render-ledger.ts';
import type { LedgerEntry } from '../../../src/domain/expense.ts';

const entry: fc.Arbitrary<LedgerEntry> = fc.record({
  account: fc.constantFrom('llm', 'labels', 'training'),
  key: fc.constant(null),
  subject: fc.string(),
  kind: fc.string(),
  state: fc.constantFrom('settled', 'reserved', 'lost'),
  costMicroUsd: fc.nat(10 ** 12),
  model: fc.option(fc.string()),
  inputTokens: fc.nat(),
  outputTokens: fc.nat(),
  reported: fc.option(fc.record({ inputTokens: fc.nat() })),
  labels: fc.nat(1),
  startedAtMs: fc.nat(4e12),
});

describe('the sums of a ledger', () => {
  it('are those of its entries, by account and in all', () => {
    fc.assert(
      fc.property(fc.array(entry), (entries) => {
        const sums = sumLedger(entries);
        const total = sums.find(({ account }) => account === 'total')!;
        const cost = entries.reduce((sum, { costMicroUsd }) => sum + costMicroUsd, 0);
        expect(total.settledMicroUsd + total.reservedMicroUsd).toBe(cost);
        expect(total.entries).toBe(entries.length);
        const accounts = sums.filter(({ account }) => account !== 'total');
        for (const key of ['entries', 'settledMicroUsd', 'reservedMicroUsd'] as const) {
          expect(accounts.reduce((sum, account) => sum + account[key], 0)).toBe(total[key]);
        }
      }),
    );
  });

  it('agree with the accounts only to the micro-dollar', () => {
    const one = { ...fc.sample(entry, 1)[0]!, account: 'llm', state: 'lost', costMicroUsd: 7 } as const;
    const sums = sumLedger([one]);
    const none = { settledMicroUsd: 0, reservedMicroUsd: 0 };
    const labels = { ...none, settledLabels: 0, reservedLabels: 0 };
    const held = { settledMicroUsd: 0, reservedMicroUsd: 7 };
    expect(sumsAgree(sums, { llm: held, labels, training: none, total: held })).toBe(true);
    const other = { ...held, reservedMicroUsd: 8 };
    expect(sumsAgree(sums, { llm: other, labels, training: none, total: other })).toBe(false);
    expect(renderLedger([one], sums, { width: 80, agrees: false })).toContain('Run the command again');
  });

  it('says of each in 80 columns what it was for, down to the item: other columns give way', () => {
    const call: LedgerEntry = {
      account: 'llm',
      key: null,
      kind: 'judge-necessity',
      subject: 'dolly-1234',
      state: 'settled',
      costMicroUsd: 1_502,
      model: 'gpt-4o-mini-2024-07-18',
      inputTokens: 1_953,
      outputTokens: 112,
      reported: null,
      labels: 0,
      startedAtMs: 0,
    };
    const nothing = { inputTokens: 0, outputTokens: 0, model: null };
    const label: LedgerEntry = {
      ...call,
      ...nothing,
      account: 'labels',
      subject: 'round 12, label of dolly-999',
      labels: 1,
    };
    const lines = (width: number) => {
      const entries = [call, label];
      return plain(renderLedger(entries, sumLedger(entries), { width, agrees: true }))
        .split('\n')
        .slice(1, 4);
    };
    expect(lines(80)).toEqual([
      '  started      for                              in  out  state         cost',
      '  01-01 00:00  judge-necessity, dolly-1234   1,953  112  settled  $0.001502',
      '  01-01 00:00  round 12, label of dolly-999      0    0  settled  $0.001502',
    ]);
    expect(lines(120)[1]).toMatch(/dolly-1234 +gpt-4o-mini-2024-07-18 +1,953 +112 +0 +settled/);
  });
});
