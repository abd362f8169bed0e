import type { Spending } from '../domain/ledger.ts';
import type { Coverage } from '../math/coverage.ts';
import type { RetryCounts } from '../metering/metered-caller.ts';
import type { AskingResult, MeasuringResult } from '../strategies/strategy.ts';
import type { PoolFacts } from './pick-plan.ts';

/** How a run ended: all picked; fewer than asked for, since questions failed or too few are good enough; or stopped before its end. */
export type PickEnd = 'complete' | 'short' | 'budget' | 'interrupt' | 'provider';

/** What a run did, for people and for `--json`. */
export interface PickSummary {
  readonly end: PickEnd;
  readonly picked: number;
  readonly asked: number;
  readonly strategy: string;
  readonly provider: string | null;
  readonly model: string | null;
  readonly seed: number;
  readonly pool: PoolFacts;
  /** The first few records that were left out. */
  readonly badRecords: readonly { readonly file: string; readonly line: number; readonly cause: string }[];
  readonly queries: (Omit<AskingResult, 'stopped'> & { readonly votes: number }) | null;
  /** What was measured to choose by; empty for strategies that measure nothing. */
  readonly measured: readonly (Omit<MeasuringResult, 'stopped' | 'failed'> & {
    readonly failed: readonly { readonly id: string; readonly failure: string }[];
  })[];
  /** Distance from the pool to the nearest labeled item (before), labeled or picked one (after); null where unknown. */
  readonly coverage: { readonly before: Coverage | null; readonly after: Coverage | null };
  /** Over every time this run was taken up, not only the last. */
  readonly spent: Spending;
  readonly retries: RetryCounts;
  readonly state: string;
  readonly resumed: boolean;
  readonly elapsedMs: number;
  readonly notes: readonly string[];
  /** The identity of the run: everything that is needed to repeat it. */
  readonly identity: Readonly<Record<string, string | number | boolean | null>>;
  /** What stopped the run, or why too few could be picked, with what to do about it. */
  readonly stoppedBy: { readonly message: string; readonly hint: string | null } | null;
}
