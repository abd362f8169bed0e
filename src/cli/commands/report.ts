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
import { openInBrowser } from '../open-in-browser.ts';
import { renderWrittenReport } from '../output/render-report.ts';
import { print, printJson } from '../print.ts';
import { campaignFiles, refuseToOverwrite } from '../refuse-to-overwrite.ts';
import { asCampaignError } from '../spelling.ts';
import type { Terminal } from '../terminal.ts';
import { addCampaignOptions, type CampaignFlags, checkFolder } from '../with-campaign.ts';
import { withProgress } from '../with-progress.ts';

const FILE = 'winnow-report.html';

const EXAMPLES = `
Examples:
  $ winnow report
      Write winnow-report.html into the campaign's folder, and open it in a browser.
  $ winnow report -o week-3.html --no-open
      Keep a report of the current state.
  $ winnow report --json | jq .headline
      Print the same figures for scripts. Amounts are in micro-dollars. Writes no file unless -o names one.

The report is one self-contained file to send, print or archive. It contains texts of the pool, but no keys. It
replaces an earlier report of the same name; any other file is only replaced with --force.

Costs nothing, needs no key, and works while other commands run. The first report takes longer, because it computes
the map of the pool. The map is then stored.

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
    .option('--force', 'replace a file that is not a report')
    .option('--no-open', 'do not open a browser')
    .addHelpText('after', EXAMPLES)
    .action((flags: ReportFlags) => writeReport(flags, terminal));
}

async function writeReport(flags: ReportFlags, terminal: Terminal): Promise<void> {
  const { folder, json, output } = flags;
  const path = output ?? (json ? undefined : join(folder, FILE));
  checkFolder(folder);
  // Checks the target before computing the report.
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
  if (path === '-')
    throw new UsageError('A report is a web page and must be written to a file.', 'Name a file, or add --json.');
  const { config } = await loadConfig(folder);
  refuseToOverwrite('--output', path, campaignFiles({ folder, config }));
  const target = await resolveTarget(path);
  if (force || (await isFreeOrReport(target))) return;
  throw new OutputError(`"${path}" already exists and is not a winnow report.`, {
    hint: 'Name another file with -o, or overwrite it with --force.',
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
