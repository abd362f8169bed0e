import { resolve } from 'node:path';
import type { Command } from 'commander';
import envPaths from 'env-paths';
import { loadConfig } from '../../campaign/config/load-config.ts';
import { DeclinedError } from '../../domain/errors.ts';
import type { Range } from '../../domain/money.ts';
import { workbenchSettings } from '../../runs/campaign/campaign-workbench.ts';
import { type CheckOptions, checkModels } from '../../runs/check/check-models.ts';
import type { WorkbenchSettings } from '../../runs/workbench.ts';
import { confirmSpending } from '../confirm-spending.ts';
import { EXIT } from '../exit-code.ts';
import { checksDocument, renderChecks } from '../output/render-checks.ts';
import { print, printJson } from '../print.ts';
import { campaignSpelling, flagSpelling } from '../spelling.ts';
import type { Terminal } from '../terminal.ts';
import { checkFolder } from '../with-campaign.ts';
import { addServerOptions, serverSettings } from './check-options.ts';
import { providerKeys, type RunFlags } from './run-options.ts';

const EXAMPLES = `
Examples:
  $ winnow doctor
      Try what the winnow.yaml of this folder needs: the LLMs that choose and judge, and the embedder.
  $ winnow doctor --provider ollama --model qwen3
      Try one model.

Its requests are small and not part of any campaign's budget. It asks before it spends anything.

API keys are read from the environment: ${providerKeys((name) => name)}.

Exit codes: 0 all works; 1 something does not, or an error; 2 wrong usage; 3 you declined the cost; 130 interrupted.
`;

interface DoctorFlags extends RunFlags {
  readonly folder: string;
}

/** `winnow doctor`. */
export function defineDoctor(command: Command, terminal: Terminal): void {
  addServerOptions(command.option('-C, --folder <folder>', 'the folder of the campaign', '.'))
    .option('-y, --yes', 'accept the cost without asking')
    .addHelpText('after', EXAMPLES)
    .action((flags: DoctorFlags) => runDoctor(flags, terminal));
}

async function runDoctor(flags: DoctorFlags, terminal: Terminal): Promise<void> {
  const { provider } = flags;
  const settings =
    provider === undefined ? await campaignSettings(flags, terminal) : serverSettings(flags, provider, terminal);
  const done = await checkModels(settings, {
    embeds: provider === undefined,
    confirm: confirmChecks(flags, terminal),
  });
  const spelling = provider === undefined ? campaignSpelling() : flagSpelling;
  if (flags.json) printJson(terminal, checksDocument(done, spelling));
  else print(terminal, terminal.stdout, renderChecks(done, spelling));
  if (!done.checks.every(({ works }) => works)) terminal.setExitCode(EXIT.error);
}

/** What a campaign's winnow.yaml says, with keys from the environment. Its state is left alone. */
async function campaignSettings(
  { folder, cacheDir }: DoctorFlags,
  { environment, clock }: Terminal,
): Promise<WorkbenchSettings> {
  checkFolder(folder);
  const { config } = await loadConfig(folder);
  const cacheFolder = cacheDir ?? environment.WINNOW_CACHE_DIR ?? envPaths('winnow', { suffix: '' }).cache;
  return workbenchSettings({ config, folder: resolve(folder), environment, cacheFolder, clock });
}

/** Asks a person, unless --yes has answered. @throws DeclinedError, or UsageError without a terminal */
export function confirmChecks({ yes }: Pick<RunFlags, 'yes'>, terminal: Terminal): CheckOptions['confirm'] {
  return async (costMicroUsd: Range) => {
    if (yes) return;
    const spending = { what: 'Trying the models', costMicroUsd, details: '', advice: 'Accept it with --yes.' };
    if (!(await confirmSpending(spending, terminal))) throw new DeclinedError();
  };
}
