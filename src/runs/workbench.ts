import type { BatchingLedger } from '../domain/batches.ts';
import type { Clock } from '../domain/clock.ts';
import type { Instruction } from '../domain/instruction.ts';
import { Additions } from '../domain/registry.ts';
import type { OwnedMatrixKernel } from '../math/create-matrix-kernel.ts';
import { seededRandom } from '../math/random.ts';
import type { Asker } from '../models/asker.ts';
import type { Embedder, OpenEmbedder } from '../models/embedders/embedder.ts';
import type { EmbedderSettings } from '../models/embedders/embedder-settings.ts';
import { MeteredCaller } from '../models/metering/metered-caller.ts';
import type { PromptTemplate } from '../models/prompt-template.ts';
import type { LlmClient } from '../models/providers/llm-client.ts';
import type { Llm } from '../models/providers/open-llm.ts';
import type { ProviderSettings, RequestSettings } from '../models/providers/provider-settings.ts';
import type { ServerMemory } from '../models/providers/server-memory.ts';
import { prepareConstrained } from '../selection/constraints/prepare-constrained.ts';
import { CRITERIA } from '../selection/judges/criteria.ts';
import type { Judge } from '../selection/judges/judge.ts';
import { judgeKindFor } from '../selection/judges/registry.ts';
import type { ConfidentModel, Measure, MeasureName, MeasureSources, Providers } from '../selection/measures/measure.ts';
import { openMeasures } from '../selection/measures/open-measures.ts';
import { MEASURES } from '../selection/measures/registry.ts';
import { withCheckedPicks } from '../selection/strategies/check-picks.ts';
import { asksLlm } from '../selection/strategies/llm-use.ts';
import type { PreparedSelection, SelectionTask, Strategy, StrategyOptions } from '../selection/strategies/strategy.ts';
import { letsLlmChoose, promptsOf } from '../selection/strategies/strategy-needs.ts';
import { BatchDesks, hasBatches } from './batch-desks.ts';
import { type EngineSettings, LateEngine } from './late-engine.ts';
import { PromptShelf } from './prompt-shelf.ts';
import { statedContext } from './stated-context.ts';

/** Everything that picks, scores, simulations and campaigns open is opened from these settings. */
export interface WorkbenchSettings extends RequestSettings {
  /** The LLM that chooses and writes. */
  readonly llm: ProviderSettings;
  /** The LLM that judges, if it is another one. */
  readonly judgeLlm?: ProviderSettings | undefined;
  readonly embedder: EmbedderSettings;
  /** Most open requests at once. */
  readonly concurrency: number;
  /** A folder with prompts that replace those of the same file name. */
  readonly promptFolder?: string | undefined;
  /** Of the prompts that ship with winnow. Default: the current one. */
  readonly promptEdition?: number;
  /** Where vectors are stored between runs. */
  readonly cacheFolder: string;
  /** Stay until batches are answered. */
  readonly wait?: boolean | undefined;
  /** Workers on other machines. Absent: everything runs in this process. */
  readonly engine?: EngineSettings | undefined;
  /** Seed of the waits between retries. */
  readonly seed: number;
  readonly clock: Clock;
  /** Abort to start nothing new; open requests finish. */
  readonly signal?: AbortSignal | undefined;
  /** Abort to end open requests too; they may still be billed, and stay counted. */
  readonly abandon?: AbortSignal | undefined;
  /** Says what the user should know meanwhile, as a line. */
  readonly onNote?: ((note: string) => void) | undefined;
}

/** An LLM to ask, and its address. */
export type OpenedAsker = { readonly asker: Asker; readonly endpoint: string };

/**
 * The one place where state, models, embedders, judges, measures and kernel are opened. Each is loaded and opened when
 * it is first needed, once; `close` closes all of them. Every call goes through one ledger.
 */
export class Workbench {
  /** Providers of the LLM that writes and of the one that judges. */
  readonly providers: Providers;
  readonly prompts: PromptShelf;
  readonly #settings: WorkbenchSettings;
  readonly #embedders = new Map<string, Promise<OpenEmbedder & { close(): void }>>();
  readonly #judges = new Map<string, Promise<Judge>>();
  #state: { close(): void } | undefined;
  #calls: { readonly ledger: BatchingLedger; readonly caller: MeteredCaller } | undefined;
  #kernel: Promise<OwnedMatrixKernel> | undefined;
  readonly #desks = new BatchDesks();
  readonly #engine: LateEngine | undefined;
  #llm: Promise<Llm> | undefined;
  #judgeLlm: Promise<Llm> | undefined;
  #writer: Promise<OpenedAsker> | undefined;
  #judging: Promise<OpenedAsker> | undefined;

