import type { BudgetCaps, Spending } from '../../domain/ledger.ts';
import type { MicroUsd } from '../../domain/money.ts';
import type { CallCost } from '../../domain/usage.ts';
import type { Wording } from '../../domain/wording.ts';
import type { PlannedWays } from '../planned-ways.ts';

/** What is known of the records before anything is judged. */
export interface ScoredPoolFacts {
  /** Records read, and to be written. */
  readonly records: number;
  /** Records that could not be read. */
  readonly badRecords: number;
  /** Of the records, those without a response where responses are judged: they get no score. */
  readonly withoutResponse: number;
  /** What is judged: the different ones among the rest. */
  readonly items: number;
}

/** What is scored, and by which judge. */
export interface Scoring {
  /** A criterion; or `field`: a number the records came with. */
  readonly dimension: string;
  /** null if no judge is used. */
  readonly judge: string | null;
  /** The exact judge and method. Scores with different values here do not compare. */
  readonly by: string;
  /** Who judges, for people. */
  readonly shortName: string;
  /** Of the LLM that judges or drafts; null where none does. */
  readonly provider: string | null;
  readonly model: string | null;
}

/** What scoring will do and cost, known before it spends anything. */
export interface ScorePlan extends Scoring {
  readonly pool: ScoredPoolFacts;
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
