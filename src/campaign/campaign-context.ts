import type { CampaignConfig } from '../config/campaign-config.ts';
import type { Clock } from '../domain/clock.ts';
import type { Instruction } from '../domain/instruction.ts';
import type { LabeledExample } from '../domain/label.ts';
import type { OnProgress } from '../domain/progress.ts';
import type { CampaignState } from '../store/campaign-state.ts';
import type { CampaignTools } from './campaign-tools.ts';
import type { LabelPrice } from './label-price.ts';
import type { RoundNeeds } from './room-for-labels.ts';

/** What every step is given. */
export interface CampaignContext {
  /** Absolute. */
  readonly folder: string;
  readonly config: CampaignConfig;
  readonly state: CampaignState;
  readonly tools: CampaignTools;
  readonly clock: Clock;
  readonly labelPrice: LabelPrice;
  /** Start nothing new; what is under way ends by itself. */
  readonly signal: AbortSignal | undefined;
  readonly abandon: AbortSignal | undefined;
  readonly onProgress: OnProgress;
  /** A line for whoever waits. */
  readonly onNote: (note: string) => void;
  /** By position, as they are at this moment. */
  instructions(): readonly Instruction[];
  /** Of the judge whose ratings of the pool count; undefined where none has judged yet. */
  qualityJudge(): Promise<string | undefined>;
  /** What a further round needs beside its labels. */
  roundNeeds(): Promise<RoundNeeds>;
  /** Whether vectors of the pool are still to be paid for. */
  unboughtVectors(): Promise<boolean>;
  /** Of labels.heldOutFiles: answered by every model, trained on by none. */
  testExamples(): Promise<readonly LabeledExample[]>;
}
