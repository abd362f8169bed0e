import { describe, expect, it } from 'vitest';
import { BudgetExceededError } from '../../src/domain/errors.ts';
import type { CampaignCaps } from '../../src/domain/expense.ts';
import { CampaignLedger } from '../../src/store/campaign-ledger.ts';
import { openDatabase } from '../../src/store/open-database.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { clock, paidReply, plannedCall, plannedExpense } from './campaign-file.ts';

function ledgerUnder(caps: CampaignCaps): CampaignLedger {
  return new CampaignLedger(openDatabase(':memory:'), { caps, clock });
}

describe('CampaignLedger', () => {
  it('keeps each account by itself and adds them up', () => {
    const ledger = ledgerUnder({});
    const { calls, expenses } = ledger;
    calls.settle(calls.reserve(plannedCall('a', 50)), paidReply(30));
    calls.reserve(plannedCall('b', 7));
    calls.lose(calls.reserve(plannedCall('c', 11)), 'cut off');
    calls.release(calls.reserve(plannedCall('d', 1_000)), 'refused');
    expenses.reserve([
      plannedExpense('labels', 'l1', 100),
      plannedExpense('labels', 'l2', 200),
      plannedExpense('labels', 'l3', 400),
    ]);
    expenses.settle('l1', { costMicroUsd: 90, labels: 1 });
    expenses.release('l2');
    expenses.reserve([plannedExpense('training', 't1', 5_000), plannedExpense('training', 't2', 6_000)]);
    expenses.settle('t1', { costMicroUsd: 4_000, labels: 0 });
    expect(ledger.spending()).toEqual({
      llm: { settledMicroUsd: 30, reservedMicroUsd: 18, awaited: { calls: 1, microUsd: 7 } },
      labels: { settledMicroUsd: 90, reservedMicroUsd: 400, settledLabels: 1, reservedLabels: 1 },
      training: { settledMicroUsd: 4_000, reservedMicroUsd: 6_000 },
      total: { settledMicroUsd: 4_120, reservedMicroUsd: 6_418 },
    });
  });

  it('refuses an expense that passes the cap of its account, naming the cap and the numbers', () => {
    const { expenses } = ledgerUnder({ labelMicroUsd: 1_500_000, trainingMicroUsd: 100 });
    expenses.reserve([plannedExpense('labels', 'a', 1_000_000)]);
    expect(() => expenses.reserve([plannedExpense('labels', 'b', 500_001)])).toThrow(
      expect.objectContaining({
        code: 'BUDGET_EXCEEDED',
        cap: 'usd',
        callsUnderWay: 0,
        message: '$1.00 of budget.labelUsd $1.50 is spent or set aside; the labels of b could cost $0.500001.',
        hint: 'Raise budget.labelUsd in winnow.yaml, then run winnow next: it goes on from here.',
      }),
    );
    expect(() => expenses.reserve([plannedExpense('training', 'c', 101)])).toThrow('budget.trainingUsd $0.0001');
    expenses.reserve([plannedExpense('labels', 'd', 500_000), plannedExpense('training', 'e', 100)]);
  });

  it('refuses more labels than the cap, made or awaited, and counts none for training', () => {
    const { expenses } = ledgerUnder({ labels: 2 });
    expenses.reserve([plannedExpense('labels', 'a', 0), plannedExpense('labels', 'b', 0)]);
    expenses.settle('a', { costMicroUsd: 0, labels: 1 });
    expect(() => expenses.reserve([plannedExpense('labels', 'c', 0)])).toThrow(
      expect.objectContaining({
        cap: 'labels',
        message: '2 of 2 labels are made or awaited.',
        hint: expect.stringContaining('budget.labels'),
      }),
    );
    expenses.reserve([plannedExpense('training', 't', 5, 3)]);
    expenses.release('b');
    expenses.reserve([plannedExpense('labels', 'c', 0)]);
  });

  it('frees the label of an item that was skipped, though its time is paid', () => {
    const ledger = ledgerUnder({ labels: 1 });
    const { expenses } = ledger;
    expenses.reserve([plannedExpense('labels', 'a', 10)]);
    expenses.settle('a', { costMicroUsd: 4, labels: 0 });
    expect(ledger.spending().labels).toEqual({
      settledMicroUsd: 4,
      reservedMicroUsd: 0,
      settledLabels: 0,
      reservedLabels: 0,
    });
    expenses.reserve([plannedExpense('labels', 'b', 10)]);
  });

  it('limits calls and expenses together by the total, each by what the other left', () => {
    const { calls, expenses } = ledgerUnder({ totalMicroUsd: 100 });
    calls.settle(calls.reserve(plannedCall('a', 50)), paidReply(40));
    calls.reserve(plannedCall('b', 10));
    expect(() => expenses.reserve([plannedExpense('training', 't', 51)])).toThrow(
      expect.objectContaining({ callsUnderWay: 1, message: expect.stringContaining('budget.totalUsd $0.0001') }),
    );
    expenses.reserve([plannedExpense('training', 't', 30), plannedExpense('labels', 'l', 20)]);
    expect(() => calls.reserve(plannedCall('c', 1))).toThrow(
      expect.objectContaining({
        cap: 'usd',
        message: expect.stringContaining('call c could cost $0.000001'),
        hint: expect.stringContaining('budget.totalUsd'),
      }),
    );
    expenses.settle('t', { costMicroUsd: 29, labels: 0 });
    calls.reserve(plannedCall('c', 1));
  });

  it('says which cap of winnow.yaml a call does not fit under', () => {
    const { calls } = ledgerUnder({ llmMicroUsd: 10, totalMicroUsd: 1_000 });
    expect(() => calls.reserve(plannedCall('a', 11))).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('Raise budget.llmUsd in winnow.yaml and') }),
    );
  });

  it('records unplanned expenses once, even past every cap', () => {
    const ledger = ledgerUnder({ labels: 0, labelMicroUsd: 5, totalMicroUsd: 5 });
    const { expenses, calls } = ledger;
    const late = plannedExpense('labels', 'late', 80);
    expenses.record(late);
    expect(ledger.spending().labels).toEqual({
      settledMicroUsd: 80,
      reservedMicroUsd: 0,
      settledLabels: 1,
      reservedLabels: 0,
    });
    expect(() => expenses.record(late)).toThrow();
    expect(ledger.spending().total).toEqual({ settledMicroUsd: 80, reservedMicroUsd: 0 });
    expect(ledger.room()).toEqual({
      llmMicroUsd: 0,
      labels: 0,
      labelMicroUsd: 0,
      trainingMicroUsd: 0,
      totalMicroUsd: 0,
    });
    expect(() => expenses.reserve([plannedExpense('training', 't', 1)])).toThrow(BudgetExceededError);
    expect(() => calls.reserve(plannedCall('a', 1))).toThrow(BudgetExceededError);
  });

  it('lets what is free go on where the world has charged more than a cap', () => {
    const { expenses, calls } = ledgerUnder({ labels: 1, llmMicroUsd: 10, labelMicroUsd: 10, totalMicroUsd: 20 });
    expenses.record(plannedExpense('labels', 'late', 80, 2));
    calls.settle(calls.reserve({ ...plannedCall('a', 0) }), paidReply(30));
    calls.reserve(plannedCall('b', 0));
    expenses.reserve([plannedExpense('training', 't', 0), plannedExpense('labels', 'second opinion', 0, 0)]);
    expect(() => calls.reserve(plannedCall('c', 1))).toThrow(BudgetExceededError);
    expect(() => expenses.reserve([plannedExpense('labels', 'l', 0, 1)])).toThrow(BudgetExceededError);
  });

  it('counts what a server billed beyond its worst case', () => {
    const ledger = ledgerUnder({ totalMicroUsd: 100 });
    const { calls, expenses } = ledger;
    calls.settle(calls.reserve(plannedCall('a', 50)), paidReply(120));
    expect(ledger.spending().llm).toEqual({ settledMicroUsd: 120, reservedMicroUsd: 0 });
    expect(() => expenses.reserve([plannedExpense('labels', 'l', 1)])).toThrow('$0.00012 of budget.totalUsd $0.0001');
  });

  it('has no room where there is no cap, and no more under any cap than the total leaves', () => {
    expect(ledgerUnder({}).room()).toEqual({});
    const ledger = ledgerUnder({ llmMicroUsd: 100, labels: 5, labelMicroUsd: 30, totalMicroUsd: 90 });
    const { calls, expenses } = ledger;
    expect(ledger.room()).toEqual({
      llmMicroUsd: 90,
      labels: 5,
      labelMicroUsd: 30,
      trainingMicroUsd: 90,
      totalMicroUsd: 90,
    });
    calls.reserve(plannedCall('a', 60));
    expenses.reserve([plannedExpense('labels', 'l', 10, 2)]);
    expect(ledger.room()).toEqual({
      llmMicroUsd: 20,
      labels: 3,
      labelMicroUsd: 20,
      trainingMicroUsd: 20,
      totalMicroUsd: 20,
    });
  });

  it('lists every call and expense that was ever begun, oldest first, with what counts towards the caps', async () => {
    const time = new VirtualClock();
    const ledger = new CampaignLedger(openDatabase(':memory:'), { caps: {}, clock: time });
    const { calls, expenses } = ledger;
    const attempts: number[] = [];
    for (const [index, hash] of ['paid', 'lost', 'refused', 'open'].entries()) {
      await time.advance(1);
      attempts.push(calls.reserve(plannedCall(hash, 10 + index)));
      if (index === 1) expenses.reserve([plannedExpense('training', 'job', 500), plannedExpense('labels', 'l1', 70)]);
    }
    await time.advance(1);
    expenses.reserve([plannedExpense('labels', 'l2', 80)]);
    calls.settle(attempts[0]!, { ...paidReply(4), reported: { outputTokens: 0 } });
    calls.lose(attempts[1]!, 'cut off');
    calls.release(attempts[2]!, 'refused');
    expenses.settle('l1', { costMicroUsd: 60, labels: 1 });
    expenses.release('l2');
    const call = {
      key: null,
      account: 'llm',
      kind: 'choose',
      model: 'gpt-4o-mini',
      inputTokens: 0,
      outputTokens: 0,
      reported: null,
      labels: 0,
    };
    const expense = { model: null, inputTokens: 0, outputTokens: 0, reported: null };
    const labels = { ...expense, account: 'labels', kind: 'labels' };
    expect(ledger.entries()).toEqual([
      {
        ...call,
        subject: 'call paid',
        state: 'settled',
        costMicroUsd: 4,
        model: 'gpt-4o-mini-2024-07-18',
        inputTokens: 60,
        outputTokens: 10,
        reported: { outputTokens: 0 },
        startedAtMs: 1,
      },
      {
        ...labels,
        key: 'l1',
        subject: 'the labels of l1',
        state: 'settled',
        costMicroUsd: 60,
        labels: 1,
        startedAtMs: 2,
      },
      { ...call, subject: 'call lost', state: 'lost', costMicroUsd: 11, startedAtMs: 2 },
      {
        ...expense,
        key: 'job',
        account: 'training',
        kind: 'training',
        subject: 'the training of job',
        state: 'reserved',
        costMicroUsd: 500,
        labels: 0,
        startedAtMs: 2,
      },
      { ...call, subject: 'call refused', state: 'released', costMicroUsd: 0, startedAtMs: 3 },
      { ...call, subject: 'call open', state: 'reserved', costMicroUsd: 13, startedAtMs: 4 },
      {
        ...labels,
        key: 'l2',
        subject: 'the labels of l2',
        state: 'released',
        costMicroUsd: 0,
        labels: 0,
        startedAtMs: 5,
      },
    ]);
  });
});
