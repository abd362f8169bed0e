import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { loadConfig } from '../../campaign/config/load-config.ts';
import { OutputError, UsageError } from '../../domain/errors.ts';
import { resolveTarget, writeFileAtomically } from '../../records/write-file-atomically.ts';
import { readAssets } from '../../report/read-assets.ts';
import { isReport, MARKED_WITHIN, renderReport } from '../../report/render-html.ts';
import { report } from '../../report/report.ts';
import type { ReportData } from '../../report/report-data.ts';
import { campaignFiles } from '../campaign-files.ts';
import { openInBrowser } from '../open-in-browser.ts';
import { renderWrittenReport } from '../output/render-report.ts';
import { print, printJson } from '../print.ts';
import { refuseToOverwrite } from '../refuse-to-overwrite.ts';
import { asCampaignError } from '../spelling.ts';
import type { Terminal } from '../terminal.ts';
import { checkFolder } from '../with-campaign.ts';
import { withProgress } from '../with-progress.ts';
import { addCampaignOptions, type CampaignFlags } from './campaign-options.ts';

const FILE = 'winnow-report.html';

const EXAMPLES = `
Examples:
  $ winnow report
      Write winnow-report.html into the campaign's folder, and open it in a browser.
  $ winnow report -o week-3.html --no-open
      Keep a report of this moment.
  $ winnow report --json | jq .headline
      The same figures for scripts. Amounts are in micro-dollars. No file is written, unless -o names one.

One file that needs nothing else: send it, print it, keep it. Texts of the pool are in it, keys are not. An earlier
report of the same name is replaced; any other file is not, without --force.

Costs nothing, needs no key, and works while another process is at work on the campaign. The first report takes longer:
it draws the map of the pool, which is kept.

Exit codes: 0 done; 1 an error, also one in winnow.yaml; 2 wrong usage; 130 interrupted.
`;

interface ReportFlags extends CampaignFlags {
  readonly output?: string;
  readonly force?: boolean;
  readonly open: boolean;
}

/** `winnow report`. */
export function defineReport(command: Command, terminal: Terminal): void {
  addCampaignOptions(command)
    .option('-o, --output <file>', `the file to write (default: ${FILE} in the campaign's folder)`)
    .option('--force', 'replace a file that is no report')
    .option('--no-open', 'do not open a browser')
    .addHelpText('after', EXAMPLES)
    .action((flags: ReportFlags) => writeReport(flags, terminal));
}

async function writeReport(flags: ReportFlags, terminal: Terminal): Promise<void> {
  const { folder, json, output } = flags;
  const path = output ?? (json ? undefined : join(folder, FILE));
  checkFolder(folder);
  // Before time is spent on what cannot be written.
  if (path !== undefined) await checkTarget(path, flags);
  const data = await figures(folder, terminal);
  if (path === undefined) {
    printJson(terminal, data);
    return;
  }
  const html = Buffer.from(renderReport(data, await readAssets()));
  await writeFileAtomically(path, html);
  if (json) {
    printJson(terminal, data);
    return;
  }
  print(terminal, terminal.stdout, renderWrittenReport(data, path, html.length));
  if (flags.open) await openInBrowser(terminal, await resolveTarget(path));
}

async function figures(folder: string, terminal: Terminal): Promise<ReportData> {
  const { environment, clock } = terminal;
  try {
    return await withProgress(terminal, (running) =>
      report(folder, {
        ...running,
        environment,
        clock,
        cacheFolder: environment.WINNOW_CACHE_DIR,
        nodeVersion: process.version,
      }),
    );
  } catch (error) {
    throw asCampaignError(error);
  }
}

/** @throws UsageError for a file of the campaign itself; OutputError for another that is no report */
async function checkTarget(path: string, { folder, force }: ReportFlags): Promise<void> {
  if (path === '-') throw new UsageError('A report is a page and goes into a file.', 'Name one, or add --json.');
  const { config } = await loadConfig(folder);
  refuseToOverwrite('--output', path, campaignFiles({ folder, config }));
  const target = await resolveTarget(path);
  if (force || (await isFreeOrReport(target))) return;
  throw new OutputError(`"${path}" is there already and is no report of winnow.`, {
    hint: 'Name another file with -o, or replace it with --force.',
  });
}

async function isFreeOrReport(path: string): Promise<boolean> {
  try {
    const handle = await open(path);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(MARKED_WITHIN), 0, MARKED_WITHIN, 0);
      return bytesRead === 0 || isReport(buffer.toString('utf8', 0, bytesRead));
    } finally {
      await handle.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true;
    throw error;
  }
}
