import { type Command, Option } from 'commander';
import { providerKey } from '../../models/providers/provider-key.ts';
import { PROVIDERS } from '../../models/providers/registry.ts';
import { TURN_CHOICES, type TurnChoice } from '../../records/conversations/split-turns.ts';
import type { RoleNames } from '../../records/conversations/turn-roles.ts';
import { PRESETS } from '../../records/presets/registry.ts';
import { PERSONAL_DATA_CHOICES, type PersonalDataChoice, type ReadingOptions } from '../../records/reading-options.ts';
import { remoteAccess } from '../../records/remote/remote-access.ts';
import { TEXT_ITEMS, type TextItems } from '../../records/text-lines.ts';
import type { PickOptions } from '../../runs/pick/pick-options.ts';
import { addEngineOptions, type EngineFlags, toEngineOptions } from './engine-options.ts';
import { addProviderFlags, providerOptions } from './model-flags.ts';
import { dollars, mappingFile, roleNames, whole } from './option-values.ts';

/** Options of every command that reads a pool and may ask an LLM, as commander hands them over. */
export interface RunFlags extends EngineFlags {
  readonly provider?: string;
  readonly model?: string;
  readonly baseUrl?: string;
  readonly price?: PickOptions['price'];
  readonly contextTokens?: number;
  readonly pricedAs?: string;
  readonly reasoningTokens?: number;
  readonly batch?: boolean;
  readonly wait?: boolean;
  readonly prompts?: string;
  readonly instructionField?: string;
  readonly inputField?: string;
  readonly outputField?: string;
  readonly idField?: string;
  readonly turns?: TurnChoice;
  readonly roles?: RoleNames;
  readonly encoding?: string;
  readonly pii?: PersonalDataChoice;
  readonly textItems?: TextItems;
  readonly from?: string;
  readonly mapping?: ReadingOptions['byFile'];
  readonly skipBadLines?: boolean;
  readonly maxUsd?: number;
  readonly maxCalls?: number;
  readonly maxTokens?: number;
  readonly concurrency?: number;
  readonly timeout?: number;
  readonly state?: string;
  readonly retryFailed?: boolean;
  readonly cacheDir?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
  readonly plan?: boolean;
  readonly rawCells?: boolean;
}

export const POOL_FILES =
  'JSONL, JSON, CSV, TSV, Parquet, Arrow or text files, each also .gz or .zst; folders; patterns; addresses (hf://, s3://, https://); - for JSONL on standard input';
const OUTPUT_FILE = 'output file: .jsonl, .json, .csv, .tsv or .parquet (default: JSONL on standard output)';

/** What every command that writes records takes. */
export function addOutputOptions(command: Command): Command {
  return command
    .option('-o, --output <file>', OUTPUT_FILE)
    .option('--raw-cells', 'write CSV and TSV cells unchanged, also those that a spreadsheet would run as a formula');
}

/** The variables that providers read their keys from, for help. @param naming how the help names a provider */
export function providerKeys(naming: (provider: string) => string): string {
  return [...PROVIDERS]
    .flatMap(({ name, keyVariable, required }) => {
      if (keyVariable === undefined) return [];
      return required.includes('apiKey') ? [keyVariable] : [`${keyVariable} (${naming(name)})`];
    })
    .join(', ');
}

/** @param words.does "chooses", "judges" @param words.prompts the file names of the prompts that are used */
export function addLlmOptions(command: Command, words: { readonly does: string; readonly prompts: string }): Command {
  const description = `the LLM that ${words.does} (default: offline, a built-in stand-in)`;
  command.addOption(new Option('--provider <name>', description).choices(PROVIDERS.names));
  return addProviderFlags(command).option(
    '--prompts <folder>',
    `folder with your own prompts, by file name (${words.prompts})`,
  );
}

