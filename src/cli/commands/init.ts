import { existsSync, statSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { configJsonSchema } from '../../campaign/config/config-json-schema.ts';
import { configTemplate, SCHEMA_FILE } from '../../campaign/config/config-template.ts';
import { CONFIG_FILE, parseConfig } from '../../campaign/config/load-config.ts';
import { UsageError } from '../../domain/errors.ts';
import { command } from '../../domain/wording.ts';
import { formatByName } from '../../records/record-format.ts';
import { RECORD_FORMATS } from '../../records/registry.ts';
import { isRemote } from '../../records/remote/registry.ts';
import { remoteAccess } from '../../records/remote/remote-access.ts';
import { writeFileAtomically } from '../../records/write-file-atomically.ts';
import { isInteractive } from '../confirm-spending.ts';
import { commandIn } from '../next-command.ts';
import { colors } from '../output/colors.ts';
import { type PoolLook, renderPoolLook } from '../output/render-pool-look.ts';
import { safeLine } from '../output/safe-text.ts';
import { padRight, widestOf } from '../output/text-width.ts';
import { print, printJson } from '../print.ts';
import type { Terminal } from '../terminal.ts';
import { withProgress } from '../with-progress.ts';
import { addInitOptions, type InitFlags, templateAnswers } from './init-options.ts';
import { askInit } from './init-questions.ts';
import { lookAtPool } from './look-at-pool.ts';

const EXAMPLES = `
Examples:
  $ winnow init
      Asks a few questions and writes winnow.yaml here, with a comment for every setting.
  $ winnow init my-campaign --yes --pool pool.jsonl
      Asks nothing. Facility location chooses, so nothing costs money.
  $ winnow init --yes --preset mods --pool pool.jsonl --provider openai --model gpt-4o-mini --labels 300 --usd 25
  $ winnow init --yes --pool pool.jsonl --trainer command --train-command ./train.sh --train-cost 0

Also writes winnow.schema.json, which editors use to check and complete winnow.yaml. An existing winnow.yaml is only
overwritten with --force.

Exit codes: 0 done; 1 an error; 2 wrong usage; 130 interrupted.
`;

const WITHOUT_LLM = `  Facility location chooses, without an LLM. To have an LLM choose: winnow init --force --provider … --model …

`;
const FALLBACK_POOL = 'pool.jsonl';
const LONGEST_PATH = 400;

/** `winnow init`. */
export function defineInit(command: Command, terminal: Terminal): void {
  addInitOptions(command)
    .argument('[folder]', 'folder of the campaign; created if it does not exist')
    .addHelpText('after', EXAMPLES)
    .action((folder: string | undefined, flags: InitFlags) => init(folder ?? '.', flags, terminal));
}

async function init(name: string, flags: InitFlags, terminal: Terminal): Promise<void> {
  // The name is relative to -C.
  const folder = join(flags.folder, name);
  const path = join(folder, CONFIG_FILE);
  if (statSync(folder, { throwIfNoEntry: false })?.isFile()) {
    throw new UsageError(
      `${safeLine(folder, LONGEST_PATH)} is a file, but a campaign needs a folder.`,
      `To start a campaign here with this file as its pool: winnow init --pool ${safeLine(name, LONGEST_PATH)}`,
    );
  }
  if (existsSync(path) && !flags.force) {
    throw new UsageError(
      `${path} already exists.`,
      'Continue with it (winnow next), name another folder, or overwrite it with --force.',
    );
  }
  const suggested = await suggestPool(folder);
  const isAsked = !flags.yes && isInteractive(terminal);
  const answers = isAsked ? await askInit(flags, suggested, terminal) : flags;
  const files = answers.pool ?? [suggested];
  const text = configTemplate(
    templateAnswers(
      answers,
      files.map((file) => seenFrom(folder, file)),
      terminal.pluginSources.map((source) => (existsSync(source) ? seenFrom(folder, source) : source)),
    ),
  );
  // An answer may still be invalid in winnow.yaml, such as a wrong address.
  parseConfig(text, path);
  const pool = await withProgress(terminal, ({ signal, onProgress }) => {
    const { environment } = terminal;
    const remote = remoteAccess(environment, { cacheFolder: environment.WINNOW_CACHE_DIR });
    return lookAtPool(files, { remote, signal, onProgress });
  });
  await mkdir(folder, { recursive: true });
  await writeFileAtomically(join(folder, SCHEMA_FILE), `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
  await writeFileAtomically(path, text, { mustBeNew: !flags.force });
  report({ folder, path, pool, hasLlm: (answers.provider ?? 'offline') !== 'offline' }, flags, terminal);
}

function report(
  { folder, path, pool, hasLlm }: { folder: string; path: string; pool: PoolLook; hasLlm: boolean },
  { json }: InitFlags,
  terminal: Terminal,
): void {
  const next = { line: commandIn(folder, command('next')), because: 'run the first step' };
  if (json) {
    printJson(terminal, { folder, config: path, schema: join(folder, SCHEMA_FILE), pool, command: next });
    return;
  }
  const wrote = colors.green(`Wrote ${safeLine(path, LONGEST_PATH)} and ${SCHEMA_FILE} (for editors).`);
  const commands: [string, string][] = [
    [commandIn(folder, command('run')), 'run until people are needed'],
    [next.line, 'run a single step'],
    [commandIn(folder, command('status')), 'show the current state'],
  ];
  const width = widestOf(commands.map(([line]) => line));
  const lines = commands.map(([line, does]) => `    ${colors.bold(padRight(line, width))}  ${does}\n`);
  print(
    terminal,
    terminal.stdout,
    `${wrote}\n${renderPoolLook(pool)}\n${hasLlm ? '' : WITHOUT_LLM}  Check ${CONFIG_FILE}, then run:\n${lines.join('')}`,
  );
}

/** The file in the folder that can be a pool, if there is just one. */
async function suggestPool(folder: string): Promise<string> {
  const names = await readdir(folder).catch(() => []);
  const isPool = (name: string) => formatByName(name, RECORD_FORMATS).format !== undefined && name !== SCHEMA_FILE;
  // Only suggest a name that can be shown unchanged.
  const pools = names.filter((name) => isPool(name) && safeLine(name, LONGEST_PATH) === name);
  return join(folder, pools.length === 1 ? pools[0]! : FALLBACK_POOL);
}

/** Paths in winnow.yaml are relative to its folder; absolute ones stay. */
function seenFrom(folder: string, file: string): string {
  return isAbsolute(file) || isRemote(file) ? file : relative(resolve(folder), resolve(file));
}
