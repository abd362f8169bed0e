import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { OutputError } from '../../domain/errors.ts';
import { parseForeignJson } from '../../domain/foreign-json.ts';
import { WinnowError } from '../../domain/winnow-error.ts';
import { option, sentence } from '../../domain/wording.ts';
import { EXIT } from '../exit-code.ts';
import { colors } from '../output/colors.ts';
import { print } from '../print.ts';
import type { Terminal } from '../terminal.ts';

const POOL = fileURLToPath(new URL('../../../data/pool.jsonl', import.meta.url));
const ROUNDS = 3;
const CONFIG = `pool: { files: [pool.jsonl] }
quality: { threshold: 2.5 }                        # judge every instruction first
rounds:
  most: ${ROUNDS}
  seed: { count: 40 }
  necessity: { count: 30 }
labels: { perLabelUsd: 0.40 }
budget: { labels: 130, totalUsd: 60.00 }
`;

const EXAMPLES = `
The pool that ships with winnow is selected from, labeled, trained on and judged in three rounds, by the commands a user
would type. It needs no key and no network. The labels come from a script that answers with the pool's own responses.
`;

/** `winnow demo`. */
export function defineDemo(command: Command, terminal: Terminal): void {
  command
    .argument('[folder]', 'where the campaign is kept, a new folder', 'winnow-demo')
    .option('--force', 'replace what an earlier demo left there')
    .option('-v, --verbose', 'show stack traces')
    .addHelpText('after', EXAMPLES)
    .action((folder: string, { force = false }: { readonly force?: boolean }) => demo(folder, force, terminal));
}

async function demo(folder: string, force: boolean, terminal: Terminal): Promise<void> {
  makeFolder(folder, force);
  const responses = knownResponses();
  const say = (text: string) => print(terminal, terminal.stdout, `${text}\n`);
  const winnow = async (...args: readonly string[]) => {
    say(colors.dim(`$ winnow ${args.join(' ')}`));
    say(await run(folder, args, terminal));
  };
  say(`${colors.dim('$ cat winnow.yaml')}\n${CONFIG}`);
  for (let round = 1; round <= ROUNDS; round += 1) {
    await winnow('run', '--yes');
    answer(folder, round, responses);
    say(colors.cyan(`(The simulated annotators answer rounds/${round}/tasks.jsonl into answers.jsonl.)\n`));
    await winnow('import', 'answers.jsonl');
  }
  await winnow('run', '--yes');
  await winnow('status');
  await winnow('report');
  say(`The campaign and its report are in ${folder}: open winnow-report.html there in a browser.`);
}

/** @throws OutputError where the folder exists and is not, or may not be, replaced */
function makeFolder(folder: string, force: boolean): void {
  const config = join(folder, 'winnow.yaml');
  if (existsSync(folder)) {
    const isOurs = existsSync(config) && readFileSync(config, 'utf8') === CONFIG;
    if (!isOurs || !force) {
      throw new OutputError(`The folder "${folder}" exists already.`, {
        hint: isOurs ? sentence`Replace it with ${option('force', true)}, or name another.` : 'Name a new folder.',
        data: { file: folder },
      });
    }
    rmSync(folder, { recursive: true });
  }
  mkdirSync(folder, { recursive: true });
  copyFileSync(POOL, join(folder, 'pool.jsonl'));
  writeFileSync(config, CONFIG);
}

/** What people would answer, by id. */
function knownResponses(): ReadonlyMap<string, string> {
  const records = readLines(POOL) as { id: string; output?: string }[];
  return new Map(records.map(({ id, output }) => [id, output ?? '']));
}

/** Plays the annotators of a round: answers every task with the known response, and rejects what has none. */
function answer(folder: string, round: number, responses: ReadonlyMap<string, string>): void {
  const tasks = readLines(join(folder, 'rounds', String(round), 'tasks.jsonl')) as { id: string }[];
  const answers = tasks.map((task) => {
    const response = responses.get(task.id) ?? '';
    return { ...task, response, verdict: response === '' ? 'reject' : 'accept', annotator: 'simulated' };
  });
  writeFileSync(join(folder, 'answers.jsonl'), answers.map((one) => `${JSON.stringify(one)}\n`).join(''));
}

function readLines(path: string): unknown[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => parseForeignJson(line));
}

/** Runs a command of winnow. @returns what it prints; progress and advice on standard error are left out */
async function run(folder: string, args: readonly string[], terminal: Terminal): Promise<string> {
  const { signals, close } = terminal.listenForInterrupts(() => undefined);
  try {
    const started = spawn(process.execPath, [process.argv[1]!, ...args], {
      ...{ cwd: folder, env: terminal.environment, signal: signals.signal },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [printed, told] = [started.stdout, started.stderr].map(textOf);
    const code = await new Promise<number | null>((resolve, reject) =>
      started.on('error', reject).on('close', resolve),
    );
    if (code === EXIT.done || code === EXIT.stopped) return await printed!;
    throw new WinnowError('DEMO_FAILED', `winnow ${args[0]} failed in the demo:\n${await told!}`);
  } finally {
    close();
  }
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const part of stream) text += String(part);
  return text;
}
