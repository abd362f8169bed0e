import { isAbsolute, join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { type AddedFile, addPoolFiles } from '../../campaign/config/add-pool-files.ts';
import { CONFIG_FILE, loadConfig, parseConfig } from '../../campaign/config/load-config.ts';
import { UsageError } from '../../domain/errors.ts';
import { readPools } from '../../records/read-pool.ts';
import { ReadingByFile } from '../../records/reading-by-file.ts';
import { readingOf } from '../../records/reading-options.ts';
import { STANDARD_INPUT } from '../../records/record-reader.ts';
import { isRemote } from '../../records/remote/registry.ts';
import { takePrefix } from '../../records/source-prefix.ts';
import { writeFileAtomically } from '../../records/write-file-atomically.ts';
import { exitCodeOfStep } from '../exit-code.ts';
import { colors } from '../output/colors.ts';
import { renderNext, renderStep } from '../output/render-step.ts';
import { safeLine } from '../output/safe-text.ts';
import { print, printJson } from '../print.ts';
import type { Terminal } from '../terminal.ts';
import { addCampaignOptions, type CampaignFlags, checkFolder, withCampaign } from '../with-campaign.ts';
import { withProgress } from '../with-progress.ts';
import { nextOptions, standingAfter } from './next.ts';
import { addReadingOptions, type RunFlags, toRunOptions } from './run-options.ts';

const EXAMPLES = `
Examples:
  $ winnow add logs/2026-w48.jsonl --from langfuse
      Read this week's production logs into the campaign. Only what is new is added, and a second time adds nothing.
  $ winnow add "logs/*.jsonl" && winnow run
      Every week: what is new in the logs, then the next round.

Writes the files to pool.files in winnow.yaml. Files that have grown are read again by winnow next and winnow run too.
While a round waits for labels, the files are read when it is done.

Exit codes: 0 done; 1 an error; 2 wrong usage; 3 stopped by a budget; 130 interrupted.
`;

const ADDED_FILES =
  'JSONL, JSON, CSV, TSV, Parquet, Arrow or text files, each also .gz or .zst; folders; patterns; addresses';

type AddFlags = CampaignFlags & RunFlags;

/** `winnow add`. */
export function defineAdd(command: Command, terminal: Terminal): void {
  addReadingOptions(addCampaignOptions(command.argument('<files...>', ADDED_FILES)))
    .option('-y, --yes', 'accept the cost of vectors without asking')
    .addHelpText('after', EXAMPLES)
    .action((files: string[], flags: AddFlags) => add(files, flags, terminal));
}

async function add(files: readonly string[], flags: AddFlags, terminal: Terminal): Promise<void> {
  checkFolder(flags.folder);
  const added = await writeFiles(files, flags, terminal);
  await withCampaign(terminal, flags, async (campaign, stopProgress) => {
    const { next } = await campaign.status();
    const result =
      next.step === 'add-pool'
        ? await campaign.addPool(nextOptions(campaign, flags, terminal, stopProgress))
        : undefined;
    stopProgress();
    const after = await standingAfter(campaign, flags);
    if (flags.json) printJson(terminal, { files: added, step: result ?? null, command: after.command });
    else {
      const listed =
        added.length === 0 ? '' : `Added to ${CONFIG_FILE}: ${added.map((one) => safeLine(one, 200)).join(', ')}\n`;
      const read =
        result === undefined
          ? `${added.length === 0 ? 'Nothing is new.' : 'The files are read when the round is done.'}\n${renderNext(after.command)}`
          : renderStep(result, after);
      print(terminal, terminal.stdout, `${colors.green(listed)}${read}`);
    }
    if (result !== undefined) terminal.setExitCode(exitCodeOfStep(result));
  });
}

/** Lists the files in winnow.yaml, once they can be read: a file that is missing or misread changes nothing. */
async function writeFiles(files: readonly string[], flags: AddFlags, terminal: Terminal): Promise<readonly string[]> {
  if (files.includes(STANDARD_INPUT)) {
    throw new UsageError(
      'A campaign cannot read from standard input ("-").',
      'Save the records to a file and add that.',
    );
  }
  const { config, path, text: before } = await loadConfig(flags.folder);
  const { remote, byFile, ...reading } = readingOf(toRunOptions(flags, terminal.environment));
  const shared = Object.entries(reading).filter(
    ([, value]) => value !== undefined && Object.keys(Object(value)).length > 0,
  );
  const mapped = new ReadingByFile(byFile);
  const entries = files.map((file): AddedFile => {
    const own = takePrefix(file);
    const settings = { ...Object.fromEntries(shared), ...mapped.of(own.path), ...own.reading };
    const seen =
      isAbsolute(own.path) || isRemote(own.path) ? own.path : relative(resolve(flags.folder), resolve(own.path));
    return Object.keys(settings).length === 0 ? seen : { path: seen, ...settings };
  });
  mapped.checkUsed();
  const { text, added } = addPoolFiles(before, entries);
  if (added.length === 0) return added;
  parseConfig(text, path);
  await withProgress(terminal, async ({ signal, onProgress }) => {
    const news = entries.flatMap((entry) => {
      const { path: file, ...own } = typeof entry === 'string' ? { path: entry } : entry;
      const there = isAbsolute(file) || isRemote(file) ? file : join(flags.folder, file);
      const options = { ...readingOf(config.pool), ...own, remote, signal, onProgress };
      return added.includes(file) ? [{ sources: [there], options }] : [];
    });
    await readPools(news);
  });
  await writeFileAtomically(path, text);
  return added;
}
