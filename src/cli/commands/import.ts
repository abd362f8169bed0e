import { type Command, Option } from 'commander';
import type { ImportSummary } from '../../campaign/import-labels.ts';
import { LabelError, UsageError } from '../../domain/errors.ts';
import { BRIDGES } from '../../labels/registry.ts';
import { CAMPAIGN_EXIT_CODES, EXIT } from '../exit-code.ts';
import { nextCommand } from '../next-command.ts';
import { renderError } from '../output/render-error.ts';
import { isUnusable, renderImport } from '../output/render-import.ts';
import { renderNext } from '../output/render-step.ts';
import { print, printJson } from '../print.ts';
import type { Terminal } from '../terminal.ts';
import { addCampaignOptions, type CampaignFlags, withCampaign } from '../with-campaign.ts';

const EXAMPLES = `
Examples:
  $ winnow import project-1-export.json
      Import a file from Label Studio, Argilla, Prodigy or doccano. The tool is detected from the file.
  $ winnow import anna.csv ben.csv --from csv
      Import several files, for example one per person.
  $ winnow import ben.jsonl --from doccano --annotator ben
      For a tool that does not record who answered: import one file per person.
  $ winnow import answers.json --answer-field answer
      Read the answers from a column, control or question of another name.
  $ winnow import --pull
      Fetch labels from the tool at labels.url.

Importing a file again changes nothing. Records that cannot be used are listed, never dropped silently. A label is
imported if its id and its instruction agree; files without instructions are matched by id. If an answer was edited,
the latest one counts (labels.winner).

${CAMPAIGN_EXIT_CODES}
A file of which nothing could be imported is an error (1). The other files are still imported.
`;

interface ImportFlags extends CampaignFlags {
  readonly from?: string;
  readonly annotator?: string;
  readonly pull?: boolean;
  readonly answerField?: string;
  readonly trustIds?: boolean;
  readonly encoding?: string;
}

interface UnreadFile {
  readonly source: string;
  readonly error: LabelError;
}

/** `winnow import`. */
export function defineImport(command: Command, terminal: Terminal): void {
  addCampaignOptions(command)
    .argument('[file...]', "the tool's exports: JSON, JSON Lines or CSV")
    .addOption(
      new Option('--from <tool>', 'the tool that wrote the files (default: detected from the file)').choices(
        BRIDGES.names,
      ),
    )
    .option('--annotator <name>', 'who answered, if the tool does not record it')
    .option('--answer-field <name>', 'the column, control or question that holds the answer')
    .option('--encoding <name>', 'of files that are not UTF-8, such as windows-1252')
    .option('--trust-ids', 'match by id alone, even if the file shows another instruction')
    .option('--pull', 'fetch labels from the tool at labels.url instead')
    .addHelpText('after', EXAMPLES)
    .action((files: string[], flags: ImportFlags) => importLabels(files, flags, terminal));
}

async function importLabels(files: readonly string[], flags: ImportFlags, terminal: Terminal): Promise<void> {
  checkUsage(files, flags);
  await withCampaign(terminal, flags, async (campaign, stopProgress) => {
    const imported: ImportSummary[] = [];
    const unread: UnreadFile[] = [];
    const show = (text: string) => {
      stopProgress();
      if (!flags.json) print(terminal, terminal.stdout, text);
    };
    if (flags.pull) {
      imported.push(await campaign.pullLabels({ trustIds: flags.trustIds }));
      show(renderImport(imported[0]!));
    }
    for (const file of files) {
      try {
        const { from: tool, annotator, answerField, trustIds, encoding } = flags;
        const summary = await campaign.importLabels(file, { tool, annotator, answerField, trustIds, encoding });
        imported.push(summary);
        show(renderImport(summary));
      } catch (error) {
        if (!(error instanceof LabelError)) throw error;
        unread.push({ source: file, error });
        stopProgress();
        print(terminal, terminal.stderr, renderError(error, { verbose: flags.verbose === true }));
      }
    }
    const command = nextCommand(await campaign.status(), flags.folder);
    if (flags.json) {
      const failed = unread.map(({ source, error: { code, message, hint = null } }) => ({
        source,
        error: { code, message, hint },
      }));
      printJson(terminal, { imported, unread: failed, command });
    } else {
      print(terminal, terminal.stdout, `\n${renderNext(command)}`);
    }
    terminal.setExitCode(unread.length > 0 || imported.some(isUnusable) ? EXIT.error : EXIT.done);
  });
}

function checkUsage(files: readonly string[], { pull, from, annotator, answerField, encoding }: ImportFlags): void {
  if (pull && (files.length > 0 || [from, annotator, answerField, encoding].some((flag) => flag !== undefined))) {
    throw new UsageError(
      '--pull fetches from the tool in winnow.yaml, so it cannot be used with a file, --from, --annotator, --answer-field or --encoding.',
      'Remove one of them.',
    );
  }
  if (!pull && files.length === 0) {
    throw new UsageError(
      'No label file is named.',
      'Name the file that the tool exported, or fetch from the tool with --pull.',
    );
  }
}
