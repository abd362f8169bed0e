import type { Clock } from '../domain/clock.ts';
import type { Conversation } from '../domain/conversation.ts';
import type { Instruction } from '../domain/instruction.ts';
import type { LabeledExample } from '../domain/label.ts';
import type { OnProgress } from '../domain/progress.ts';
import type { LabelTerms, ModelRecord } from '../domain/round.ts';
import type { LabelServer } from '../labels/http/label-server.ts';
import type { MatrixKernel } from '../math/matrix-kernel.ts';
import type { Embedder, OpenEmbedder } from '../models/embedders/embedder.ts';
import type { Batching } from '../models/providers/open-llm.ts';
import type { RemoteAccess } from '../records/remote/remote-store.ts';
import type { HeldOut } from '../selection/held-out.ts';
import type { Judge } from '../selection/judges/judge.ts';
import type { Measure, MeasureName } from '../selection/measures/measure.ts';
import type { PreparedSelection, SelectionTask, Strategy, StrategyOptions } from '../selection/strategies/strategy.ts';
import type { CampaignState } from '../store/campaign-state.ts';
import type { SeedModel } from '../trainers/seed-model.ts';
import type { Trainer } from '../trainers/trainer.ts';
import type { RoundNeeds } from './budget-room.ts';
import type { CampaignConfig } from './config/campaign-config.ts';
import type { StepCalls } from './step-outcome.ts';

/** What the steps of a campaign work with, each opened when it is first needed. All calls go through one ledger. */
export interface CampaignTools {
  kernel(): Promise<MatrixKernel>;
  /** The configured embedder. */
  embedder(): Promise<OpenEmbedder>;
  /** One that runs on this machine, free: it compares answers. */
  localEmbedder(): Promise<Embedder>;
  /** One for each criterion: an LLM, or its offline replacement. */
  judge(criterion: string): Promise<Judge>;
  /** Has a strategy prepare a choice: everything before the first question. */
  prepareStrategy(strategy: Strategy, task: SelectionTask): Promise<PreparedSelection>;
  /** The measures of a strategy. */
  measures(
    strategy: Strategy,
    options: StrategyOptions,
    instructions: readonly Instruction[],
    seedModel?: () => Promise<SeedModel | undefined>,
  ): Promise<ReadonlyMap<MeasureName, Measure>>;
  trainer(): Promise<Trainer>;
  /** How the calls of a model can be sent as batches; undefined where its provider has none. */
  batching(by: StepCalls['by']): Promise<Batching | undefined>;
  /** @param examples what it was trained on, in the order it was */
  seedModel(model: ModelRecord, examples: readonly LabeledExample[]): Promise<SeedModel>;
  /** The annotation tool, if one is connected over HTTP. */
  labelServer(): Promise<LabelServer | undefined>;
}

/** What every step is given. */
export interface CampaignContext {
  /** Absolute. */
  readonly folder: string;
  readonly config: CampaignConfig;
  readonly state: CampaignState;
  readonly tools: CampaignTools;
  readonly clock: Clock;
  readonly labelPrice: LabelTerms;
  /** Access to pool files on servers. */
  readonly remote: RemoteAccess;
  /** Start nothing new; open requests finish. */
  readonly signal: AbortSignal | undefined;
  readonly abandon: AbortSignal | undefined;
  readonly onProgress: OnProgress;
  /** Shows a line to the person who waits. */
  readonly onNote: (note: string) => void;
  /** By position, as they are at this moment. */
  instructions(): readonly Instruction[];
  /** Name of the judge whose ratings of the pool count; undefined if none has judged yet. */
  qualityJudge(): Promise<string | undefined>;
  /** What a further round needs beside its labels. */
  roundNeeds(): Promise<RoundNeeds>;
  /** Whether vectors of the pool are still to be paid for. */
  unboughtVectors(): Promise<boolean>;
  /** From labels.heldOutFiles: every model answers them, no model is trained on them. */
  testExamples(): Promise<readonly LabeledExample[]>;
  /** From labels.heldOutFiles and pool.exclude: items that are neither picked nor trained on. */
  excludedItems(): Promise<readonly Conversation[]>;
  /** The instructions in which such items repeat, by position. */
  heldOut(): Promise<ReadonlyMap<number, HeldOut>>;
}
