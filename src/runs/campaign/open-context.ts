import { resolve } from 'node:path';
import envPaths from 'env-paths';
import { budgetCaps, NO_NEEDS } from '../../campaign/budget-room.ts';
import type { CampaignContext } from '../../campaign/campaign-context.ts';
import type { CampaignConfig } from '../../campaign/config/campaign-config.ts';
import { loadConfig, STATE_FILE } from '../../campaign/config/load-config.ts';
import { unpaidVectors } from '../../campaign/pool-files.ts';
import { roundNeeds } from '../../campaign/round-needs.ts';
import { type Clock, systemClock } from '../../domain/clock.ts';
import { conversationOf } from '../../domain/conversation.ts';
import { PoolError, StepError } from '../../domain/errors.ts';
import type { Instruction } from '../../domain/instruction.ts';
import type { LabeledExample } from '../../domain/label.ts';
import type { OnProgress } from '../../domain/progress.ts';
import { Additions } from '../../domain/registry.ts';
import { command, sentence } from '../../domain/wording.ts';
import { readPool } from '../../records/read-pool.ts';
import { readingOf } from '../../records/reading-options.ts';
import { inFolder } from '../../records/remote/registry.ts';
import { remoteAccess } from '../../records/remote/remote-access.ts';
import type { RemoteAccess } from '../../records/remote/remote-store.ts';
import { findHeldOut, type HeldOut } from '../../selection/held-out.ts';
import {
  type CampaignState,
  type CampaignStateOptions,
  joinCampaignState,
  openCampaignState,
  viewCampaignState,
} from '../../store/campaign-state.ts';
import { WINNOW_VERSION } from '../../version.ts';
import { CampaignWorkbench } from './campaign-workbench.ts';

/** How a campaign is opened. Nothing is required. */
export interface CampaignOptions {
  /** API keys by their usual names: OPENAI_API_KEY, … Default: no keys. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Where vectors are stored between runs. Default: `winnow` in the user's cache folder. */
  readonly cacheFolder?: string | undefined;
  /** Abort to start nothing new; open requests finish. */
  readonly signal?: AbortSignal | undefined;
  /** Abort to end open requests too. */
  readonly abandon?: AbortSignal | undefined;
  /** Send requests as batches where a provider has them, also where winnow.yaml does not say so. */
  readonly batch?: boolean | undefined;
  /** Stay until batches are answered. Default: pause the step, to be run again later. */
  readonly wait?: boolean | undefined;
  readonly onProgress?: OnProgress | undefined;
  /** Gets a line from time to time during long steps: "job ftjob-1: running". */
  readonly onNote?: ((note: string) => void) | undefined;
  readonly fetch?: typeof fetch | undefined;
  readonly clock?: Clock | undefined;
}

/**
 * How a campaign is opened. `own`: by this process alone, to continue it. `join`: beside the process that owns it, to
 * store what people do. `view`: read-only, as it is at this moment. Only `own` starts a campaign and needs keys.
 */
type Access = 'own' | 'join' | 'view';

const OPENERS = { own: openCampaignState, join: joinBegun, view: viewCampaignState } as const;

/** A campaign that is open until it is closed. */
export interface OpenedContext extends CampaignContext {
  /** Its winnow.yaml as it was read. */
  readonly configText: string;
  close(): Promise<void>;
}

/**
 * Opens everything a campaign works with. Its plugins are known until it is closed.
 * @throws ConfigError, StateError; StepError when joining a campaign that has not started
 */
export async function openContext(folder: string, options: CampaignOptions, access: Access): Promise<OpenedContext> {
  const additions = new Additions();
  try {
    const context = await openWith(additions, folder, options, access);
    return { ...context, close: () => context.close().finally(() => additions.remove()) };
  } catch (error) {
    additions.remove();
    throw error;
  }
}