  constructor(settings: WorkbenchSettings) {
    this.#settings = settings;
    const { llm, judgeLlm = llm } = settings;
    this.prompts = new PromptShelf(settings.promptFolder, settings.promptEdition);
    this.#engine = settings.engine && new LateEngine(settings.engine, settings);
    this.providers = { writing: llm.provider, judging: judgeLlm.provider };
  }

  /** Takes over the state of a run: calls are recorded in its ledger, and it is closed with the rest. */
  use<State extends { close(): void }>(state: State, ledger: BatchingLedger): State {
    const { clock, seed, concurrency, onNote } = this.#settings;
    this.#state = state;
    const random = seededRandom(seed, 'retry');
    this.#calls = { ledger, caller: new MeteredCaller({ ledger, clock, random, maxConcurrency: concurrency, onNote }) };
    return state;
  }

  /** Makes all requests, through the ledger. */
  get caller(): MeteredCaller {
    return this.#opened().caller;
  }

  kernel(): Promise<OwnedMatrixKernel> {
    this.#kernel ??= import('../math/create-matrix-kernel.ts').then(({ createMatrixKernel }) => createMatrixKernel());
    return this.#kernel;
  }

  /** The configured embedder. */
  embedder(): Promise<OpenEmbedder> {
    return this.#openEmbedder(this.#settings.embedder);
  }

