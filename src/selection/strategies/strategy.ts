import type { z } from 'zod';
import type { Instruction } from '../../domain/instruction.ts';
import type { MicroUsd } from '../../domain/money.ts';
import type { OptionsSchema } from '../../domain/options.ts';
import type { OnProgress } from '../../domain/progress.ts';
import type { Pick as Picked, SelectionJournal } from '../../domain/selection.ts';
import type { Stopped } from '../../domain/stop-reason.ts';
import type { CallCost } from '../../domain/usage.ts';
import type { EmbeddingMatrix } from '../../math/embedding-matrix.ts';
import type { MatrixKernel } from '../../math/matrix-kernel.ts';
import type { RatingsCollapse } from '../../math/ratings-collapse.ts';
import type { Asker } from '../../models/asker.ts';
import type { PromptTemplate } from '../../models/prompt-template.ts';
import type { Candidates } from '../find-candidates.ts';
import type { PromptDeclaration } from '../judges/criteria.ts';
import type { Measure, Measured, MeasureName } from '../measures/measure.ts';

/** Option values by name, as a user gives them; each strategy knows its own. */
export type StrategyOptions = Readonly<Record<string, string | number | boolean>>;

/** What a strategy works with. Positions index `instructions` and the rows of `embeddings`. */
export interface StrategyContext<Options = StrategyOptions> {
  readonly instructions: readonly Instruction[];
  /** Positions that may be picked, ascending: unlabeled, one of each group of near-duplicates. */
  readonly candidates: readonly number[];
  /**
   * Of candidates that other open instructions nearly repeat, those others: strategies that go by scores take the best of
   * each group. Given where scoring them too costs nothing; else the candidates alone are scored.
   */
  readonly copies?: ReadonlyMap<number, readonly number[]>;
  /** How many to pick, 1 … candidates.length. */
  readonly count: number;
  /** `n × d`, unit rows, of what the strategy's needs say; `0 × 0` for strategies that need none. */
  readonly embeddings: EmbeddingMatrix;
  /** `l × d`: the items labeled already, whether or not they are in the pool. */
  readonly labeled: EmbeddingMatrix;
  /**
   * Parallel to `candidates`, > 0: how much each matters, such as how badly the seed model failed at it. Only
   * ratios count, and equal weights give what none give. Strategies say what they make of them.
   */
  readonly weights?: Float64Array;
  /** The strategy's own options, normalized. */
  readonly options: Options;
  readonly seed: number;
  readonly kernel: MatrixKernel;
  /** Present for strategies that need an LLM. */
  readonly asker?: Asker;
  /** What the strategy measures by, see `Strategy.measures`. */
  readonly measures: ReadonlyMap<MeasureName, Measure>;
  /** The prompts the strategy declares, by id. */
  readonly prompts: ReadonlyMap<string, PromptTemplate>;
  readonly journal: SelectionJournal;
  /** Start nothing new. */
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/** One choice that is to be made: of what, how many, and by which options. What it is made with comes beside it. */
export interface SelectionTask extends Omit<StrategyContext, 'candidates' | 'copies' | 'kernel' | 'asker' | 'prompts'> {
  readonly candidates: Pick<Candidates, 'positions' | 'copies'>;
}

/** A way to choose instructions. Stateless; one object per method. */
export interface Strategy<Schema extends OptionsSchema = OptionsSchema> {
  /** As the user types it, named after its paper or method. */
  readonly name: string;
  /** One line for `--help`. */
  readonly summary: string;
  /** Paper and section. */
  readonly source: string;
  readonly needs: {
    /** `pairs`: of instruction, input and response together, where there is one (CaR). */
    readonly embeddings: 'none' | 'instructions' | 'pairs';
    /** Whether it asks an LLM itself, beside what it measures by. */
    readonly llm: boolean;
  };
  /**
   * Its own options, each with `.describe()` and `.meta()`, see `OptionMeta`: command line, winnow.yaml and docs are
   * generated from them. Refinements across options belong in `checkOptions`.
   */
  readonly options: Schema;
  /** Checks what the schema cannot. @throws UsageError for options that contradict each other */
  checkOptions?(options: z.output<Schema>): void;
  /**
   * Whether, with these options, the picks for a smaller count are the first picks for a larger one, all else equal, so
   * that one selection serves every budget.
   */
  nested(options: z.output<Schema>): boolean;
  /** The prompts it uses itself. */
  readonly prompts: readonly PromptDeclaration[];
  /**
   * What it must know of every candidate, by names of measures.
   * @param options normalized @param pool whether all instructions of it have a response
   */
  measures(options: z.output<Schema>, pool: { readonly hasResponses: boolean }): readonly MeasureName[];
  /**
   * Does everything that costs nothing (clustering, building prompts) and says what the rest will take.
   * Deterministic for a given context.
   */
  prepare(context: StrategyContext<z.output<Schema>>): Promise<PreparedSelection>;
}

/** A strategy whose functions get its options as its schema types them. */
export function defineStrategy<Schema extends OptionsSchema>(strategy: Strategy<Schema>): Strategy {
  return strategy;
}

export interface PreparedSelection {
  readonly plan: SelectionPlan;
  /** Spends, if the strategy spends at all. Picks are ordered, rank 1 first. */
  select(): Promise<Selection>;
}

export interface SelectionPlan {
  /** What the user should know: "reduced to 1,000 candidates that cover the pool". */
  readonly notes: readonly string[];
  /** Absent for strategies that ask nobody. */
  readonly asking?: AskingPlan;
  /** Absent for strategies that measure nothing. */
  readonly measuring?: readonly MeasuringPlan[];
}

/** What measuring the candidates will take. */
export interface MeasuringPlan extends CallCost {
  readonly measure: MeasureName;
  /** Who measures and how. */
  readonly by: string;
  /** Who measures, for people. */
  readonly shortName: string;
  readonly items: number;
}

export interface AskingPlan {
  readonly partition: string;
  readonly queries: number;
  /** Fewest and most candidates a query shows. */
  readonly itemsPerQuery: readonly [number, number];
  readonly picksPerQuery: readonly [number, number];
  readonly votes: number;
  /** Input tokens of one query, on average and at most. */
  readonly inputTokensPerQuery: { readonly mean: number; readonly max: number };
  /** Queries whose answers are stored already. */
  readonly queriesAnswered: number;
  readonly calls: { readonly expected: number; readonly worstCase: number };
  readonly tokens: { readonly expected: number; readonly worstCase: number };
  readonly costMicroUsd: { readonly expected: MicroUsd; readonly worstCase: MicroUsd };
  readonly samplePrompt: { readonly system: string; readonly user: string };
}

export interface Selection {
  readonly picks: readonly Picked[];
  /** Present for strategies that ask. */
  readonly asked?: AskingResult;
  /** Present for strategies that measure. */
  readonly measured?: readonly MeasuringResult[];
}

export interface MeasuringResult extends Pick<Measured, 'failed' | 'unmeasured' | 'stopped'> {
  readonly measure: MeasureName;
  readonly by: string;
  readonly shortName: string;
  readonly items: number;
  /** Lowest, upper median and highest value; null where nothing was measured. */
  readonly values: readonly [number, number, number] | null;
  /** Nearly all values are the same. */
  readonly collapse?: RatingsCollapse;
}

export interface AskingResult {
  readonly queries: number;
  readonly chosen: number;
  readonly failed: readonly { readonly query: number; readonly failure: string }[];
  /** Queries not asked, or not to the end, because of `stopped`. */
  readonly unasked: number;
  readonly stopped?: Stopped;
  /** Mean share of picks two votes of a query have in common, 0–1; absent with a single vote. */
  readonly agreement?: number;
}
