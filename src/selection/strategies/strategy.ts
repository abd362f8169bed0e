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
import type { Limits } from '../constraints/constraints.ts';
import type { Candidates } from '../find-candidates.ts';
import type { PromptDeclaration } from '../judges/criteria.ts';
import type { Measure, Measured, MeasureName } from '../measures/measure.ts';
import type { FailedQuery } from './failed-query.ts';

/** Option values by name, as given by the user. Each strategy has its own options. */
export type StrategyOptions = Readonly<Record<string, string | number | boolean>>;

/** The input of a strategy. Positions index `instructions` and the rows of `embeddings`. */
export interface StrategyContext<Options = StrategyOptions> {
  readonly instructions: readonly Instruction[];
  /** Positions that may be picked, ascending: unlabeled, one per group of near-duplicates. */
  readonly candidates: readonly number[];
  /**
   * The open near-duplicates of each candidate that has some. Strategies that use scores pick the best of each group.
   * Present when scoring them is free; otherwise only the candidates are scored.
   */
  readonly copies?: ReadonlyMap<number, readonly number[]>;
  /** How many to pick, 1 … candidates.length. */
  readonly count: number;
  /** `n × d`, unit rows, of the kind in `Strategy.needs`; `0 × 0` for strategies that need none. */
  readonly embeddings: EmbeddingMatrix;
  /** `l × d`: the labeled items, including those outside the pool. */
  readonly labeled: EmbeddingMatrix;
  /** Embeds other texts in the space of `embeddings`, `m × d`. Absent when the vectors came from a file. */
  readonly embed?: ((texts: readonly string[]) => Promise<EmbeddingMatrix>) | undefined;
  /** Where relative paths among the options start. Absent: the working directory. */
  readonly folder?: string;
  /**
   * Parallel to `candidates`, > 0: the importance of each, such as how badly the seed model failed at it. Only ratios
   * count: equal weights give the same result as no weights. Each strategy documents how it uses them.
   */
  readonly weights?: Float64Array;
  /**
   * Parallel to `candidates`, > 0: how long people are expected to take for each. Given on request only; strategies that
   * have `usesMinutes` choose what gains most a minute.
   */
  readonly minutes?: Float64Array;
  /** The strategy's own options, normalized. */
  readonly options: Options;
  readonly seed: number;
  readonly kernel: MatrixKernel;
  /** Present for strategies that need an LLM. */
  readonly asker?: Asker;
  /** The measures of the strategy, see `Strategy.measures`. */
  readonly measures: ReadonlyMap<MeasureName, Measure>;
  /** The prompts the strategy declares, by id. */
  readonly prompts: ReadonlyMap<string, PromptTemplate>;
  readonly journal: SelectionJournal;
  /** When aborted, nothing new is started. */
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/** One selection: the candidates, the count and the options, without the tools. */
export interface SelectionTask extends Omit<StrategyContext, 'candidates' | 'copies' | 'kernel' | 'asker' | 'prompts'> {
  readonly candidates: Pick<Candidates, 'positions' | 'copies'>;
  /** What the selection must keep to, in every strategy. Absent: nothing. */
  readonly limits?: Limits | undefined;
}

/** A method to choose instructions. Stateless; one object per method. */
export interface Strategy<Schema extends OptionsSchema = OptionsSchema> {
  /** As the user types it, named after its paper or method. */
  readonly name: string;
  /** One line for `--help`. */
  readonly summary: string;
  /** Paper and section. */
  readonly source: string;
  readonly needs: {
    /** `pairs`: instruction, input and response together, if there is one (CaR). */
    readonly embeddings: 'none' | 'instructions' | 'pairs';
    /** Whether it asks an LLM itself, apart from its measures. */
    readonly llm: boolean;
  };
  /**
   * Its own options, each with `.describe()` and `.meta()`, see `OptionMeta`. Command line, winnow.yaml and docs are
   * generated from them. Checks across options belong in `checkOptions`.
   */
  readonly options: Schema;
  /** Defaults of options that have none now. What began with them has them in its identity, and goes on with them. */
  readonly earlierDefaults?: StrategyOptions;
  /** Checks what the schema cannot. @throws UsageError for options that contradict each other */
  checkOptions?(options: z.output<Schema>): void;
  /**
   * Whether, with these options, the picks for a smaller count are the first picks for a larger one, all else equal. One
   * selection then fits every budget.
   */
  nested(options: z.output<Schema>): boolean;
  /** For a strategy made of others: those, with their options. What they need, it needs. */
  parts?(options: z.output<Schema>): readonly StrategyPart[];
  /** Whether it can choose by gain a minute: see `StrategyContext.minutes`. */
  readonly usesMinutes?: true;
  /** The prompts it uses itself. */
  readonly prompts: readonly PromptDeclaration[];
  /**
   * The names of the measures that it needs for every candidate.
   * @param options normalized @param pool whether all its instructions have a response
   */
  measures(
    options: z.output<Schema>,
    pool: { readonly hasResponses: boolean; readonly hasEarlierTurns?: boolean },
  ): readonly MeasureName[];
  /**
   * Does everything that is free (clustering, building prompts) and estimates the rest. Deterministic for a given
   * context.
   */
  prepare(context: StrategyContext<z.output<Schema>>): Promise<PreparedSelection>;
}

/** A strategy with the options that another one uses it with. */
export interface StrategyPart {
  readonly strategy: Strategy;
  /** Normalized. */
  readonly options: StrategyOptions;
}

/** Defines a strategy whose functions get the options with the types of its schema. */
export function defineStrategy<Schema extends OptionsSchema>(strategy: Strategy<Schema>): Strategy {
  return strategy;
}

export interface PreparedSelection {
  readonly plan: SelectionPlan;
  /** Makes the paid calls, if there are any. Picks are ordered, rank 1 first. */
  select(): Promise<Selection>;
}

export interface SelectionPlan {
  /** Notes for the user: "reduced to 1,000 candidates that cover the pool". */
  readonly notes: readonly string[];
  /** Absent for strategies that do not ask an LLM to choose. */
  readonly asking?: AskingPlan;
  /** Absent for strategies without measures. */
  readonly measuring?: readonly MeasuringPlan[];
}

/** The cost of measuring the candidates. */
export interface MeasuringPlan extends CallCost {
  readonly measure: MeasureName;
  /** The name of the measure in runs. */
  readonly by: string;
  /** The name for people. */
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
  /** Queries with a stored answer. */
  readonly queriesAnswered: number;
  readonly calls: { readonly expected: number; readonly worstCase: number };
  readonly tokens: { readonly expected: number; readonly worstCase: number };
  readonly costMicroUsd: { readonly expected: MicroUsd; readonly worstCase: MicroUsd };
  readonly samplePrompt: { readonly system: string; readonly user: string };
}

export interface Selection {
  readonly picks: readonly Picked[];
  /** Present for strategies that ask an LLM to choose. */
  readonly asked?: AskingResult;
  /** Present for strategies with measures. */
  readonly measured?: readonly MeasuringResult[];
}

export interface MeasuringResult extends Pick<Measured, 'failed' | 'unmeasured' | 'stopped'> {
  readonly measure: MeasureName;
  readonly by: string;
  readonly shortName: string;
  readonly items: number;
  /** Lowest, upper median and highest value; null when nothing was measured. */
  readonly values: readonly [number, number, number] | null;
  /** Present when nearly all values are equal. */
  readonly collapse?: RatingsCollapse;
}

export interface AskingResult {
  readonly queries: number;
  readonly chosen: number;
  readonly failed: readonly FailedQuery[];
  /** Picks for which reasons were asked and not had. Absent: none. */
  readonly withoutReason?: number;
  /** Queries not asked, or not finished, because of `stopped`. */
  readonly unasked: number;
  readonly stopped?: Stopped;
  /** Mean share of picks two votes of a query have in common, 0–1; absent with a single vote. */
  readonly agreement?: number;
}
