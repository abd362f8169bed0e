import type { MicroUsd } from './money.ts';
import type { ReportedUsage } from './usage.ts';

/** What a campaign spends on: calls of models; people's labels; training. */
export type Account = 'llm' | 'labels' | 'training';

/** Hard limits of a campaign. An absent one is no limit. */
export interface CampaignCaps {
  readonly llmMicroUsd?: MicroUsd | undefined;
  /** Instructions labeled, or handed out to be. */
  readonly labels?: number | undefined;
  readonly labelMicroUsd?: MicroUsd | undefined;
  readonly trainingMicroUsd?: MicroUsd | undefined;
  readonly totalMicroUsd?: MicroUsd | undefined;
}

/** Something to be paid that is no call of a model, with the most it can cost. */
export interface PlannedExpense {
  readonly account: Exclude<Account, 'llm'>;
  /** Identifies it: an expense of one key is reserved once. */
  readonly key: string;
  /** For people: "round 2, it_1". */
  readonly subject: string;
  readonly worstCaseMicroUsd: MicroUsd;
  /** How many labels it counts for under the cap on labels. */
  readonly labels: number;
}

export interface AccountTotals {
  /** Paid. */
  readonly settledMicroUsd: MicroUsd;
  /** Set aside: under way, awaited, or of unknown fate. */
  readonly reservedMicroUsd: MicroUsd;
}

/** What is spent and set aside, by account. */
export interface CampaignSpending {
  readonly llm: AccountTotals & {
    /** The part of `reservedMicroUsd` for calls that are waited for, as in a batch. Absent where there are none. */
    readonly awaited?: { readonly calls: number; readonly microUsd: MicroUsd };
  };
  readonly labels: AccountTotals & { readonly settledLabels: number; readonly reservedLabels: number };
  readonly training: AccountTotals;
  readonly total: AccountTotals;
}

/** What may still be spent. An absent one is not capped. */
export interface CampaignRoom {
  readonly llmMicroUsd?: MicroUsd;
  readonly labels?: number;
  readonly labelMicroUsd?: MicroUsd;
  readonly trainingMicroUsd?: MicroUsd;
  readonly totalMicroUsd?: MicroUsd;
}

/** One line of the ledger, a call or an expense. */
export interface LedgerEntry {
  readonly account: Account;
  /** Identifies an expense; null for a call. */
  readonly key: string | null;
  readonly subject: string;
  /** `choose`, `judge`, `answer`, `embed`; of expenses the account. */
  readonly kind: string;
  /** `settled`: paid; `reserved`: under way or awaited; `lost`: perhaps billed, counted as spent; `released`: not billed. */
  readonly state: 'settled' | 'reserved' | 'lost' | 'released';
  /** What counts towards the caps: the real cost, or what is set aside. */
  readonly costMicroUsd: MicroUsd;
  readonly model: string | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** What the provider said of the tokens of a call, where it is settled at other figures; else null. */
  readonly reported: ReportedUsage | null;
  readonly labels: number;
  readonly startedAtMs: number;
}
