import type { Command } from 'commander';
import { DeclinedError } from '../../domain/errors.ts';
import type { Range } from '../../domain/money.ts';
import { checkCampaign } from '../../runs/check/check-campaign.ts';
import { type CheckOptions, checkModels } from '../../runs/check/check-models.ts';
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
      Try what the winnow.yaml of this folder needs: the LLMs that choose and judge, the
      embedder, the annotation tool, the trainer and the last model it made.
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
  const confirm = confirmChecks(flags, terminal);
  const done =
    provider === undefined
      ? await checkCampaign(flags.folder, { ...(await campaignSettings(flags, terminal)), confirm })
      : await checkModels(serverSettings(flags, provider, terminal), { embeds: false, confirm });
  const spelling = provider === undefined ? campaignSpelling() : flagSpelling;
  if (flags.json) printJson(terminal, checksDocument(done, spelling));
  else print(terminal, terminal.stdout, renderChecks(done, spelling));
  if (!done.checks.every(({ works }) => works)) terminal.setExitCode(EXIT.error);
}

async function campaignSettings({ folder, cacheDir }: DoctorFlags, { environment, clock }: Terminal) {
  checkFolder(folder);
  return { environment, clock, cacheFolder: cacheDir ?? environment.WINNOW_CACHE_DIR };
}

/** Asks a person, unless --yes has answered. @throws DeclinedError, or UsageError without a terminal */
export function confirmChecks({ yes }: Pick<RunFlags, 'yes'>, terminal: Terminal): CheckOptions['confirm'] {
  return async (costMicroUsd: Range) => {
    if (yes) return;
    const spending = { what: 'Trying the models', costMicroUsd, details: '', advice: 'Accept it with --yes.' };
    if (!(await confirmSpending(spending, terminal))) throw new DeclinedError();
  };
}
