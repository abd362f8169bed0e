import type { Spending } from '../domain/ledger.ts';
import type { RetryCounts } from '../models/metering/metered-caller.ts';

/** What every run over a pool says at its end, for people and for `--json`. */
export interface RunSummary {
  /** The first few records that were left out. */
  readonly badRecords: readonly { readonly file: string; readonly line: number; readonly cause: string }[];
  /** Over every time this run was taken up, not only the last. */
  readonly spent: Spending;
  readonly retries: RetryCounts;
  readonly state: string;
  readonly resumed: boolean;
  readonly elapsedMs: number;
  readonly notes: readonly string[];
  /** The identity of the run: everything that is needed to repeat it. */
  readonly identity: Readonly<Record<string, string | number | boolean | null>>;
  /** What stopped the run, or why there is less than was asked for, with what to do about it. */
  readonly stoppedBy: { readonly message: string; readonly hint: string | null } | null;
}
