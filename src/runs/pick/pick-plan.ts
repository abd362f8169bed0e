import type { BudgetCaps, Spending } from '../../domain/ledger.ts';
import type { MicroUsd } from '../../domain/money.ts';
import type { CallCost } from '../../domain/usage.ts';
import type { Wording } from '../../domain/wording.ts';
import type { EmbeddingCost } from '../../models/embedders/embedder.ts';
import type { SelectionPlan } from '../../selection/strategies/strategy.ts';
import type { PlannedWays } from '../planned-ways.ts';

/** What is known of the pool before anything is chosen. */
export interface PoolFacts {
  /** Records read. */
  readonly records: number;
  /** Records that could not be read. */
  readonly badRecords: number;
  /** Records merged into an earlier one of the same text. */
  readonly exactDuplicates: number;
  /** Distinct instructions. */
  readonly instructions: number;
  /** Of these, labeled already. */
  readonly labeled: number;
  /** Labeled items that are not in the pool. */
  readonly labeledOutside: number;
  /** Of the unlabeled, those that nearly repeat another or a labeled one; null while not looked for. */
  readonly nearDuplicates: number | null;
  /** Of the unlabeled, those that got no usable vector to choose by. Absent where all have one. */
  readonly withoutVector?: number;
  /** Held out, because test items repeat in them. Absent where none is. */
  readonly heldOut?: number;
  /** What remains to pick from. */
  readonly candidates: number;
}

/** What a run will do and cost, known before it spends anything. */
export interface PickPlan {
  readonly count: number;
  readonly strategy: string;
  readonly provider: string | null;
  readonly model: string | null;
  readonly pool: PoolFacts;
  readonly selection: SelectionPlan;
  /** What embedding will cost, where it costs anything. */
  readonly embedding: EmbeddingCost | null;
  /**
   * True where vectors that must be paid for are missing: candidates, prompts and figures are then those
   * of a random partition, of the same size as the real one.
   */
  readonly estimated: boolean;
  readonly total: CallCost;
  /** The worst case of `total` where every request is lost on the way, may be billed, and is sent again. */
  readonly worstCaseWithRetriesMicroUsd: MicroUsd;
  /** What the run may spend in all, and what it has spent or reserved so far. */
  readonly caps: BudgetCaps;
  readonly spent: Spending;
  /** A guess from the seconds per call and the calls at once. */
  readonly expectedSeconds: number;
  /** The price and time of batches beside those of calls one by one; null where the provider has no batches. */
  readonly ways: PlannedWays | null;
  readonly notes: readonly Wording[];
}
