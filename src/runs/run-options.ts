import type { Readable } from 'node:stream';
import envPaths from 'env-paths';
import { type Clock, systemClock } from '../domain/clock.ts';
import { UsageError } from '../domain/errors.ts';
import type { JsonObject } from '../domain/json-value.ts';
import type { MicroUsd } from '../domain/money.ts';
import type { OnProgress } from '../domain/progress.ts';
import { option, sentence } from '../domain/wording.ts';
import { type Plugin, type PluginIdentity, usePlugins } from '../plugins/plugin.ts';
import { type PoolInput, type PoolSource, poolSources } from '../records/pool-source.ts';
import { normalizeReading, READING_OPTIONS, type ReadingOptions } from '../records/reading-options.ts';
import { engineSettings } from './late-engine.ts';
import { checkWhole } from './option-checks.ts';
import { normalizeProviderOptions, PROVIDER_OPTIONS, type ProviderOptions } from './provider-options.ts';
import type { WorkbenchSettings } from './workbench.ts';

/**
 * Options of every run over a pool. Only `pool` is required. The LLM is `offline` by default: the built-in replacement
 * for one.
 */
export interface RunOptions extends ProviderOptions, ReadingOptions {
  /**
   * Files to read (JSONL, JSON, CSV, TSV, Parquet, each also gzipped), `-` for JSONL on `stdin`; or the records themselves,
   * as anything that can be iterated, once.
   */
  readonly pool: PoolInput;
  /** Strategies, providers, judges and more of your own, which options can then name. */
  readonly plugins?: readonly Plugin[];
  /** A folder with prompts that replace those of the same file name. */
  readonly promptFolder?: string;

  /** Caps on what this run may spend in all, every continuation included. */
  readonly maxMicroUsd?: MicroUsd;
  readonly maxCalls?: number;
  readonly maxTokens?: number;
  /** Most open requests at once. Default 8. */
  readonly concurrency?: number;
  /** How long one request may take, in milliseconds. Default 120,000. */
  readonly timeoutMs?: number;
  /** With `batch`: stay until the answers are there. Default: end, to be run again later. */
  readonly wait?: boolean;

  /** The run's SQLite file. Default: one named after the run's identity, under `.winnow/`. */
  readonly state?: string;
  /** Ask again where no usable reply came in an earlier run. */
  readonly retryFailed?: boolean;
  /** Where vectors are stored between runs. Default: `winnow` in the user's cache folder. */
  readonly cacheFolder?: string;

  /** A Redis server whose workers run what takes long: `redis://host:6379`. Default: everything runs in this process. */
  readonly engine?: string;
  readonly enginePassword?: string | undefined;
  /** The folder that this process and the workers share. Default `.winnow/engine`. */
  readonly engineFolder?: string;

  /** Abort to start nothing new; open requests finish. */
  readonly signal?: AbortSignal;
  /** Abort to end open requests too; they may still be billed, and stay counted. */
  readonly abandon?: AbortSignal;
  readonly onProgress?: OnProgress;
  /** Called with every record of the pool as it is read, before anything is spent. What it throws ends the run. */
  readonly onRecord?: ((record: JsonObject) => void) | undefined;
  /** Is told what the user should know meanwhile, as a line. */
  readonly onNote?: ((note: string) => void) | undefined;

  readonly stdin?: Readable;
  readonly fetch?: typeof fetch;
  readonly clock?: Clock;
}

/** Every name, so that a slip in plain JavaScript is found. */
export const RUN_OPTIONS: Readonly<Record<keyof RunOptions, true>> = {
  ...READING_OPTIONS,
  ...PROVIDER_OPTIONS,
  ...{ pool: true, plugins: true, promptFolder: true, wait: true },
  ...{ maxMicroUsd: true, maxCalls: true, maxTokens: true, concurrency: true },
  ...{ timeoutMs: true, state: true, retryFailed: true, cacheFolder: true, signal: true, abandon: true },
  ...{ engine: true, enginePassword: true, engineFolder: true },
  ...{ onProgress: true, onRecord: true, onNote: true, stdin: true, fetch: true, clock: true },
};

/** Timers hold no more. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

export type RunSettings = Omit<
  RunOptions,
  'pool' | 'plugins' | 'enginePassword' | 'engineFolder' | keyof ProviderOptions | keyof WorkbenchSettings
> &
  WorkbenchSettings & { readonly pool: readonly PoolSource[]; readonly plugins: readonly PluginIdentity[] };

/**
 * Fills in defaults and checks values. `checkProvider` checks whether provider and model go together, for runs that ask
 * an LLM.
 * @throws UsageError
 */
export function normalizeRunOptions(options: RunOptions): RunSettings {
  const plugins = usePlugins(options.plugins ?? []);
  const llm = normalizeProviderOptions(options);
  const cacheFolder = options.cacheFolder ?? envPaths('winnow', { suffix: '' }).cache;
  const settings: RunSettings = {
    ...options,
    ...normalizeReading(options),
    pool: poolSources(options.pool),
    plugins,
    llm,
    embedder: { kind: 'minilm' },
    concurrency: options.concurrency ?? 8,
    timeoutMs: options.timeoutMs ?? 120_000,
    cacheFolder,
    remote: { cacheFolder, fetch: options.fetch, ...options.remote },
    engine: engineSettings(options),
    seed: 0,
    clock: options.clock ?? systemClock,
  };
  if (settings.pool.length === 0) throw new UsageError('No pool file is given.');
  checkWhole('concurrency', settings.concurrency, 1);
  if (!(settings.timeoutMs >= 1 && settings.timeoutMs <= LONGEST_TIMEOUT_MS)) {
    throw new UsageError(
      sentence`${option('timeoutMs')} is from 1 second to ${Math.floor(LONGEST_TIMEOUT_MS / 1000)} seconds.`,
    );
  }
  for (const [name, cap] of [
    ['maxMicroUsd', settings.maxMicroUsd],
    ['maxCalls', settings.maxCalls],
    ['maxTokens', settings.maxTokens],
  ] as const) {
    if (cap !== undefined) checkWhole(name, cap, 0);
  }
  return settings;
}
