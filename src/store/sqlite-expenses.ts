import type Database from 'better-sqlite3';
import { z } from 'zod';
import type { Clock } from '../domain/clock.ts';
import type { AccountTotals, PlannedExpense } from '../domain/expense.ts';
import type { MicroUsd } from '../domain/money.ts';
import { RowShape } from './row-shape.ts';
import { transact } from './transact.ts';

type ExpenseAccount = PlannedExpense['account'];

const ids = new RowShape('expense', z.int());
const labelCounts = new RowShape('expense_outcome', z.int());
const totals = new RowShape(
  'expense',
  z.object({
    settledMicroUsd: z.int(),
    reservedMicroUsd: z.int(),
    settledLabels: z.int(),
    reservedLabels: z.int(),
  }),
);

/**
 * What is paid besides calls of models: labels and training. Reserved at the worst case in the same transaction that
 * checks the caps, then settled at the real cost or released. Append-only.
 */
export class SqliteExpenses {
  readonly #database: Database.Database;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #check: (expenses: readonly PlannedExpense[]) => void;

  /** @param check throws where an expense does not fit under a cap together with those before it; runs in the transaction */
  constructor(
    database: Database.Database,
    clock: Pick<Clock, 'now'>,
    check: (expenses: readonly PlannedExpense[]) => void,
  ) {
    this.#database = database;
    this.#clock = clock;
    this.#check = check;
  }

  /**
   * Reserves the worst cases, all or none. Expenses whose keys exist already stay as they are.
   * @throws BudgetExceededError
   */
  reserve(expenses: readonly PlannedExpense[]): void {
    transact(this.#database, () => {
      const added = new Map<string, PlannedExpense>();
      for (const expense of expenses) {
        if (!added.has(expense.key) && this.#find(expense.key) === undefined) added.set(expense.key, expense);
      }
      this.#check([...added.values()]);
      for (const expense of added.values()) this.#insert(expense);
    });
  }

  /** Replaces the reservation by the real cost. @throws Error when it is not reserved */
  settle(key: string, cost: { readonly costMicroUsd: MicroUsd; readonly labels: number }): void {
    this.#end(key, 'settled', cost);
  }

  /** It will not be paid. @throws Error when it is not reserved */
  release(key: string): void {
    this.#end(key, 'released', { costMicroUsd: 0, labels: 0 });
  }

  /** Records a payment that was not planned, even where it exceeds a cap. */
  record(expense: PlannedExpense): void {
    transact(this.#database, () => {
      this.#insert(expense);
      this.settle(expense.key, { costMicroUsd: expense.worstCaseMicroUsd, labels: expense.labels });
    });
  }

  isOpen(key: string): boolean {
    return (
      this.#database
        .prepare('SELECT 1 FROM expense WHERE key = ? AND id NOT IN (SELECT expense_id FROM expense_outcome)')
        .pluck()
        .get(key) === 1
    );
  }

  /** How many labels the settled ones of these expenses paid for. Unknown keys count none. */
  settledLabels(keys: readonly string[]): number {
    const labels = this.#database
      .prepare(
        'SELECT outcome.labels FROM expense_outcome AS outcome JOIN expense ON expense.id = expense_id WHERE key = ?',
      )
      .pluck();
    return keys.reduce((sum, key) => sum + (labelCounts.first(labels, key) ?? 0), 0);
  }

  totals(account: ExpenseAccount): AccountTotals & { settledLabels: number; reservedLabels: number } {
    return totals.only(
      this.#database.prepare(
        `SELECT
           coalesce(sum(outcome.cost_micro_usd), 0) AS settledMicroUsd,
           coalesce(sum(expense.worst_case_micro_usd) FILTER (WHERE outcome.state IS NULL), 0) AS reservedMicroUsd,
           coalesce(sum(outcome.labels), 0) AS settledLabels,
           coalesce(sum(expense.labels) FILTER (WHERE outcome.state IS NULL), 0) AS reservedLabels
         FROM expense LEFT JOIN expense_outcome AS outcome ON outcome.expense_id = expense.id
         WHERE account = ?`,
      ),
      account,
    );
  }

  #find(key: string): number | undefined {
    return ids.first(this.#database.prepare('SELECT id FROM expense WHERE key = ?').pluck(), key);
  }

  #insert(expense: PlannedExpense): void {
    this.#database
      .prepare(
        `INSERT INTO expense (account, key, subject, worst_case_micro_usd, labels, created_at_ms)
         VALUES (@account, @key, @subject, @worstCaseMicroUsd, @labels, @now)`,
      )
      .run({ ...expense, subject: expense.subject.toWellFormed(), now: this.#clock.now() });
  }

  #end(key: string, state: 'settled' | 'released', cost: { costMicroUsd: MicroUsd; labels: number }): void {
    const id = this.#find(key);
    if (id === undefined) throw new Error(`No expense ${key} is reserved.`);
    this.#database
      .prepare(
        `INSERT INTO expense_outcome (expense_id, state, cost_micro_usd, labels, created_at_ms)
         VALUES (?, ?, ?, ?, ?)`,
      )
      .run(id, state, cost.costMicroUsd, cost.labels, this.#clock.now());
  }
}
