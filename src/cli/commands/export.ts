import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { OutputError, UsageError } from '../../domain/errors.ts';
import type { Correction, LabeledExample } from '../../domain/label.ts';
import { command } from '../../domain/wording.ts';
import { CORRECTION_FORMATS } from '../../labels/corrections/registry.ts';
import { BRIDGES } from '../../labels/registry.ts';
import { TRAINING_FORMATS } from '../../labels/training/registry.ts';
import { shortageOf } from '../../labels/training/training-format.ts';
import type { Campaign } from '../../runs/campaign/campaign.ts';
import { CAMPAIGN_EXIT_CODES } from '../exit-code.ts';
import { commandIn } from '../next-command.ts';
import { colors } from '../output/colors.ts';
import { describePush } from '../output/describe-step.ts';
import { formatCount, plural } from '../output/format.ts';
import { renderSetup } from '../output/render-step.ts';
import { safeLine } from '../output/safe-text.ts';
import { print, printJson } from '../print.ts';
import { campaignFiles, refuseToOverwrite } from '../refuse-to-overwrite.ts';
import type { Terminal } from '../terminal.ts';
import { addCampaignOptions, type CampaignFlags, withCampaign } from '../with-campaign.ts';
import { whole } from './option-values.ts';

const EXAMPLES = `
Examples:
  $ winnow export --to label-studio
      Write the tasks of the last round for Label Studio, and explain how to set it up.
  $ winnow export --to csv --round 1 -o for-anna.csv
      Write the tasks of the first round as a table.
  $ winnow export --push
      Send the tasks to the tool at labels.url in winnow.yaml, except those it already has.
  $ winnow export --training sharegpt -o train/
      Write all labels as training data, with the held-out labels in a separate file.
  $ winnow export --corrections preference -o pairs/
      Write pairs of a person's and the seed model's answer to the same item, for DPO.
  $ winnow export --labels labels.csv
      Write every label with its annotator, time, cost, round and the fields of its record.

${CAMPAIGN_EXIT_CODES}
`;

interface ExportFlags extends CampaignFlags {
  readonly to?: string;
  readonly training?: string;
  readonly corrections?: string;
  readonly withIds?: boolean;
  readonly labels?: string;
  readonly output?: string;
  readonly round?: number;
  readonly push?: boolean;
  readonly force?: boolean;
}

const LONGEST_PATH = 400;

/** `winnow export`. */
export function defineExport(command: Command, terminal: Terminal): void {
  addCampaignOptions(command)
    .addOption(new Option('--to <tool>', 'write tasks for this tool (default: labels.tool)').choices(BRIDGES.names))
    .option('--round <n>', 'export the tasks of this round (default: the last)', whole(1))
    .option('--push', 'send the tasks to the tool at labels.url instead')
    .addOption(
      new Option('--training <format>', 'write the labels as training data instead of tasks').choices(
        TRAINING_FORMATS.names,
      ),
    )
    .addOption(
      new Option(
        '--corrections <format>',
        'write what people made of the answers they got as drafts: preference pairs, ratings',
      ).choices(CORRECTION_FORMATS.names),
    )
    .option('--with-ids', 'training data: add the id of each item')
    .option('--labels <file>', 'write every label with all details: .jsonl, .json, .csv, .tsv or .parquet')
    .option(
      '-o, --output <path>',
      'file for tasks (default: rounds/<n>/tasks.…), or folder for training data (default: training-<format>, corrections-<format>)',
    )
    .option('--force', 'overwrite existing files')
    .addHelpText('after', EXAMPLES)
    .action((flags: ExportFlags) => {
      checkUsage(flags);
      return withCampaign(terminal, flags, (campaign, stopProgress) => {
        if (flags.labels !== undefined) return exportLabels(campaign, flags.labels, flags, terminal);
        const { training, corrections } = flags;
        if (training !== undefined) return exportTraining(campaign, 'training', training, flags, terminal);
        if (corrections !== undefined) return exportTraining(campaign, 'corrections', corrections, flags, terminal);
        return flags.push ? push(campaign, flags, terminal, stopProgress) : exportTasks(campaign, flags, terminal);
      });
    });
}

/** What each of these options writes in place of tasks. */
const WRITES = { labels: 'all labels to one file', training: 'labels', corrections: 'what people corrected' };

function checkUsage(flags: ExportFlags): void {
  const { to, training, corrections, withIds, output, push } = flags;
  const [what, second] = (['labels', 'training', 'corrections'] as const).filter((name) => flags[name] !== undefined);
  if (what !== undefined) {
    const forTasks = (['to', 'round', 'push'] as const).find((name) => flags[name] !== undefined);
    const other = second ?? forTasks ?? (what === 'labels' && output !== undefined ? 'output' : undefined);
    if (other !== undefined) {
      throw new UsageError(
        `--${what} writes ${WRITES[what]}, so it cannot be used with --${other}.`,
        'Remove one of them.',
      );
    }
  }
  if (withIds && training === undefined && corrections === undefined) {
    throw new UsageError(
      '--with-ids is for training data.',
      'Add --training or --corrections, or use --labels, which always has the ids.',
    );
  }
  if (push && (to !== undefined || output !== undefined)) {
    const other = to !== undefined ? '--to' : '--output';
    throw new UsageError(
      `--push sends tasks to the tool in winnow.yaml, so it cannot be used with ${other}.`,
      'Remove one of them.',
    );
  }
}

