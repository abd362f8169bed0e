export { z } from 'zod';
export type { CampaignConfig } from './campaign/config/campaign-config.ts';
export { configJsonSchema, type OptionSchema } from './campaign/config/config-json-schema.ts';
export { configTemplate } from './campaign/config/config-template.ts';
export { type LoadedConfig, loadConfig } from './campaign/config/load-config.ts';
export type { TemplateAnswers, TrainerAnswer } from './campaign/config/template-answers.ts';
export type { TrainingExport } from './campaign/export-training-data.ts';
export type { ImportSummary } from './campaign/import-labels.ts';
export { type NextStep, STEPS, type StepName } from './campaign/next-step.ts';
export type { CampaignStatus, RoundStatus } from './campaign/status.ts';
export type { StepCalls, StepDone, StepPaused, StepPlan } from './campaign/step-outcome.ts';
export type { Clock } from './domain/clock.ts';
export { conversationText } from './domain/conversation.ts';
export { ProviderError, TrainingError, UsageError } from './domain/errors.ts';
export type { Account, AccountTotals, CampaignRoom, CampaignSpending, LedgerEntry } from './domain/expense.ts';
export type { Instruction, JsonObject, JsonValue } from './domain/instruction.ts';
export type { Agreement, PersonQuality, QualityMean } from './domain/label-quality.ts';
export type { Spending } from './domain/ledger.ts';
export { formatUsd, type MicroUsd, parseUsd } from './domain/money.ts';
export type { OptionMeta, OptionsSchema } from './domain/options.ts';
export type { ProgressEvent } from './domain/progress.ts';
export type { Evaluation, RoundPlan, Stop, StopRule } from './domain/round.ts';
export type { RunEnd, StopReason } from './domain/stop-reason.ts';
export { type ModelPrice, NO_CALLS } from './domain/usage.ts';
export { type ErrorData, WinnowError } from './domain/winnow-error.ts';
export {
  command,
  option,
  type Reference,
  type Sentence,
  type Spelling,
  sentence,
  type Wording,
} from './domain/wording.ts';
export type { CorrectionFormat } from './labels/corrections/correction-format.ts';
export type { PushedTasks } from './labels/http/label-server.ts';
export type { LabelBridge } from './labels/label-bridge.ts';
export type { ForeignRecord } from './labels/label-file.ts';
export type { TrainingFormat } from './labels/training/training-format.ts';
export { detectableDifference, testLabelsFor } from './math/test-power.ts';
export type { EmbedderDefinition } from './models/embedders/embedder-definition.ts';
export { CAUTIOUS_MARGINS } from './models/metering/model-tokens.ts';
export type { LlmClient, LlmReply, LlmRequest } from './models/providers/llm-client.ts';
export type { ProviderDefinition } from './models/providers/provider-definition.ts';
export { modelSettings } from './models/providers/provider-settings.ts';
export type { Plugin } from './plugins/plugin.ts';
export type { PoolInput } from './records/pool-source.ts';
export type { RecordFormat } from './records/record-format.ts';
export { type ReportOptions, report } from './report/report.ts';
export type { ReportData } from './report/report-data.ts';
export { type Campaign, openCampaign, viewCampaign } from './runs/campaign/campaign.ts';
export type { CampaignOptions } from './runs/campaign/open-context.ts';
export type { NextOptions, PlannedStep, StepDetails, StepResult } from './runs/campaign/step-result.ts';
export type { PickedInstruction, PickResult } from './runs/pick/pick.ts';
export { pick, pickRecord, planPick } from './runs/pick/pick.ts';
export type { PickOptions } from './runs/pick/pick-options.ts';
export type { PickPlan, PoolFacts } from './runs/pick/pick-plan.ts';
export type { PickSummary } from './runs/pick/pick-summary.ts';
export type { ScoredRecord, ScoreResult } from './runs/score/score.ts';
export { planScore, scorePool, scoreRecord } from './runs/score/score.ts';
export type { ScoreDistribution } from './runs/score/score-distribution.ts';
export type { ScoreOptions } from './runs/score/score-options.ts';
export type { ScoredPoolFacts, ScorePlan } from './runs/score/score-plan.ts';
export type { ScoreFailure, ScoreSummary } from './runs/score/score-summary.ts';
export { planSimulation, simulate } from './runs/simulate/simulate.ts';
export type { CommandTrainerChoice, SimulateOptions, TrainerChoice } from './runs/simulate/simulate-options.ts';
export type { ArmPlan, SimulationPlan } from './runs/simulate/simulation-plan.ts';
export type { Arm, Metric, MissingCell, SimulationCell, SimulationResult } from './runs/simulate/simulation-result.ts';
export type { Judge, JudgeKind } from './selection/judges/judge.ts';
export type { Measure, MeasureKind } from './selection/measures/measure.ts';
export { measuringPlan, selectMeasured } from './selection/measures/measuring.ts';
export { STRATEGIES } from './selection/strategies/registry.ts';
export { defineStrategy, type Strategy, type StrategyContext } from './selection/strategies/strategy.ts';
export type { SeedModel } from './trainers/seed-model.ts';
export type { Trainer } from './trainers/trainer.ts';
export { defineTrainer, type TrainerDefinition } from './trainers/trainer-definition.ts';
