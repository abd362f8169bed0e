import type Database from 'better-sqlite3';
import { z } from 'zod';
import type { Clock } from '../domain/clock.ts';
import { BudgetExceededError } from '../domain/errors.ts';
import type {
  AccountTotals,
  CampaignCaps,
  CampaignRoom,
  CampaignSpending,
  LedgerEntry,
  PlannedExpense,
} from '../domain/expense.ts';
import type { PlannedCall } from '../domain/ledger.ts';
import { formatUsdExactly, type MicroUsd } from '../domain/money.ts';
import { command, sentence } from '../domain/wording.ts';
import { RowShape } from './row-shape.ts';
import { SqliteExpenses } from './sqlite-expenses.ts';
import { reportedColumn, SqliteLedger } from './sqlite-ledger.ts';

const ledgerRows = new RowShape(
  'attempt or expense',
  z.object({
    account: z.enum(['llm', 'labels', 'training']),
    key: z.string().nullable(),
    subject: z.string(),
    kind: z.string(),
    state: z.enum(['settled', 'reserved', 'lost', 'released']),
    costMicroUsd: z.int(),
    model: z.string().nullable(),
    inputTokens: z.int(),
    outputTokens: z.int(),
    reported: reportedColumn,
    labels: z.int(),
    startedAtMs: z.int(),
    number: z.int(),
  }),
  ['account', 'number'],
);

/**
 * Everything a campaign spends: calls of models, labels and training, each under its own cap and all under the total.
 * At every moment, on every account and in total, settled + reserved ≤ cap. The exceptions are costs that arrive
 * without a reservation: an unrequested label, a server that bills more than its margin.
 */
export class CampaignLedger {
  readonly calls: SqliteLedger;
  readonly expenses: SqliteExpenses;
  readonly #database: Database.Database;
  readonly #caps: CampaignCaps;

  /** @param readOnly write nothing: open calls of another process count as reserved */
  constructor(
    database: Database.Database,
    { caps, clock, readOnly = false }: { caps: CampaignCaps; clock: Pick<Clock, 'now'>; readOnly?: boolean },
  ) {
    this.#database = database;
    this.#caps = caps;
    this.calls = new SqliteLedger(database, {
      clock,
      readOnly,
      caps: caps.llmMicroUsd === undefined ? {} : { maxMicroUsd: caps.llmMicroUsd },
      capNames: { usd: 'budget.llmUsd in winnow.yaml' },
      checkShared: (call) => this.#checkCall(call),
    });
    this.expenses = new SqliteExpenses(database, clock, (expenses) => this.#checkExpenses(expenses));
  }

  spending(): CampaignSpending {
    const calls = this.calls.spending();
    const llm = {
      settledMicroUsd: calls.settledMicroUsd,
      reservedMicroUsd: calls.reservedMicroUsd + calls.lostMicroUsd,
      ...(calls.reservedCalls === 0
        ? {}
        : { awaited: { calls: calls.reservedCalls, microUsd: calls.reservedMicroUsd } }),
    };
    const labels = this.expenses.totals('labels');
    const { settledMicroUsd, reservedMicroUsd } = this.expenses.totals('training');
    const accounts = [llm, labels, { settledMicroUsd, reservedMicroUsd }];
    return {
      llm,
      labels,
      training: { settledMicroUsd, reservedMicroUsd },
      total: {
        settledMicroUsd: accounts.reduce((sum, account) => sum + account.settledMicroUsd, 0),
        reservedMicroUsd: accounts.reduce((sum, account) => sum + account.reservedMicroUsd, 0),
      },
    };
  }

  /** What is left under each cap, never below 0. The total limits the others. */
  room(): CampaignRoom {
    const { llm, labels, training, total } = this.spending();
    const caps = this.#caps;
    const totalLeft = left(caps.totalMicroUsd, used(total));
    const money = (cap: MicroUsd | undefined, account: AccountTotals) => smallest(left(cap, used(account)), totalLeft);
    const room = {
      llmMicroUsd: money(caps.llmMicroUsd, llm),
      labels: left(caps.labels, labels.settledLabels + labels.reservedLabels),
      labelMicroUsd: money(caps.labelMicroUsd, labels),
      trainingMicroUsd: money(caps.trainingMicroUsd, training),
      totalMicroUsd: totalLeft,
    };
    return Object.fromEntries(Object.entries(room).filter(([, value]) => value !== undefined));
  }

  /** What a step may cost that goes on: what is set aside for its batches is part of it. */
  roomForStep(): CampaignRoom {
    const room = this.room();
    const batched = this.calls.batches.openMicroUsd();
    return batched === 0 || room.llmMicroUsd === undefined
      ? room
      : { ...room, llmMicroUsd: room.llmMicroUsd + batched };
  }

  /** Every call and expense that was ever started, oldest first. */
  entries(): LedgerEntry[] {
    return ledgerRows
      .all(
        this.#database.prepare(
          `SELECT 'llm' AS account, NULL AS key, call.subject, call.kind, coalesce(outcome.state, 'reserved') AS state,
           CASE WHEN outcome.state = 'settled' THEN reply.cost_micro_usd
                WHEN outcome.state = 'released' THEN 0 ELSE attempt.worst_case_micro_usd END AS costMicroUsd,
           coalesce(reply.model, call.model) AS model,
           coalesce(reply.input_tokens, 0) AS inputTokens, coalesce(reply.output_tokens, 0) AS outputTokens,
           reply.reported, 0 AS labels, attempt.started_at_ms AS startedAtMs, attempt.id AS number
         FROM attempt JOIN call ON call.id = attempt.call_id
         LEFT JOIN outcome ON outcome.attempt_id = attempt.id LEFT JOIN reply ON reply.attempt_id = attempt.id
         UNION ALL
         SELECT account, key, subject, account, coalesce(outcome.state, 'reserved'),
           CASE WHEN outcome.state IS NULL THEN expense.worst_case_micro_usd ELSE outcome.cost_micro_usd END,
           NULL, 0, 0, NULL, coalesce(outcome.labels, expense.labels), expense.created_at_ms, expense.id
         FROM expense LEFT JOIN expense_outcome AS outcome ON outcome.expense_id = expense.id
         ORDER BY startedAtMs, account, number`,
        ),
      )
      .map(({ number: _, ...entry }) => entry);
  }

