import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

import { inTime, until } from '../support/until.ts';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const SCRIPT = '/usr/bin/script';

/** Without `script` there is no terminal to test on. */
export const HAS_TERMINAL = existsSync(SCRIPT);
if (!HAS_TERMINAL) process.stdout.write('Tests on a terminal are skipped: there is no /usr/bin/script.\n');

export interface Typed {
  /** Waited for on the screen, after what was waited for before. */
  readonly at: string;
  readonly keys: string;
}

/**
 * Runs the program on a pseudo-terminal of 80 columns and types when it asks.
 * @returns the screen without escape sequences, and raw
 */
export async function onTerminal(
  args: readonly string[],
  dialog: readonly Typed[],
  { cwd, environment = {} }: { cwd: string; environment?: NodeJS.ProcessEnv },
): Promise<{ code: number; screen: string; raw: string }> {
  const quoted = [process.execPath, MAIN, ...args].map((word) => `'${word}'`).join(' ');
  const child = spawn(SCRIPT, ['-qefc', `stty cols 80 rows 40; ${quoted}`, '/dev/null'], {
    cwd,
    env: { PATH: process.env.PATH, HOME: cwd, TERM: 'xterm', ...environment },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let screen = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text;
  });
  let hasEnded = false;
  const ended = new Promise<number>((resolve) =>
    child.on('close', (code) => {
      hasEnded = true;
      resolve(code ?? -1);
    }),
  );
  let seen = 0;
  for (const { at, keys } of dialog) {
    const shown = () => stripVTControlCharacters(screen).indexOf(at, seen);
    const text = () => `"${at}" on the screen:\n${stripVTControlCharacters(screen).slice(seen)}`;
    await until(() => shown() >= 0 || hasEnded, text);
    if (shown() < 0) throw new Error(`The program ended without ${text()}`);
    seen = shown() + at.length;
    child.stdin.write(keys);
  }
  const code = await inTime(ended, () => `the program to end:\n${stripVTControlCharacters(screen)}`);
  return { code, screen: stripVTControlCharacters(screen), raw: screen };
}
