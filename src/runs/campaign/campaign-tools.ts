import { resolve } from 'node:path';
import type { CampaignTools } from '../../campaign/campaign-context.ts';
import type { CampaignConfig } from '../../campaign/config/campaign-config.ts';
import { modelNotServed } from '../../campaign/model-not-served.ts';
import type { Instruction } from '../../domain/instruction.ts';
import type { LabeledExample } from '../../domain/label.ts';
import type { ModelRecord } from '../../domain/round.ts';
import type { LabelServer } from '../../labels/http/label-server.ts';
import type { OwnedMatrixKernel } from '../../math/create-matrix-kernel.ts';
import { seededRandom } from '../../math/random.ts';
import type { Asker } from '../../models/asker.ts';
import type { OpenEmbedder } from '../../models/embedders/embedder.ts';
import { MeteredCaller } from '../../models/metering/metered-caller.ts';
import { loadPrompt, type PromptTemplate } from '../../models/prompt-template.ts';
import { providerKey } from '../../models/providers/provider-key.ts';
import type { ProviderSettings, RequestSettings } from '../../models/providers/provider-settings.ts';
import type { Criterion, Judge } from '../../selection/judges/judge.ts';
import type { Measure, MeasureName } from '../../selection/measures/measure.ts';
import { asksLlm } from '../../selection/strategies/llm-use.ts';
import { scoringOf } from '../../selection/strategies/scoring-options.ts';
import type { Strategy, StrategyOptions } from '../../selection/strategies/strategy.ts';
import type { SeedModel } from '../../trainers/seed-model.ts';
import type { Trainer } from '../../trainers/trainer.ts';
import type { ClosedEmbedder, EmbedderSettings } from '../open-embedder.ts';
import type { JudgeSources } from '../open-judge.ts';
import type { CampaignToolsOptions } from './campaign-tools-options.ts';
import { openLabelServer } from './open-label-server.ts';

type LlmConfig = CampaignConfig['llm'];

/** Loads and opens each tool when it is first needed, for most commands need few of them. */
export class OpenedTools implements CampaignTools {
  readonly #options: CampaignToolsOptions;
  readonly #caller: MeteredCaller;
  #kernel: Promise<OwnedMatrixKernel> | undefined;
  #embedders = new Map<string, Promise<ClosedEmbedder>>();
  #judges = new Map<Criterion, Promise<Judge>>();

