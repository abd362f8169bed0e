import { describe, expect, it } from 'vitest';
import type { CampaignCaps } from '../../src/domain/expense.ts';
import { BudgetExceededError } from '../../src/errors/budget-exceeded-error.ts';
import { CampaignLedger } from '../../src/store/campaign-ledger.ts';
import { openDatabase } from '../../src/store/open-database.ts';
import { clock, plannedExpense } from './campaign-file.ts';

const NOTHING = { settledMicroUsd: 0, reservedMicroUsd: 0 };

function ledgerUnder(caps: CampaignCaps): CampaignLedger {
  return new CampaignLedger(openDatabase(':memory:'), { caps, clock });
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
