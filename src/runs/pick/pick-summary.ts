import type { PersonalDataFindings } from '../../domain/pool.ts';
import type { RunEnd } from '../../domain/stop-reason.ts';
import type { Coverage } from '../../math/coverage.ts';
import type { HeldOutReason } from '../../selection/held-out.ts';
import type { FailedItem } from '../../selection/measures/measure.ts';
import type { AskingResult, MeasuringResult } from '../../selection/strategies/strategy.ts';
import type { RunSummary } from '../run-summary.ts';
import type { PoolFacts } from './pick-plan.ts';
import type { CategoryPicks } from './picks-by-category.ts';

/** What a run did, for people and for `--json`. */
export interface PickSummary extends RunSummary {
  readonly end: RunEnd;
  readonly picked: number;
  readonly asked: number;
  readonly strategy: string;
  readonly provider: string | null;
  readonly model: string | null;
  readonly seed: number;
  readonly pool: PoolFacts;
  readonly queries: (Omit<AskingResult, 'stopped'> & { readonly votes: number }) | null;
  /** What was measured to choose by; empty for strategies that measure nothing. */
  readonly measured: readonly (Omit<MeasuringResult, 'stopped' | 'failed'> & {
    readonly failed: readonly ({ readonly id: string } & Omit<FailedItem, 'position'>)[];
  })[];
  /** What was found, by kind. Absent where it was not looked for. */
  readonly personalData?: PersonalDataFindings;
  /** Items left out because test items repeat in them, with the test item and why. Absent where no test items are given. */
  readonly heldOut?: readonly {
    readonly id: string;
    readonly because: HeldOutReason;
    readonly testFile: string;
    readonly testLine: number;
  }[];
  /** How the picks are spread over the pool's categories; null where its records name none. */
  readonly categories: CategoryPicks | null;
  /** Distance from the pool to the nearest labeled item (before), labeled or picked one (after); null where unknown. */
  readonly coverage: { readonly before: Coverage | null; readonly after: Coverage | null };
}