  constructor(options: CampaignToolsOptions) {
    const { config, state, clock } = options;
    this.#options = options;
    this.#caller = new MeteredCaller({
      ledger: state.ledger.calls,
      clock,
      random: seededRandom(config.seed, 'retry'),
      maxConcurrency: config.requests.concurrency,
    });
  }

  kernel(): Promise<OwnedMatrixKernel> {
    this.#kernel ??= import('../../math/create-matrix-kernel.ts').then(({ createMatrixKernel }) =>
      createMatrixKernel(),
    );
    return this.#kernel;
  }

  /** The one that is configured. */
  async embedder(): Promise<OpenEmbedder> {
    const { kind, ...embedder } = this.#options.config.embedder;
    const embeddingKeySource = embedder.baseUrl === undefined ? 'OPENAI_API_KEY' : 'WINNOW_EMBEDDING_API_KEY';
    return this.#openEmbedder({
      embedder: kind,
      embeddingModel: embedder.model,
      embeddingBaseUrl: embedder.baseUrl,
      embeddingPrice: embedder.price,
      embeddingApiKey: this.#options.environment[embeddingKeySource],
      embeddingKeySource,
    });
  }

  /** The LLM that chooses. */
  chooser(): Promise<Asker> {
    return this.#asker(this.#llmSettings(this.#options.config.llm, 'WINNOW_API_KEY'));
  }

  /** One a criterion: an LLM, or the offline stand-in. */
  judge(criterion: Criterion): Promise<Judge> {
    const opened = this.#judges.get(criterion) ?? this.#openJudge(criterion);
    this.#judges.set(criterion, opened);
    return opened;
  }

  asksLlm(strategy: Strategy, options: StrategyOptions): boolean {
    const writing = this.#options.config.llm.provider;
    return asksLlm(strategy, options, { writing, judging: this.#judgingProvider });
  }

  /** What a strategy measures by. */
  async measures(
    strategy: Strategy,
    options: StrategyOptions,
    instructions: readonly Instruction[],
  ): Promise<ReadonlyMap<MeasureName, Measure>> {
    const { openMeasures } = await import('../open-measures.ts');
    const { scorer } = scoringOf(options);
    const resolved = scorer === undefined ? options : { ...options, scorer: resolve(this.#options.folder, scorer) };
    return openMeasures(strategy, resolved, {
      ...this.#judgeSources(),
      instructions,
      judgingProvider: this.#judgingProvider,
      writingProvider: this.#options.config.llm.provider,
      writer: () => this.chooser(),
    });
  }

  async trainer(): Promise<Trainer> {
    return (await import('./open-trainer.ts')).openTrainer(this.#options);
  }

  /** @param examples what it was trained on, in the order it was */
  async seedModel(model: ModelRecord, examples: readonly LabeledExample[]): Promise<SeedModel> {
    const { config, environment } = this.#options;
    if (model.trainer === 'nearest-neighbour') {
      const { nearestNeighbourModel } = await import('../../trainers/nearest-neighbour.ts');
      const { embedder } = await this.embedder();
      return nearestNeighbourModel({ name: model.name, examples, embedder, kernel: await this.kernel() });
    }
    const { trainer, requests, answers } = config;
    // Another kind would ask somebody else for it, at other prices, and show them its key.
    if (trainer.kind === 'nearest-neighbour' || trainer.kind !== model.trainer) {
      throw modelNotServed(
        model,
        `trainer.kind is ${trainer.kind} now`,
        `Set trainer back to kind ${model.trainer} for now.`,
      );
    }
    const serve = trainer.kind === 'command' ? trainer.serve : trainer;
    const baseUrl = model.baseUrl ?? serve.baseUrl;
    if (trainer.kind === 'command' && baseUrl === undefined)
      throw modelNotServed(model, 'nobody says where it is served');
    const isCompatible = trainer.kind === 'command';
    const keySource = isCompatible ? 'WINNOW_MODEL_API_KEY' : 'OPENAI_API_KEY';
    const asker = await this.#asker({
      provider: isCompatible ? 'compatible' : 'openai',
      model: model.name,
      baseUrl,
      price: serve.price,
      contextTokens: serve.contextTokens,
      timeoutMs: requests.timeoutSeconds * 1000,
      apiKey: environment[keySource],
      keySource,
    });
    const { servedModel } = await import('../../trainers/served-model.ts');
    return servedModel({ asker, round: model.round, ...answers });
  }

  /** The annotation tool, where it is talked to over HTTP. */
  labelServer(): Promise<LabelServer | undefined> {
    return openLabelServer(this.#options);
  }

  /** The prompts a strategy uses, by id. */
  prompts(strategy: Strategy): ReadonlyMap<string, PromptTemplate> {
    return new Map(strategy.prompts.map(({ id, variables }) => [id, this.#prompt(id, variables)]));
  }

  async close(): Promise<void> {
    for (const opened of this.#embedders.values()) (await opened.catch(() => undefined))?.close();
    await (await this.#kernel?.catch(() => undefined))?.release();
  }

  get #judgingProvider(): string {
    const { config } = this.#options;
    return (config.judge ?? config.llm).provider;
  }

  async #openJudge(criterion: Criterion): Promise<Judge> {
    const { judgeKindFor, openJudge } = await import('../open-judge.ts');
    return openJudge(criterion, judgeKindFor(criterion, {}, this.#judgingProvider), this.#judgeSources());
  }

  #judgeSources(): JudgeSources {
    return {
      judgingLlm: () => {
        const { config } = this.#options;
        const keySource = config.judge?.baseUrl === undefined ? 'WINNOW_API_KEY' : 'WINNOW_JUDGE_API_KEY';
        return this.#openAsker(this.#llmSettings(config.judge ?? config.llm, keySource));
      },
      localEmbedder: async () => (await this.#openEmbedder({ embedder: 'minilm' })).embedder,
      prompt: (id, variables) => this.#prompt(id, variables),
    };
  }

  /** @param ownServerVariable holds the key of a server of the user's own */
  #llmSettings(llm: LlmConfig, ownServerVariable: string): ProviderSettings & RequestSettings {
    const { requests } = this.#options.config;
    const { environment } = this.#options;
    const timeoutMs = requests.timeoutSeconds * 1000;
    return { ...llm, timeoutMs, ...providerKey(llm.provider, environment, { ownServerVariable }) };
  }

  async #asker(settings: ProviderSettings & RequestSettings): Promise<Asker> {
    return (await this.#openAsker(settings)).asker;
  }

  async #openAsker(settings: ProviderSettings & RequestSettings): Promise<{ asker: Asker; endpoint: string }> {
    const { state, signal, abandon, fetch } = this.#options;
    const { openLlm } = await import('../../models/providers/open-llm.ts');
    const { LlmAsker, REPAIR_PROMPT } = await import('../../models/llm-asker.ts');
    const llm = await openLlm({ ...settings, fetch });
    const asker = new LlmAsker({
      ...llm,
      ledger: state.ledger.calls,
      caller: this.#caller,
      repairPrompt: this.#prompt(REPAIR_PROMPT.id, REPAIR_PROMPT.variables),
      signal,
      abandon,
    });
    return { asker, endpoint: llm.client.endpoint };
  }

  async #openEmbedder(settings: Omit<EmbedderSettings, 'cacheFolder' | 'timeoutMs'>): Promise<OpenEmbedder> {
    const { cacheFolder, fetch, abandon, config } = this.#options;
    const timeoutMs = config.requests.timeoutSeconds * 1000;
    const key = settings.embedder;
    const closed =
      this.#embedders.get(key) ??
      import('../open-embedder.ts').then(({ openEmbedder }) =>
        openEmbedder({ ...settings, cacheFolder, timeoutMs, fetch, abandon }),
      );
    this.#embedders.set(key, closed);
    return (await closed).open(this.#caller);
  }

  #prompt(id: string, variables: readonly string[]): PromptTemplate {
    const { config, folder } = this.#options;
    const { prompts } = config.requests;
    return loadPrompt(id, variables, prompts === undefined ? undefined : resolve(folder, prompts));
  }
}