async function openWith(
  additions: Additions,
  folder: string,
  options: CampaignOptions,
  access: Access,
): Promise<OpenedContext> {
  const { config, plugins, text } = await loadConfig(folder, additions);
  const absolute = resolve(folder);
  const clock = options.clock ?? systemClock;
  const state = OPENERS[access](resolve(absolute, STATE_FILE), {
    clock,
    caps: budgetCaps(config),
    version: WINNOW_VERSION,
  });
  if (access === 'own') {
    for (const { name, version, before } of state.plugins.use(plugins)) {
      options.onNote?.(`The plugin ${name} is version ${version} now, not ${before}. Results may not compare.`);
    }
  }
  const { signal, abandon, fetch } = options;
  const environment = options.environment ?? {};
  const cacheFolder = options.cacheFolder ?? envPaths('winnow', { suffix: '' }).cache;
  const remote = remoteAccess(environment, { cacheFolder, fetch });
  const tools = new CampaignWorkbench({
    folder: absolute,
    config,
    state,
    clock,
    environment,
    cacheFolder,
    fetch,
    signal,
    abandon,
    onNote: options.onNote,
    batch: options.batch,
    wait: options.wait,
  });
  /** Of the instructions as they were when it was last asked for. */
  let heldOut: { readonly items: readonly Instruction[]; readonly found: ReadonlyMap<number, HeldOut> } | undefined;
  const context: CampaignContext = {
    folder: absolute,
    config,
    state,
    tools,
    clock,
    labelPrice: config.labels,
    remote,
    signal,
    abandon,
    onProgress: options.onProgress ?? (() => undefined),
    onNote: options.onNote ?? (() => undefined),
    instructions: rememberedInstructions(state),
    qualityJudge: async () =>
      access !== 'own' ? state.models.lastRater() : (await tools.judge(config.quality?.criterion ?? 'quality')).name,
    roundNeeds: async () => (access === 'own' ? roundNeeds(context) : NO_NEEDS),
    unboughtVectors: async () => access === 'own' && (await unpaidVectors(context)) !== null,
    testExamples: remembered(() => readTestExamples(absolute, config, remote)),
    excludedItems: remembered(async () => [
      ...(await context.testExamples()),
      ...(await readExcluded(absolute, config, remote)),
    ]),
    heldOut: async () => {
      const items = context.instructions();
      if (heldOut?.items !== items) {
        heldOut = { items, found: findHeldOut(items, await context.excludedItems()) };
      }
      return heldOut.found;
    },
  };
  return { ...context, configText: text, close: () => tools.close() };
}

function joinBegun(path: string, options: CampaignStateOptions): CampaignState {
  const state = joinCampaignState(path, options);
  if (state !== undefined) return state;
  throw new StepError('This campaign has not started.', sentence`Run ${command('next')}, which reads the pool.`);
}

/** Reads them from the state once, and again when there are more. */
function rememberedInstructions({ items }: CampaignState): () => readonly Instruction[] {
  let known: readonly Instruction[] = [];
  return () => {
    if (known.length !== items.count()) known = items.all();
    return known;
  };
}

function remembered<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Of pool.exclude. */
async function readExcluded(
  folder: string,
  { pool }: CampaignConfig,
  remote: RemoteAccess,
): Promise<readonly Instruction[]> {
  if (pool.exclude.length === 0) return [];
  const paths = pool.exclude.map((file) => inFolder(folder, file));
  return (await readPool(paths, { ...readingOf(pool), remote, fieldsOptional: true })).instructions;
}

/** @throws PoolError where a record has no response: there would be nothing to compare a model with */
async function readTestExamples(
  folder: string,
  config: CampaignConfig,
  remote: RemoteAccess,
): Promise<readonly LabeledExample[]> {
  const { heldOutFiles } = config.labels;
  if (heldOutFiles.length === 0) return [];
  const paths = heldOutFiles.map((file) => inFolder(folder, file));
  const { instructions } = await readPool(paths, {
    ...readingOf(config.pool),
    remote,
    skipBadLines: false,
    fieldsOptional: true,
  }).catch((error: unknown) => {
    if (!(error instanceof PoolError)) throw error;
    throw new PoolError(error.message, { hint: 'Check labels.heldOutFiles in winnow.yaml.', cause: error });
  });
  return instructions.map((item) => {
    const { id, output, source } = item;
    if (output === undefined) {
      throw new PoolError(`${source.file}:${source.line}: a record of labels.heldOutFiles has no response.`, {
        hint: 'Every record there needs one (output, response, completion or answer).',
      });
    }
    // Evaluations are stored under this id, and files hold only well-formed text.
    return { id: id.toWellFormed(), ...conversationOf(item), response: output };
  });
}
