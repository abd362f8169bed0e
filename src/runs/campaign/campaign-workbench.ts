import { resolve } from 'node:path';
import type { CampaignTools } from '../../campaign/campaign-context.ts';
import type { CampaignConfig } from '../../campaign/config/campaign-config.ts';
import { promptEditionOf } from '../../campaign/config/earlier-defaults.ts';
import type { StepCalls } from '../../campaign/step-outcome.ts';
import { UsageError } from '../../domain/errors.ts';
import type { Instruction } from '../../domain/instruction.ts';
import type { LabeledExample } from '../../domain/label.ts';
import type { ModelRecord } from '../../domain/round.ts';
import { option, sentence } from '../../domain/wording.ts';
import type { LabelServer } from '../../labels/http/label-server.ts';
import { embedderKey } from '../../models/embedders/embedder-key.ts';
import { servedEmbedderSettings } from '../../models/embedders/embedder-settings.ts';
import { EMBEDDERS } from '../../models/embedders/registry.ts';
import { ownValues } from '../../models/own-settings.ts';
import { type Batching, batchingOf } from '../../models/providers/open-llm.ts';
import { providerKey } from '../../models/providers/provider-key.ts';
import { batchSettings } from '../../models/providers/provider-settings.ts';
import { PROVIDERS } from '../../models/providers/registry.ts';
import type { Measure, MeasureName } from '../../selection/measures/measure.ts';
import type { Strategy, StrategyOptions } from '../../selection/strategies/strategy.ts';
import { TRAINERS } from '../../trainers/registry.ts';
import type { SeedModel } from '../../trainers/seed-model.ts';
import type { Trainer } from '../../trainers/trainer.ts';
import { hasBatches } from '../batch-desks.ts';
import { ENGINE_FOLDER, engineSettings } from '../late-engine.ts';
import { Workbench, type WorkbenchSettings } from '../workbench.ts';
import type { CampaignToolsOptions } from './campaign-tools-options.ts';
import { openLabelServer } from './open-label-server.ts';

/** A workbench with what only campaigns need: the trainer, its models and the annotation tool. */
export class CampaignWorkbench extends Workbench implements CampaignTools {
  readonly #options: CampaignToolsOptions;

  constructor(options: CampaignToolsOptions) {
    super({ ...workbenchSettings(options), promptEdition: promptEditionOf(options.state) });
    this.#options = options;
    const { state } = options;
    this.use(state, state.ledger.calls);
  }

  /** A custom scorer is looked for in the campaign's folder. */
  override measures(
    strategy: Strategy,
    options: StrategyOptions,
    instructions: readonly Instruction[],
    seedModel?: () => Promise<SeedModel | undefined>,
  ): Promise<ReadonlyMap<MeasureName, Measure>> {
    const { scorer } = options;
    const resolved =
      typeof scorer !== 'string' ? options : { ...options, scorer: resolve(this.#options.folder, scorer) };
    return super.measures(strategy, resolved, instructions, seedModel);
  }

  async trainer(): Promise<Trainer> {
    return (await import('./open-trainer.ts')).openTrainer(this.#options);
  }

  /** @param examples what it was trained on, in that order */
  async seedModel(model: ModelRecord, examples: readonly LabeledExample[]): Promise<SeedModel> {
    return (await import('./open-trainer.ts')).openSeedModel(model, examples, this.#options, this);
  }

  /** How the calls of a model can be sent as batches. */
  async batching(by: StepCalls['by']): Promise<Batching | undefined> {
    if (by === 'writing') return batchingOf(await this.llm());
    if (by === 'judging') return batchingOf(await this.judgeModel());
    const { trainer, llm } = this.#options.config;
    const provider = TRAINERS.find(trainer.kind).servedBy;
    const terms = provider === undefined ? undefined : PROVIDERS.find(provider).batches;
    return terms && { ...terms, isUsed: llm.batch || this.#options.batch === true };
  }

  /** The annotation tool, if one is connected over HTTP. */
  labelServer(): Promise<LabelServer | undefined> {
    return openLabelServer(this.#options);
  }
}

/** Turns winnow.yaml and the caller's options into the settings every workbench is opened from. */
export function workbenchSettings(options: Omit<CampaignToolsOptions, 'state'>): WorkbenchSettings {
  checkBatches(options);
  const { config, folder, environment, cacheFolder, fetch, signal, abandon, onNote, clock, wait } = options;
  const { requests, embedder, judge } = config;
  const judgeKey = judge?.baseUrl === undefined ? 'WINNOW_API_KEY' : 'WINNOW_JUDGE_API_KEY';
  /** @param ownServerVariable holds the key of a server that the user runs */
  const withKey = (llm: CampaignConfig['llm'], ownServerVariable: string) => ({
    ...llm,
    own: ownValues(PROVIDERS.find(llm.provider), batchSettings, llm),
    ...(options.batch && hasBatches(llm.provider) ? { batch: true } : {}),
    ...providerKey(llm.provider, environment, { ownServerVariable }),
  });
  const isFolder = EMBEDDERS.find(embedder.kind).modelIsFolder === true && embedder.model !== undefined;
  const model = isFolder ? resolve(folder, embedder.model!) : embedder.model;
  return {
    llm: withKey(config.llm, 'WINNOW_API_KEY'),
    judgeLlm: judge && withKey(judge, judgeKey),
    embedder: {
      ...embedder,
      ...(model === undefined ? {} : { model }),
      ...embedderKey(embedder, environment),
      own: ownValues(EMBEDDERS.find(embedder.kind), servedEmbedderSettings, embedder),
    },
    concurrency: requests.concurrency,
    timeoutMs: requests.timeoutSeconds * 1000,
    promptFolder: requests.prompts === undefined ? undefined : resolve(folder, requests.prompts),
    seed: config.seed,
    engine: engineSettings({
      engine: config.engine,
      enginePassword: environment.WINNOW_ENGINE_PASSWORD,
      engineFolder: resolve(folder, config.engineFolder ?? ENGINE_FOLDER),
    }),
    ...{ cacheFolder, fetch, signal, abandon, onNote, clock, wait },
  };
}

/** @throws UsageError where batches are asked for and no provider has them */
function checkBatches({ batch, config: { llm, judge } }: Pick<CampaignToolsOptions, 'batch' | 'config'>): void {
  const providers = [llm.provider, ...(judge ? [judge.provider] : [])];
  if (!batch || providers.some(hasBatches)) return;
  const others = PROVIDERS.names.filter(hasBatches);
  throw new UsageError(
    `No provider of winnow.yaml has batches (${[...new Set(providers)].join(', ')}).`,
    sentence`Set ${option('provider')} to one of: ${others.join(', ')}.`,
  );
}
