import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BudgetExceededError } from '../../src/domain/errors.ts';
import type { CampaignCaps, PlannedExpense } from '../../src/domain/expense.ts';
import { CampaignLedger } from '../../src/store/campaign-ledger.ts';
import { openDatabase } from '../../src/store/open-database.ts';
import { clock, paidReply, plannedCall, plannedExpense } from './campaign-file.ts';
import { capOf, LedgerModel, MEASURES, usedOf } from './ledger-model.ts';

const cap = (max: number) => fc.option(fc.nat(max), { nil: undefined });
const someCaps = fc.record({
  llmMicroUsd: cap(400),
  labels: cap(8),
  labelMicroUsd: cap(400),
  trainingMicroUsd: cap(400),
  totalMicroUsd: cap(800),
});
const share = fc.integer({ min: 0, max: 100 });
const which = fc.nat();
const oneExpense = fc
  .record({
    account: fc.constantFrom('labels' as const, 'labels' as const, 'training' as const),
    key: fc.nat(14).map((number) => `key ${number}`),
    microUsd: fc.nat(120),
    labels: fc.nat(2),
  })
  .map(({ account, key, microUsd, labels }) => plannedExpense(account, key, microUsd, labels));
const reserving = fc.oneof(
  fc.record({ event: fc.constant('call' as const), hash: fc.nat(9), microUsd: fc.nat(120) }),
  fc.record({ event: fc.constant('expenses' as const), list: fc.array(oneExpense, { minLength: 1, maxLength: 4 }) }),
);
const ending = fc.oneof(
  fc.record({ event: fc.constant('settle call' as const), which, share }),
  fc.record({
    event: fc.constantFrom('release call' as const, 'lose call' as const, 'release expense' as const),
    which,
  }),
  fc.record({ event: fc.constant('settle expense' as const), which, share }),
);
const crash = fc.record({ event: fc.constant('crash' as const) });
const recording = fc.record({ event: fc.constant('record' as const), expense: oneExpense });
const planned = fc.oneof(
  { arbitrary: reserving, weight: 4 },
  { arbitrary: ending, weight: 4 },
  { arbitrary: crash, weight: 1 },
);
const anything = fc.oneof({ arbitrary: planned, weight: 8 }, { arbitrary: recording, weight: 1 });
type Step = typeof anything extends fc.Arbitrary<infer S> ? S : never;

/** A campaign's ledger, driven beside the model that says what it must hold. */
class Drive {
  readonly model: LedgerModel;
  readonly #caps: CampaignCaps;
  #database = openDatabase(':memory:');
  ledger: CampaignLedger;

  constructor(caps: CampaignCaps) {
    this.#caps = caps;
    this.model = new LedgerModel(caps);
    this.ledger = new CampaignLedger(this.#database, { caps, clock });
  }

  take(step: Step): void {
    const { calls, expenses } = this.ledger;
    const { model } = this;
    const pick = <T>(list: readonly T[]) => ('which' in step ? list[step.which % list.length] : undefined);
    const attempt = pick(model.callsUnderWay);
    const key = pick(model.openKeys);
    if (step.event === 'call') this.#reserveCall(`hash ${step.hash}`, step.microUsd);
    else if (step.event === 'expenses') this.#reserveExpenses(step.list);
    else if (step.event === 'crash') this.crash();
    else if (step.event === 'record') this.#record(step.expense);
    else if (step.event === 'settle call' && attempt !== undefined) {
      const microUsd = Math.floor((model.worstCaseOfCall(attempt) * step.share) / 100);
      calls.settle(attempt, paidReply(microUsd));
      model.endCall(attempt, microUsd);
    } else if (step.event === 'release call' && attempt !== undefined) {
      calls.release(attempt, 'refused');
      model.endCall(attempt, 0);
    } else if (step.event === 'lose call' && attempt !== undefined) {
      calls.lose(attempt, 'cut off');
      model.endCall(attempt, undefined);
    } else if (step.event === 'settle expense' && key !== undefined) {
      const { account, worstCaseMicroUsd, worstCaseLabels } = model.worstCaseOf(key);
      const microUsd = Math.floor((worstCaseMicroUsd * step.share) / 100);
      const labels = account === 'labels' ? Math.round((worstCaseLabels * step.share) / 100) : 0;
      expenses.settle(key, { costMicroUsd: microUsd, labels });
      model.end(key, { microUsd, labels });
    } else if (step.event === 'release expense' && key !== undefined) {
      expenses.release(key);
      model.end(key, { microUsd: 0, labels: 0 });
    }
  }

  #reserveCall(hash: string, microUsd: number): void {
    const call = plannedCall(hash, microUsd);
    if (this.model.callFits(microUsd)) this.model.addCall(this.ledger.calls.reserve(call), microUsd);
    else expect(() => this.ledger.calls.reserve(call)).toThrow(BudgetExceededError);
  }

