import { existsSync } from 'node:fs';
import { type Clock, systemClock } from '../../domain/clock.ts';
import { createMatrixKernel, type OwnedMatrixKernel } from '../../math/create-matrix-kernel.ts';
import type { Asker } from '../../models/asker.ts';
import type { OpenEmbedder } from '../../models/embedders/embedder.ts';
import { REPAIR_PROMPT } from '../../models/llm-asker.ts';
import type { MeteredCaller } from '../../models/metering/metered-caller.ts';
import { loadPrompt, type PromptTemplate } from '../../models/prompt-template.ts';
import { type Llm, openLlm } from '../../models/providers/open-llm.ts';
import type { RunIdentity } from '../../store/run-state.ts';
import { openSimulationStore, type SimulationStore } from '../../store/simulation-store.ts';
import { WINNOW_VERSION } from '../../version.ts';
import { type ClosedEmbedder, openEmbedder } from '../open-embedder.ts';
import type { MeasureSources } from '../open-measures.ts';
import { defaultStatePath, openAsker, openCaller, SHORT_HASH } from '../open-run.ts';
import { CellKeys } from './cell-keys.ts';
import { type LabeledData, readLabeledData } from './labeled-data.ts';
import { normalizeSimulateOptions, type SimulateOptions, type SimulateSettings } from './simulate-options.ts';
import { SharedByArms, SimulatedArm } from './simulated-arm.ts';
import { TextVectors } from './text-vectors.ts';

/** A simulation with everything it works with, opened and ready. */
export interface Simulation {
  readonly settings: SimulateSettings;
  readonly clock: Clock;
  /** When it was opened, in milliseconds since the epoch. */
  readonly startedAt: number;
  readonly kernel: OwnedMatrixKernel;
  readonly data: LabeledData;
  readonly arms: readonly SimulatedArm[];
  readonly store: SimulationStore;
  readonly keys: CellKeys;
  readonly caller: MeteredCaller;
  /** Name of the embedder. */
  readonly embeddings: string;
  readonly embedder: OpenEmbedder;
  readonly vectors: TextVectors;
  /** Chooses for arms that ask an LLM; undefined where none does. */
  readonly asker: Asker | undefined;
  readonly repairPrompt: PromptTemplate;
  readonly notes: readonly string[];
  close(): Promise<void>;
}

/**
 * Reads the data and opens the simulation's state.
 * @param dryRun spend nothing and leave no trace: a state file is read if it is there, never begun
 */
export async function openSimulation(options: SimulateOptions, { dryRun }: { dryRun: boolean }): Promise<Simulation> {
  const settings = normalizeSimulateOptions(options);
  const clock = settings.clock ?? systemClock;
  const startedAt = clock.now();
  const llm = settings.arms.some(({ arm }) => arm.asksLlm) ? await openLlm(settings) : undefined;
  const repairPrompt = loadPrompt(REPAIR_PROMPT.id, REPAIR_PROMPT.variables, settings.promptFolder);
  const data = await readLabeledData(settings);
  const closed = await openEmbedder(settings);
  // Nothing else: see CellKeys.
  const identity: RunIdentity = { labeled: data.fingerprint.slice(0, SHORT_HASH) };
  const path = settings.state ?? defaultStatePath('simulate', identity);
  const opened = await openStore(dryRun && !existsSync(path) ? ':memory:' : path, identity, settings, clock, closed);
  const { store } = opened;
  const kernel = await createMatrixKernel();
  const caller = openCaller({ ledger: store.calls }, settings, { clock, seed: 0 });
  const prompts = new Map([[REPAIR_PROMPT.id, repairPrompt]]);
  const asker = llm && openAsker(llm, { ledger: store.calls }, caller, settings, prompts);
  const local = new LocalEmbedder(settings, caller);
  const close = async () => {
    opened.close();
    closed.close();
    local.close();
    await kernel.release();
  };
  try {
    const embedder = closed.open(caller);
    const sources = measureSources(settings, local, llm, asker);
    const shared = new SharedByArms();
    return {
      settings,
      clock,
      startedAt,
      kernel,
      data,
      arms: settings.arms.map((arm) => new SimulatedArm(arm, data.instructions, settings, sources, shared)),
      store,
      keys: new CellKeys(settings, data, closed.name),
      caller,
      embeddings: closed.name,
      embedder,
      vectors: new TextVectors(embedder.embedder),
      asker,
      repairPrompt,
      notes: [...data.notes, ...openingNotes(settings, kernel)],
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openStore(
  path: string,
  identity: RunIdentity,
  settings: SimulateSettings,
  clock: Clock,
  embedder: ClosedEmbedder,
): Promise<ReturnType<typeof openSimulationStore>> {
  try {
    return openSimulationStore(path, identity, { clock, version: WINNOW_VERSION, caps: settings });
  } catch (error) {
    embedder.close();
    throw error;
  }
}

function measureSources(
  settings: SimulateSettings,
  local: LocalEmbedder,
  llm: Llm | undefined,
  asker: Asker | undefined,
): Omit<MeasureSources, 'instructions'> {
  return {
    judgingProvider: settings.provider,
    prompt: (id, variables) => loadPrompt(id, variables, settings.promptFolder),
    judgingLlm: async () => ({ asker: asker!, endpoint: llm!.client.endpoint }),
    writer: async () => asker!,
    localEmbedder: () => local.open(),
  };
}

/** The embedder stand-ins judge by, opened when it is first needed. */
class LocalEmbedder {
  readonly #settings: SimulateSettings;
  readonly #caller: MeteredCaller;
  #opened: ClosedEmbedder | undefined;

  constructor(settings: SimulateSettings, caller: MeteredCaller) {
    this.#settings = settings;
    this.#caller = caller;
  }

  async open() {
    this.#opened ??= await openEmbedder({ ...this.#settings, embedder: 'minilm' });
    return this.#opened.open(this.#caller).embedder;
  }

  close(): void {
    this.#opened?.close();
  }
}

function openingNotes({ arms, provider, trainer }: SimulateSettings, kernel: OwnedMatrixKernel): string[] {
  const named = (list: typeof arms) => list.map(({ arm }) => arm.name).join(', ');
  const notes: string[] = [];
  if (kernel.name === 'javascript') {
    notes.push('The native matrix runtime does not load here; plain JavaScript is used, which is much slower.');
  }
  const standIns = arms.filter(({ strategy }) => strategy.needs.llm);
  if (provider === 'offline' && standIns.length > 0) {
    notes.push(
      `The offline ranker chose for ${named(standIns)}, a stand-in for an LLM: what a real one would do is not known.`,
    );
  }
  const seeing = arms.filter(({ arm }) => arm.sawResponses);
  if (seeing.length > 0) {
    const verb = seeing.length === 1 ? 'was' : 'were';
    notes.push(`${named(seeing)} ${verb} shown the true responses to judge; on an unlabeled pool that takes --draft.`);
  }
  if (trainer.kind === 'command') {
    notes.push('Trainings got an empty held-out file: what they are tried on must not guide them.');
  }
  return notes;
}
