import type { BudgetCaps } from '../../domain/ledger.ts';
import type { MicroUsd, Range } from '../../domain/money.ts';
import type { CallCost } from '../../domain/usage.ts';
import type { Wording } from '../../domain/wording.ts';
import type { EmbeddingCost } from '../../models/embedders/embedder.ts';
import type { Arm, SimulationResult } from './simulation-result.ts';

/** What a simulation will do and cost, known before it spends anything. */
export interface SimulationPlan {
  readonly data: SimulationResult['data'];
  readonly budgets: readonly number[];
  readonly seeds: readonly number[];
  /** One an arm, in order. */
  readonly arms: readonly ArmPlan[];
  /** Who answers the held-out instructions. */
  readonly trainer: string;
  readonly embeddings: string;
  /** The provider that chooses and judges for arms that ask an LLM; null if none does. */
  readonly provider: string | null;
  readonly model: string | null;
  /** What embedding will cost, where it costs anything. */
  readonly embedding: EmbeddingCost | null;
  /** Asking the trained models, one answer an instruction held out and a cell; nothing for the embedded one. */
  readonly answering: CallCost;
  readonly trainings: { readonly count: number; readonly costMicroUsd: Range };
  /** True while vectors must still be paid for: then only the amount of text that the LLM will see is known. */
  readonly estimated: boolean;
  /** Trainings are in the cost, and are no calls. */
  readonly total: CallCost;
  /** The worst case of `total` where every request is lost on the way, may be billed, and is sent again. */
  readonly worstCaseWithRetriesMicroUsd: MicroUsd;
  /** What the simulation may spend in all, and what it has spent or set aside so far. */
  readonly caps: BudgetCaps;
  readonly spentMicroUsd: MicroUsd;
  readonly notes: readonly Wording[];
}

export interface ArmPlan {
  readonly arm: Arm;
  /** Cells to make, and those of an earlier run that need nothing more. */
  readonly cells: number;
  readonly cellsMade: number;
  /** Choosing and measuring; what several arms measure counts for the first. */
  readonly choosing: CallCost;
}
