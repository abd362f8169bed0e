import type { BudgetCaps } from '../domain/ledger.ts';
import type { RunSettings } from './run-options.ts';

/** Seconds a call takes where nothing better is known: a guess, and called one. */
const GUESSED_CALL_SECONDS = 4;

/** How long so many calls may take, so many at once. */
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
