import { describe, expect, it } from 'vitest';
import { BudgetExceededError } from '../../src/domain/errors.ts';
import type { CampaignCaps } from '../../src/domain/expense.ts';
import { CampaignLedger } from '../../src/store/campaign-ledger.ts';
import { openDatabase } from '../../src/store/open-database.ts';
import { clock, plannedExpense } from './campaign-file.ts';

const NOTHING = { settledMicroUsd: 0, reservedMicroUsd: 0 };

function ledgerUnder(caps: CampaignCaps): CampaignLedger {
  return new CampaignLedger(openDatabase(':memory:'), { caps, clock });
}

function refusalOf(reserve: () => void): string {
  try {
    reserve();
  } catch (error) {
    if (error instanceof BudgetExceededError) return error.message;
    throw error;
  }
  throw new Error('Nothing was refused.');
}

describe('SqliteExpenses', () => {
  it('reserves all expenses of a list or none', () => {
    const ledger = ledgerUnder({ labelMicroUsd: 25 });
    const { expenses } = ledger;
    const list = ['a', 'b', 'c'].map((key) => plannedExpense('labels', key, 10));
    expect(() => expenses.reserve(list)).toThrow(BudgetExceededError);
    expect(ledger.spending().total).toEqual(NOTHING);
    expect(expenses.isOpen('a')).toBe(false);
    expenses.reserve(list.slice(0, 2));
    expect(ledger.spending().total).toEqual({ settledMicroUsd: 0, reservedMicroUsd: 20 });
  });

  it('holds a list against the caps as if its expenses came one by one, to the micro-dollar and the label', () => {
    const list = [
      plannedExpense('labels', 'a', 7),
      plannedExpense('training', 't', 5),
      plannedExpense('labels', 'a', 90),
      plannedExpense('labels', 'b', 8),
      plannedExpense('labels', 'free', 0, 0),
    ];
    const enough = { labels: 2, labelMicroUsd: 15, trainingMicroUsd: 5, totalMicroUsd: 20 };
    const [many, single] = [ledgerUnder(enough), ledgerUnder(enough)];
    many.expenses.reserve(list);
    for (const expense of list) single.expenses.reserve([expense]);
    expect(many.spending()).toEqual(single.spending());
    expect(many.entries()).toEqual(single.entries());
    expect(many.room()).toEqual({
      llmMicroUsd: 0,
      labels: 0,
      labelMicroUsd: 0,
      trainingMicroUsd: 0,
      totalMicroUsd: 0,
    });
    const refusals = Object.entries(enough).map(([name, cap]) => {
      const ledger = ledgerUnder({ ...enough, [name]: cap - 1 });
      const together = refusalOf(() => ledger.expenses.reserve(list));
      expect(ledger.entries()).toEqual([]);
      const apart = refusalOf(() => {
        for (const expense of list) ledger.expenses.reserve([expense]);
      });
      expect(together).toBe(apart);
      return together;
    });
    expect(refusals).toEqual([
      '1 of 1 labels are made or awaited.',
      '$0.000007 of budget.labelUsd $0.000014 is spent or set aside; the labels of b could cost $0.000008.',
      '$0.00 of budget.trainingUsd $0.000004 is spent or set aside; the training of t could cost $0.000005.',
      '$0.000012 of budget.totalUsd $0.000019 is spent or set aside; the labels of b could cost $0.000008.',
    ]);
  });

  it('leaves an expense whose key is there as it is: under way, settled or released', () => {
    const ledger = ledgerUnder({ labels: 3 });
    const { expenses } = ledger;
    expenses.reserve(['a', 'b', 'c'].map((key) => plannedExpense('labels', key, 10)));
    expenses.settle('a', { costMicroUsd: 3, labels: 1 });
    expenses.release('b');
    const before = ledger.spending();
    expenses.reserve(['a', 'b', 'c', 'c'].map((key) => plannedExpense('labels', key, 99)));
    expect(ledger.spending()).toEqual(before);
    expect(['a', 'b', 'c', 'd'].map((key) => expenses.isOpen(key))).toEqual([false, false, true, false]);
  });

  it('counts the labels that given expenses came to, those under way and those that are not there for none', () => {
    const { expenses } = ledgerUnder({});
    expenses.reserve(['a', 'b', 'c', 'd'].map((key) => plannedExpense('labels', key, 10, 3)));
    expenses.settle('a', { costMicroUsd: 3, labels: 2 });
    expenses.settle('b', { costMicroUsd: 3, labels: 1 });
    expenses.release('c');
    expect(expenses.settledLabels(['a', 'c', 'd', 'never'])).toBe(2);
    expect([expenses.settledLabels(['b', 'a']), expenses.settledLabels([])]).toEqual([3, 0]);
  });

  it('ends an expense once, and only one that was reserved', () => {
    const ledger = ledgerUnder({});
    const { expenses } = ledger;
    expenses.reserve([plannedExpense('labels', 'a', 10), plannedExpense('labels', 'b', 10)]);
    expenses.settle('a', { costMicroUsd: 3, labels: 1 });
    expenses.release('b');
    const before = ledger.spending();
    const cost = { costMicroUsd: 1, labels: 1 };
    for (const key of ['a', 'b']) {
      expect(() => expenses.settle(key, cost)).toThrow();
      expect(() => expenses.release(key)).toThrow();
    }
    expect(() => expenses.settle('never', cost)).toThrow('No expense never is reserved.');
    expect(() => expenses.release('never')).toThrow('No expense never is reserved.');
    expect(ledger.spending()).toEqual(before);
  });
});
