import type { MicroUsd } from './money.ts';

/** What a person did in a month, and what they are paid for it. */
export interface PayRow {
  /** Null for all people whose tools gave no name. */
  readonly annotator: string | null;
  /** As in 2026-05, in UTC; null for labels whose time is not known. */
  readonly month: string | null;
  /** Items by their latest label, in the month of that label. */
  readonly answered: number;
  readonly rejected: number;
  readonly skipped: number;
  /** Time spent on these items, where it is known. */
  readonly minutes: number;
  /** For labels that were submitted in the month, dropped ones too. */
  readonly labelsMicroUsd: MicroUsd;
  readonly adjustments: readonly { readonly microUsd: MicroUsd; readonly reason: string; readonly by: string }[];
  readonly totalMicroUsd: MicroUsd;
}