  #reserveExpenses(list: readonly PlannedExpense[]): void {
    if (this.model.reserve(list)) this.ledger.expenses.reserve(list);
    else expect(() => this.ledger.expenses.reserve(list)).toThrow(BudgetExceededError);
  }

  #record(expense: PlannedExpense): void {
    if (this.model.has(expense.key)) {
      expect(() => this.ledger.expenses.record(expense)).toThrow();
    } else {
      this.ledger.expenses.record(expense);
      this.model.record(expense);
    }
  }

  /** Another process goes on with the file as it is at this moment. */
  crash(): void {
    const file = this.#database.serialize();
    this.#database.close();
    this.#database = new Database(file);
    this.ledger = new CampaignLedger(this.#database, { caps: this.#caps, clock });
    this.model.crash();
  }

  /** The ledger holds what the model holds, in every way it can be asked. */
  compare(): void {
    const spending = this.model.spending();
    const { llm, ...others } = this.ledger.spending();
    const { awaited, ...totals } = llm;
    expect({ llm: totals, ...others }).toEqual(spending);
    expect(awaited?.calls ?? 0).toBe(this.model.callsUnderWay.length);
    const entries = this.ledger.entries();
    for (const account of ['llm', 'labels', 'training'] as const) {
      const mine = entries.filter((entry) => entry.account === account);
      expect(mine.reduce((sum, { costMicroUsd }) => sum + costMicroUsd, 0)).toBe(usedOf(spending, account));
      const settled = mine.filter(({ state }) => state === 'settled');
      expect(settled.reduce((sum, { costMicroUsd }) => sum + costMicroUsd, 0)).toBe(spending[account].settledMicroUsd);
    }
    expect(this.model.openKeys.every((key) => this.ledger.expenses.isOpen(key))).toBe(true);
    const room = this.ledger.room();
    const left = (...measures: (typeof MEASURES)[number][]) =>
      Math.min(...measures.map((measure) => Math.max(0, capOf(this.#caps, measure) - usedOf(spending, measure))));
    const unlimited = Number.POSITIVE_INFINITY;
    expect(room.llmMicroUsd ?? unlimited).toBe(left('llm', 'total'));
    expect(room.labels ?? unlimited).toBe(left('label count'));
    expect(room.labelMicroUsd ?? unlimited).toBe(left('labels', 'total'));
    expect(room.trainingMicroUsd ?? unlimited).toBe(left('training', 'total'));
    expect(room.totalMicroUsd ?? unlimited).toBe(left('total'));
  }

  close(): void {
    const view = new CampaignLedger(this.#database, { caps: this.#caps, clock, readOnly: true });
    expect(view.spending()).toEqual(this.ledger.spending());
    this.#database.close();
  }
}

describe('the ledger of a campaign, for any order of events and any interruption', () => {
  it('never passes a cap of an account, of labels or of all together, and refuses only what does not fit', () => {
    fc.assert(
      fc.property(someCaps, fc.array(planned, { minLength: 10, maxLength: 50 }), (caps, steps) => {
        const drive = new Drive(caps);
        for (const step of steps) {
          drive.take(step);
          drive.compare();
          const spending = drive.ledger.spending();
          for (const measure of MEASURES) expect(usedOf(spending, measure)).toBeLessThanOrEqual(capOf(caps, measure));
        }
        drive.close();
      }),
      { numRuns: 100 },
    );
  });

  it('passes a cap only by what was recorded without having been planned, and takes nothing more on while it is passed', () => {
    fc.assert(
      fc.property(someCaps, fc.array(anything, { minLength: 10, maxLength: 50 }), (caps, steps) => {
        const drive = new Drive(caps);
        const highest = new Map(MEASURES.map((measure) => [measure, capOf(caps, measure)]));
        for (const step of steps) {
          drive.take(step);
          drive.compare();
          const spending = drive.ledger.spending();
          for (const measure of MEASURES) {
            const used = usedOf(spending, measure);
            if (step.event === 'record') highest.set(measure, Math.max(capOf(caps, measure), used));
            expect(used).toBeLessThanOrEqual(highest.get(measure)!);
          }
        }
        drive.close();
      }),
      { numRuns: 100 },
    );
  });
});