  #checkCall({ subject, worstCaseMicroUsd }: PlannedCall): void {
    // Adding up all expenses takes time, and there are many calls: skip it without a cap.
    if (this.#caps.totalMicroUsd !== undefined) this.#checkTotal(this.spending(), worstCaseMicroUsd, subject);
  }

  /** Adds up once for all of them. Each is checked together with those before it. */
  #checkExpenses(expenses: readonly PlannedExpense[]): void {
    let spending = this.spending();
    for (const expense of expenses) {
      this.#checkExpense(spending, expense);
      spending = withReserved(spending, expense);
    }
  }

  #checkExpense(spending: CampaignSpending, expense: PlannedExpense): void {
    const { account, subject, worstCaseMicroUsd, labels } = expense;
    const caps = this.#caps;
    if (account === 'labels') {
      const taken = spending.labels.settledLabels + spending.labels.reservedLabels;
      if (caps.labels !== undefined && labels > 0 && taken + labels > caps.labels) {
        throw new BudgetExceededError(`${taken} of ${caps.labels} labels are made or awaited.`, {
          cap: 'labels',
          limit: caps.labels,
          callsUnderWay: 0,
          hint: sentence`Raise budget.labels in winnow.yaml, then run ${command('next')}: it goes on from here.`,
        });
      }
      this.#checkMoney('labelUsd', caps.labelMicroUsd, used(spending.labels), worstCaseMicroUsd, subject);
    } else {
      this.#checkMoney('trainingUsd', caps.trainingMicroUsd, used(spending.training), worstCaseMicroUsd, subject);
    }
    this.#checkTotal(spending, worstCaseMicroUsd, subject);
  }

  #checkTotal({ total }: CampaignSpending, worstCaseMicroUsd: MicroUsd, subject: string): void {
    this.#checkMoney('totalUsd', this.#caps.totalMicroUsd, used(total), worstCaseMicroUsd, subject);
  }

  #checkMoney(
    name: string,
    cap: MicroUsd | undefined,
    usedMicroUsd: MicroUsd,
    worstCaseMicroUsd: MicroUsd,
    subject: string,
  ): void {
    // Free expenses fit even where more than the cap was charged.
    if (cap === undefined || worstCaseMicroUsd === 0 || usedMicroUsd + worstCaseMicroUsd <= cap) return;
    throw new BudgetExceededError(
      `${formatUsdExactly(usedMicroUsd)} of budget.${name} ${formatUsdExactly(cap)} is spent or set aside; ` +
        `${subject} could cost ${formatUsdExactly(worstCaseMicroUsd)}.`,
      {
        cap: 'usd',
        limit: cap,
        callsUnderWay: this.calls.spending().reservedCalls,
        hint: sentence`Raise budget.${name} in winnow.yaml, then run ${command('next')}: it goes on from here.`,
      },
    );
  }
}

/** The spending with this expense reserved too. */
function withReserved(spending: CampaignSpending, expense: PlannedExpense): CampaignSpending {
  const { account, worstCaseMicroUsd, labels } = expense;
  const add = <A extends AccountTotals>(totals: A): A => ({
    ...totals,
    reservedMicroUsd: totals.reservedMicroUsd + worstCaseMicroUsd,
  });
  const total = add(spending.total);
  if (account === 'training') return { ...spending, training: add(spending.training), total };
  const reservedLabels = spending.labels.reservedLabels + labels;
  return { ...spending, labels: { ...add(spending.labels), reservedLabels }, total };
}

function used({ settledMicroUsd, reservedMicroUsd }: AccountTotals): MicroUsd {
  return settledMicroUsd + reservedMicroUsd;
}

function left(cap: number | undefined, taken: number): number | undefined {
  return cap === undefined ? undefined : Math.max(0, cap - taken);
}

function smallest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}
