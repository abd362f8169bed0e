import { access, constants } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { TrainingError } from '../domain/errors.ts';

/** What ends a plain command, or makes a word of it something else. */
const SHELL_SIGNS = /[$`"'\\(){}[\]*?<>|&;~#]/;
const ASSIGNMENT = /^\w+=/;
const SCRIPT = /\.(?:py|sh|bash|js|mjs|cjs|ts|rb|pl|R)$/;
/** Words that the shell itself knows. */
const OF_THE_SHELL: ReadonlySet<string> = new Set([
  'cd',
  'exec',
  'export',
  'if',
  'for',
  'while',
  'set',
  'test',
  'true',
  'eval',
  '.',
]);

export interface CommandPlace {
  readonly workingFolder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Looks whether the program of a shell command is there and may be run, and whether the scripts that it names are there.
 * Runs nothing.
 * @returns what was found, as text
 * @throws TrainingError
 */
export async function lookForCommand(command: string, place: CommandPlace): Promise<string> {
  const words = command.trim().split(/\s+/);
  const first = words.findIndex((word) => !ASSIGNMENT.test(word));
  const program = words[first];
  if (program === undefined || SHELL_SIGNS.test(program) || OF_THE_SHELL.has(program)) {
    return 'is a line for the shell: its program is not looked for';
  }
  const path = await pathOf(program, place);
  const scripts = words.slice(first + 1).filter((word) => SCRIPT.test(word) && !SHELL_SIGNS.test(word));
  for (const script of scripts) {
    if (await isThere(resolve(place.workingFolder, script), constants.R_OK)) continue;
    throw new TrainingError(`There is no readable file ${script} in ${place.workingFolder}.`, { hint: HINT });
  }
  return `finds ${[path, ...scripts].join(' and ')}`;
}

const HINT = 'Correct trainer.command. Relative paths start at the folder of winnow.yaml.';

async function pathOf(program: string, { workingFolder, environment }: CommandPlace): Promise<string> {
  if (program.includes('/')) {
    const path = resolve(workingFolder, program);
    if (await isThere(path, constants.X_OK)) return path;
    const isFile = await isThere(path, constants.F_OK);
    throw new TrainingError(isFile ? `${path} may not be executed.` : `There is no ${path}.`, {
      hint: isFile ? `Run chmod +x on it, or name its interpreter in trainer.command.` : HINT,
    });
  }
  for (const folder of (environment.PATH ?? '').split(delimiter)) {
    const path = join(folder === '' ? workingFolder : resolve(workingFolder, folder), program);
    if (await isThere(path, constants.X_OK)) return path;
  }
  throw new TrainingError(`No program "${program}" is in PATH.`, { hint: `Install it. ${HINT}` });
}

async function isThere(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}
