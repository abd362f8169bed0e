import type { BudgetCaps, Spending } from '../domain/ledger.ts';
import { WinnowError } from '../domain/winnow-error.ts';
import type { Wording } from '../domain/wording.ts';
import type { RetryCounts } from '../models/metering/failed-try.ts';
import type { RunSettings } from './run-options.ts';

/** What every run over a pool reports at its end, for people and for `--json`. */
export interface RunSummary {
  /** The first few records that were left out. */
  readonly badRecords: readonly { readonly file: string; readonly line: number; readonly cause: string }[];
  /** Over the whole run, all continuations included. */
  readonly spent: Spending;
  /** What the run may spend in all. */
  readonly caps: BudgetCaps;
  readonly retries: RetryCounts;
  readonly state: string;
  readonly resumed: boolean;
  readonly elapsedMs: number;
  readonly notes: readonly Wording[];
  /** Everything that is needed to repeat the run. */
  readonly identity: Readonly<Record<string, string | number | boolean | null>>;
  /** What stopped the run, or why the result is short, and what to do about it. */
  readonly stoppedBy: ErrorSummary | null;
}

export interface ErrorSummary {
  readonly message: Wording;
  readonly hint: Wording | null;
}

export function errorSummary(error: Error): ErrorSummary {
  return error instanceof WinnowError
    ? { message: error.wording.message, hint: error.wording.hint ?? null }
    : { message: error.message, hint: null };
}

/** Assumed seconds per call. */
const GUESSED_CALL_SECONDS = 4;

/** A guess of how long the calls take. */
export function guessedSeconds(calls: number, { concurrency }: Pick<RunSettings, 'concurrency'>): number {
  return Math.ceil((calls * GUESSED_CALL_SECONDS) / concurrency);
}

/** What a run may spend in all. */
export function capsOf({
  maxMicroUsd,
  maxCalls,
  maxTokens,
}: Pick<RunSettings, 'maxMicroUsd' | 'maxCalls' | 'maxTokens'>): BudgetCaps {
  return {
    ...(maxMicroUsd === undefined ? {} : { maxMicroUsd }),
    ...(maxCalls === undefined ? {} : { maxCalls }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
  };
}
