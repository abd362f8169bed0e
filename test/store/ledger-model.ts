import type { Account, CampaignCaps, CampaignSpending, PlannedExpense } from '../../src/domain/expense.ts';

interface Entry {
  readonly account: Account;
  readonly worstCaseMicroUsd: number;
  readonly worstCaseLabels: number;
  /** What it came to; undefined while it is set aside. */
  cost?: { readonly microUsd: number; readonly labels: number };
}

/** What must stay within a cap. */
export type Measure = Account | 'label count' | 'total';
export const MEASURES: readonly Measure[] = ['llm', 'labels', 'training', 'label count', 'total'];

export function capOf(caps: CampaignCaps, measure: Measure): number {
  const cap = {
    llm: caps.llmMicroUsd,
    labels: caps.labelMicroUsd,
    training: caps.trainingMicroUsd,
    'label count': caps.labels,
    total: caps.totalMicroUsd,
  }[measure];
  return cap ?? Number.POSITIVE_INFINITY;
}

/** What counts towards the cap of a measure. */
export function usedOf(spending: CampaignSpending, measure: Measure): number {
  if (measure === 'label count') return spending.labels.settledLabels + spending.labels.reservedLabels;
  return spending[measure].settledMicroUsd + spending[measure].reservedMicroUsd;
}

/** A ledger so simple that it cannot be wrong: a list, added up again for every question. */
export class LedgerModel {
  readonly #caps: CampaignCaps;
  #entries: Entry[] = [];
  readonly #keys = new Map<string, Entry>();
  #calls = new Map<number, Entry>();

  constructor(caps: CampaignCaps) {
    this.#caps = caps;
  }

  /** Numbers of the calls under way, oldest first. */
  get callsUnderWay(): number[] {
    return [...this.#calls.keys()];
  }

  /** Keys of the expenses set aside, oldest first. */
  get openKeys(): string[] {
    return [...this.#keys].filter(([, { cost }]) => cost === undefined).map(([key]) => key);
  }

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  worstCaseOfCall(attempt: number): number {
    return this.#calls.get(attempt)!.worstCaseMicroUsd;
  }

  worstCaseOf(key: string): Entry {
    return this.#keys.get(key)!;
  }

  callFits(worstCaseMicroUsd: number): boolean {
    return this.#fits({ account: 'llm', worstCaseMicroUsd, worstCaseLabels: 0 });
  }

  addCall(attempt: number, worstCaseMicroUsd: number): void {
    const entry: Entry = { account: 'llm', worstCaseMicroUsd, worstCaseLabels: 0 };
    this.#entries.push(entry);
    this.#calls.set(attempt, entry);
  }

  /** @param microUsd undefined where it stays set aside for good */
  endCall(attempt: number, microUsd: number | undefined): void {
    if (microUsd !== undefined) this.#calls.get(attempt)!.cost = { microUsd, labels: 0 };
    this.#calls.delete(attempt);
  }

  /** @returns whether it could; what could not is left as it was */
  reserve(expenses: readonly PlannedExpense[]): boolean {
    const before = this.#entries;
    this.#entries = [...before];
    const added = new Map<string, Entry>();
    for (const { account, key, worstCaseMicroUsd, labels } of expenses) {
      if (this.#keys.has(key) || added.has(key)) continue;
      const entry: Entry = { account, worstCaseMicroUsd, worstCaseLabels: account === 'labels' ? labels : 0 };
      if (!this.#fits(entry)) {
        this.#entries = before;
        return false;
      }
      this.#entries.push(entry);
      added.set(key, entry);
    }
    for (const [key, entry] of added) this.#keys.set(key, entry);
    return true;
  }

  record({ account, key, worstCaseMicroUsd, labels }: PlannedExpense): void {
    const cost = { microUsd: worstCaseMicroUsd, labels: account === 'labels' ? labels : 0 };
    const entry: Entry = { account, worstCaseMicroUsd, worstCaseLabels: cost.labels, cost };
    this.#entries.push(entry);
    this.#keys.set(key, entry);
  }

  end(key: string, cost: { readonly microUsd: number; readonly labels: number }): void {
    this.#keys.get(key)!.cost = cost;
  }

  /** The process ends: the outcome of its open calls stays unknown. */
  crash(): void {
    this.#calls = new Map();
  }

  spending(): CampaignSpending {
    const of = (account: Account) => {
      const mine = this.#entries.filter((entry) => entry.account === account);
      return {
        settledMicroUsd: sum(mine.map(({ cost }) => cost?.microUsd ?? 0)),
        reservedMicroUsd: sum(mine.map(({ cost, worstCaseMicroUsd }) => (cost ? 0 : worstCaseMicroUsd))),
        settledLabels: sum(mine.map(({ cost }) => cost?.labels ?? 0)),
        reservedLabels: sum(mine.map(({ cost, worstCaseLabels }) => (cost ? 0 : worstCaseLabels))),
      };
    };
    const [llm, labels, training] = [of('llm'), of('labels'), of('training')];
    const money = ({ settledMicroUsd, reservedMicroUsd }: typeof llm) => ({ settledMicroUsd, reservedMicroUsd });
    return {
      llm: money(llm),
      labels,
      training: money(training),
      total: {
        settledMicroUsd: llm.settledMicroUsd + labels.settledMicroUsd + training.settledMicroUsd,
        reservedMicroUsd: llm.reservedMicroUsd + labels.reservedMicroUsd + training.reservedMicroUsd,
      },
    };
  }

  #fits({ account, worstCaseMicroUsd, worstCaseLabels }: Entry): boolean {
    const spending = this.spending();
    const fits = (measure: Measure, more: number) =>
      more === 0 || usedOf(spending, measure) + more <= capOf(this.#caps, measure);
    const counts = account !== 'labels' || fits('label count', worstCaseLabels);
    return counts && fits(account, worstCaseMicroUsd) && fits('total', worstCaseMicroUsd);
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
