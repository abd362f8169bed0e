import { type Command, Option } from 'commander';
import envPaths from 'env-paths';
import { PROVIDERS } from '../../models/providers/registry.ts';
import { normalizeProviderOptions } from '../../runs/provider-options.ts';
import type { WorkbenchSettings } from '../../runs/workbench.ts';
import type { Terminal } from '../terminal.ts';
import { addProviderFlags } from './model-flags.ts';
import { whole } from './option-values.ts';
import { type RunFlags, toRunOptions } from './run-options.ts';

const DEFAULT_TIMEOUT_MS = 120_000;

/** What says which model is looked at, and where. */
export function addServerOptions(command: Command): Command {
  command.addOption(new Option('--provider <name>', 'who serves the model').choices(PROVIDERS.names));
  return addProviderFlags(command)
    .option('--timeout <seconds>', 'time limit of one call (default: 120)', whole(1))
    .option(
      '--cache-dir <folder>',
      'where the results of tries are kept (default: $WINNOW_CACHE_DIR or the user cache)',
    )
    .option('--json', 'print the result as one JSON document on standard output')
    .option('-v, --verbose', 'show stack traces');
}

/** Settings for a model without a run. */
export function serverSettings(
  flags: RunFlags,
  provider: string,
  { environment, clock }: Pick<Terminal, 'environment' | 'clock'>,
): WorkbenchSettings {
  const options = toRunOptions({ ...flags, provider }, environment);
  return {
    llm: normalizeProviderOptions(options),
    embedder: { kind: 'minilm' },
    cacheFolder: options.cacheFolder ?? envPaths('winnow', { suffix: '' }).cache,
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    ...{ concurrency: 1, seed: 0, clock },
  };
}