  /** An embedder that runs here, because the offline judge must be free. */
  async localEmbedder(): Promise<Embedder> {
    return (await this.#openEmbedder({ kind: 'minilm' })).embedder;
  }

  /**
   * The client of the LLM that chooses and writes. Needs no state, so a missing key or price is found before anything is
   * read.
   * @throws UsageError | UnknownPriceError
   */
  llm(): Promise<Llm> {
    this.#llm ??= this.#openLlm(this.#settings.llm);
    return this.#llm;
  }

  /** The LLM that chooses and writes. */
  async writer(): Promise<Asker> {
    this.#writer ??= this.llm().then((llm) => this.#openAsker(llm));
    return (await this.#writer).asker;
  }

  /** The LLM that judges. */
  async judgingLlm(): Promise<OpenedAsker> {
    this.#judging ??= this.judgeModel().then((llm) => this.#openAsker(llm));
    return this.#judging;
  }

  /** The client of the LLM that judges; see `llm`. */
  judgeModel(): Promise<Llm> {
    const { judgeLlm } = this.#settings;
    this.#judgeLlm ??= judgeLlm ? this.#openLlm(judgeLlm) : this.llm();
    return this.#judgeLlm;
  }

  /** Opens a model apart from others, and what asks it. */
  async opened(settings: ProviderSettings): Promise<OpenedAsker & { readonly client: LlmClient }> {
    const llm = await this.#openLlm(settings);
    return { ...(await this.#openAsker(llm)), client: llm.client };
  }

  /** Opens another model, such as one that was trained. */
  async askerOf(settings: ProviderSettings): Promise<Asker> {
    const batch = this.#settings.llm.batch && hasBatches(settings.provider);
    return (await this.opened({ batch, ...settings })).asker;
  }

  /** Has a strategy prepare a choice: everything before the first question. */
  async prepareStrategy(
    strategy: Strategy,
    { candidates, limits, ...task }: SelectionTask,
  ): Promise<PreparedSelection> {
    const context = {
      ...task,
      candidates: candidates.positions,
      // To score the copies too would cost calls.
      copies: asksLlm(strategy, task.options, this.providers) ? undefined : candidates.copies,
      kernel: await this.kernel(),
      asker: letsLlmChoose(strategy, task.options) ? await this.writer() : undefined,
      prompts: this.prompts.of(promptsOf(strategy, task.options)),
    };
    const prepared =
      limits === undefined ? await strategy.prepare(context) : await prepareConstrained(strategy, context, limits);
    return withCheckedPicks(strategy, prepared, task);
  }

  /** The default judge of a criterion: the LLM, or its offline replacement. */
  judge(criterion: string): Promise<Judge> {
    const opened = this.#judges.get(criterion) ?? this.#openJudge(criterion);
    this.#judges.set(criterion, opened);
    return opened;
  }

  /** Opens one measure. @param options for it, as a strategy has them @throws UsageError | PoolError as the measure does */
  measure(
    name: MeasureName,
    options: Readonly<Record<string, unknown>>,
    instructions: readonly Instruction[],
  ): Promise<Measure> {
    return MEASURES.find(name).open(options, instructions, this);
  }

  /**
   * Opens the measures of a strategy.
   * @param seedModel for measures of its confidence
   * @throws UsageError | PoolError as the measures do
   */
  measures(
    strategy: Strategy,
    options: StrategyOptions,
    instructions: readonly Instruction[],
    seedModel?: () => Promise<ConfidentModel | undefined>,
  ): Promise<ReadonlyMap<MeasureName, Measure>> {
    const sources: MeasureSources = {
      providers: this.providers,
      prompt: (id, variables) => this.prompt(id, variables),
      localEmbedder: () => this.localEmbedder(),
      judgingLlm: () => this.judgingLlm(),
      writer: () => this.writer(),
      ...(seedModel ? { seedModel } : {}),
    };
    return openMeasures(strategy, options, instructions, sources);
  }

  prompt(id: string, variables: readonly string[]): PromptTemplate {
    return this.prompts.load(id, variables);
  }

  async close(): Promise<void> {
    this.#state?.close();
    for (const opened of this.#embedders.values()) (await opened.catch(() => undefined))?.close();
    await this.#engine?.close();
    await (await this.#kernel?.catch(() => undefined))?.release();
  }

  #opened(): { readonly ledger: BatchingLedger; readonly caller: MeteredCaller } {
    if (!this.#calls) throw new Error('A model was asked before the state was opened.');
    return this.#calls;
  }

  async #openLlm(settings: ProviderSettings): Promise<Llm> {
    const { timeoutMs, fetch } = this.#settings;
    const { openLlm } = await import('../models/providers/open-llm.ts');
    return openLlm({ ...settings, timeoutMs, fetch, servers: await this.#servers() });
  }

  async #openAsker(llm: Llm): Promise<OpenedAsker> {
    const { signal, abandon } = this.#settings;
    const { LlmAsker, REPAIR_PROMPT } = await import('../models/llm-asker.ts');
    const repairPrompt = this.prompt(REPAIR_PROMPT.id, REPAIR_PROMPT.variables);
    const { ledger, caller } = this.#opened();
    const contextTokens = await statedContext(llm, ledger.contexts);
    const batches = await this.#desks.open(llm, ledger, this.#settings);
    const asker = new LlmAsker({ ...llm, contextTokens, ledger, caller, batches, repairPrompt, signal, abandon });
    return { asker, endpoint: llm.client.endpoint };
  }

  async #openJudge(name: string): Promise<Judge> {
    const criterion = CRITERIA.find(name);
    return judgeKindFor(criterion, {}, this.providers.judging).open(criterion, {}, this);
  }

  async #servers(): Promise<ServerMemory> {
    const { cacheFolder, clock } = this.#settings;
    return (await import('../models/providers/server-memory.ts')).serverMemory(cacheFolder, clock);
  }

  #openEmbedder(settings: EmbedderSettings): Promise<OpenEmbedder & { close(): void }> {
    const { cacheFolder, timeoutMs, fetch, abandon, onNote } = this.#settings;
    const opened =
      this.#embedders.get(settings.kind) ??
      import('../models/embedders/open-embedder.ts').then(async ({ openEmbedder }) => {
        const asking = { timeoutMs, fetch, servers: await this.#servers() };
        const openEngine = this.#engine?.open;
        return openEmbedder(settings, { caller: this.caller, cacheFolder, ...asking, abandon, onNote, openEngine });
      });
    this.#embedders.set(settings.kind, opened);
    return opened;
  }
}

/**
 * Opens a workbench for one piece of work, and closes it at its end, however that ends. Plugins and other objects of the
 * user that the options bring are known until then.
 */
export async function withWorkbench<Settings extends WorkbenchSettings, T>(
  normalize: () => Settings,
  work: (workbench: Workbench, settings: Settings) => Promise<T>,
): Promise<T> {
  const additions = new Additions();
  let workbench: Workbench | undefined;
  try {
    const settings = additions.collect(normalize);
    workbench = new Workbench(settings);
    return await work(workbench, settings);
  } finally {
    await workbench?.close();
    additions.remove();
  }
}