export function addReadingOptions(command: Command): Command {
  return command
    .optionsGroup('Reading:')
    .addOption(
      new Option('--from <tool>', 'the tool that wrote the records (default: recognized where it can be)').choices(
        PRESETS.names,
      ),
    )
    .option('--instruction-field <name>', 'default: instruction, prompt, question, query or text')
    .option('--input-field <name>', 'default: input or context')
    .option('--output-field <name>', 'default: output, response, completion or answer')
    .option('--id-field <name>', 'default: id, uid, uuid or external_id')
    .addOption(
      new Option('--turns <which>', 'user turns of a conversation that are items (default: last)').choices(
        TURN_CHOICES,
      ),
    )
    .option('--roles <names>', 'unknown names of roles, e.g. tutor=assistant,pupil=user', roleNames)
    .option('--encoding <name>', 'of files that are not UTF-8, such as windows-1252')
    .addOption(
      new Option('--text-items <unit>', 'what one item of a text file is (default: line; of .md files: file)').choices(
        TEXT_ITEMS,
      ),
    )
    .option('--mapping <file>', 'YAML that says how single files are read, by name or pattern', mappingFile)
    .addOption(
      new Option(
        '--pii <action>',
        'e-mail, phone, card, IBAN, keys, IP: count them, replace them by placeholders, or leave their items out',
      ).choices(PERSONAL_DATA_CHOICES),
    )
    .option('--skip-bad-lines', 'leave unreadable records out and report them');
}

export function addBudgetOptions(command: Command): Command {
  return command
    .optionsGroup('Budget (for the whole run, however often it is continued):')
    .option('--max-usd <dollars>', 'spend no more than this, e.g. 2.50', dollars)
    .option('--max-calls <n>', 'make no more calls than this', whole(0))
    .option('--max-tokens <n>', 'use no more input and output tokens than this', whole(0))
    .option('--concurrency <n>', 'maximum number of calls at once (default: 8)', whole(1))
    .option('--timeout <seconds>', 'time limit of one call (default: 120)', whole(1));
}

/** How requests are sent. */
export function addBatchOptions(command: Command): Command {
  return command
    .option(
      '--batch',
      `send requests as batches: half the price, answers within 24 hours (${batchProviders(false)}); as files to run yourself (${batchProviders(true)})`,
    )
    .option('--wait', 'with --batch: wait for the answers (default: exit with code 3; run again to collect them)');
}

function batchProviders(byHand: boolean): string {
  const named = [...PROVIDERS].filter(({ batches }) => batches && (batches.isByHand ?? false) === byHand);
  return named.map(({ name }) => name).join(', ');
}

/** @param words.name of the command @param words.retry what --retry-failed does */
export function addRunningOptions(command: Command, words: { readonly name: string; readonly retry: string }): Command {
  return addEngineOptions(command.optionsGroup('Running:'))
    .option('--state <file.db>', `the run's SQLite file (default: .winnow/${words.name}-….db, named after the run)`)
    .option('--retry-failed', words.retry)
    .option(
      '--cache-dir <folder>',
      'where vectors are stored between runs (default: $WINNOW_CACHE_DIR or the user cache)',
    )
    .option('--json', 'print the summary as JSON on standard output')
    .option('-v, --verbose', 'show stack traces');
}

/** @param environment where the keys are */
export function toRunOptions(flags: RunFlags, environment: NodeJS.ProcessEnv) {
  const cacheFolder = flags.cacheDir ?? environment.WINNOW_CACHE_DIR;
  const fields = {
    instruction: flags.instructionField,
    input: flags.inputField,
    output: flags.outputField,
    id: flags.idField,
  };
  return given({
    fields: given(fields),
    turns: flags.turns,
    roles: flags.roles,
    encoding: flags.encoding,
    pii: flags.pii,
    textItems: flags.textItems,
    from: flags.from,
    byFile: flags.mapping,
    skipBadLines: flags.skipBadLines,
    provider: flags.provider,
    model: flags.model,
    baseUrl: flags.baseUrl,
    ...(flags.provider === undefined ? {} : providerKey(flags.provider, environment)),
    price: flags.price,
    pricedAs: flags.pricedAs,
    contextTokens: flags.contextTokens,
    reasoningTokens: flags.reasoningTokens,
    providerOptions: providerOptions(flags),
    batch: flags.batch,
    wait: flags.wait,
    promptFolder: flags.prompts,
    maxMicroUsd: flags.maxUsd,
    maxCalls: flags.maxCalls,
    maxTokens: flags.maxTokens,
    concurrency: flags.concurrency,
    timeoutMs: flags.timeout === undefined ? undefined : flags.timeout * 1000,
    state: flags.state,
    retryFailed: flags.retryFailed,
    cacheFolder,
    ...toEngineOptions(flags, environment),
    remote: remoteAccess(environment, given({ cacheFolder })),
  });
}

type Given<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };

/** Without the options that were not given. */
export function given<T extends object>(options: T): Given<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Given<T>;
}