async function exportTasks(campaign: Campaign, flags: ExportFlags, terminal: Terminal): Promise<void> {
  const { to, round, output, force, json } = flags;
  refuseToOverwrite('--output', output, campaignFiles(campaign));
  const exported = await campaign.exportTasks({
    ...(to === undefined ? {} : { tool: to }),
    ...(round === undefined ? {} : { round }),
    ...(output === undefined ? {} : { path: resolve(output) }),
    ...(force ? { replace: true } : {}),
  });
  const path = output ?? exported.path;
  if (json) {
    printJson(terminal, { ...exported, path });
    return;
  }
  const drafted = exported.drafts === 0 ? '' : `, ${formatCount(exported.drafts)} with an answer to correct`;
  print(
    terminal,
    terminal.stdout,
    `Wrote ${plural(exported.tasks, 'task')} for ${exported.tool} to ${safeLine(path, LONGEST_PATH)}${drafted}\n`,
  );
  print(terminal, terminal.stderr, renderSetup(exported.tool, commandIn(flags.folder, command('annotate'))));
}

async function push(
  campaign: Campaign,
  { round, json }: ExportFlags,
  terminal: Terminal,
  stopProgress: () => void,
): Promise<void> {
  const pushed = await campaign.pushTasks(round);
  stopProgress();
  if (json) printJson(terminal, pushed);
  else print(terminal, terminal.stdout, `Pushed ${describePush(pushed)}\n`);
}

async function exportTraining(
  campaign: Campaign,
  kind: 'training' | 'corrections',
  format: string,
  { output, force, json, withIds }: ExportFlags,
  terminal: Terminal,
): Promise<void> {
  const folder = output ?? join(campaign.folder, `${kind}-${format}`);
  if (output !== undefined && !force) refuseToReplace(kind, format, output);
  const exported =
    kind === 'training'
      ? await campaign.exportTrainingData(format, folder, { withIds })
      : await campaign.exportCorrections(format, folder, { withIds });
  const { examples, heldOut, files } = exported;
  const shortage = examples === 0 ? NONE[kind] : shortageOf(FORMATS[kind].find(format), examples);
  if (shortage !== undefined) print(terminal, terminal.stderr, `${colors.yellow('warning')}  ${shortage}\n`);
  if (json) {
    printJson(terminal, exported);
    return;
  }
  const apart = heldOut === 0 ? '' : `, and ${formatCount(heldOut)} held out`;
  const written = files.map((name) => `  ${safeLine(join(folder, name), LONGEST_PATH)}\n`);
  const what = plural(examples, kind === 'training' ? 'label' : 'correction');
  print(terminal, terminal.stdout, `Wrote ${what} to train on${apart}:\n${written.join('')}`);
}

async function exportLabels(
  campaign: Campaign,
  file: string,
  { force, json }: ExportFlags,
  terminal: Terminal,
): Promise<void> {
  refuseToOverwrite('--labels', file, campaignFiles(campaign));
  if (!force && existsSync(file)) {
    throw new OutputError(`${file} already exists.`, { hint: 'Name another file, or overwrite it with --force.' });
  }
  const exported = await campaign.exportLabels(resolve(file));
  if (json) printJson(terminal, { ...exported, path: file });
  else
    print(terminal, terminal.stdout, `Wrote ${plural(exported.labels, 'label')} to ${safeLine(file, LONGEST_PATH)}\n`);
}

const FORMATS = { training: TRAINING_FORMATS, corrections: CORRECTION_FORMATS };
const NONE = {
  training: 'There are no labels to train on yet. Run winnow status to see the next step.',
  corrections: 'There are no corrections yet that this format can use.',
};

/** The user's own folder may contain a train.json or dataset_info.json that winnow did not write. */
function refuseToReplace(kind: keyof typeof FORMATS, format: string, folder: string): void {
  const split = { train: [EXAMPLE], heldOut: [EXAMPLE] };
  const names = FORMATS[kind]
    .find(format)
    .files(split)
    .map(({ name }) => name);
  const there = names.filter((name) => existsSync(join(folder, name)));
  if (there.length === 0) return;
  throw new OutputError(`${folder} already contains ${there.join(' and ')}.`, {
    hint: 'Name another folder with -o, or overwrite the files with --force.',
  });
}

/** Stands for any label or correction where only the names of files are asked for. */
const EXAMPLE: LabeledExample & Correction = {
  ...{ id: '', instruction: '', response: 'b', answer: 'a', model: '', judge: '', score: 0, judgeReason: '' },
  ...{ decision: 'edited', annotator: null, comment: null },
};
