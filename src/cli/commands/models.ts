import type { Command } from 'commander';
import { UsageError } from '../../domain/errors.ts';
import { checkModels } from '../../runs/check/check-models.ts';
import { type ListedModel, listModels, type ModelList } from '../../runs/check/list-models.ts';
import { renderModels } from '../output/render-models.ts';
import { print, printJson } from '../print.ts';
import type { Terminal } from '../terminal.ts';
import { addServerOptions, serverSettings } from './check-options.ts';
import { confirmChecks } from './doctor.ts';
import type { RunFlags } from './run-options.ts';

const EXAMPLES = `
Examples:
  $ winnow models --provider openrouter --matching qwen
      What the server says of its models, for free: context, price, JSON schemas, log-probabilities, batches.
  $ winnow models --provider vllm --model Qwen/Qwen3-8B --try
      Make one small request too, and remember for this server and model what worked.

The price table comes before what the server says. "?" means that neither says it, and it was not tried.

Exit codes: 0 done; 1 an error; 2 wrong usage; 3 you declined the cost; 130 interrupted.
`;

interface ModelsFlags extends RunFlags {
  readonly matching?: string;
  readonly try?: boolean;
}

/** `winnow models`. */
export function defineModels(command: Command, terminal: Terminal): void {
  addServerOptions(command)
    .option('--matching <text>', 'only models whose name contains it')
    .option('--try', 'make one small request to the model, to see what works')
    .option('-y, --yes', 'accept its cost without asking')
    .addHelpText('after', EXAMPLES)
    .action((flags: ModelsFlags) => showModels(flags, terminal));
}

async function showModels(flags: ModelsFlags, terminal: Terminal): Promise<void> {
  const { provider, matching = '', model } = flags;
  if (provider === undefined)
    throw new UsageError('--provider is missing.', 'Name one: winnow models --provider openai');
  if (flags.try && model === undefined) throw new UsageError('--try needs --model.', 'Name the model to try.');
  const settings = serverSettings(flags, provider, terminal);
  let costMicroUsd: number | undefined;
  if (flags.try) {
    const confirm = confirmChecks(flags, terminal);
    const { checks, costMicroUsd: cost } = await checkModels(settings, { embeds: false, confirm });
    for (const { error } of checks) if (error) throw error;
    costMicroUsd = cost;
  }
  const list = await listModels(settings);
  const wanted = ({ name }: ListedModel) => name.toLowerCase().includes(matching.toLowerCase());
  const shown: ModelList = { ...list, models: list.models?.filter(wanted) ?? null };
  if (flags.json) printJson(terminal, { ...shown, ...(costMicroUsd === undefined ? {} : { costMicroUsd }) });
  else print(terminal, terminal.stdout, renderModels(shown, { width: terminal.width, costMicroUsd }));
}
