import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export interface CliRun {
  readonly process: ChildProcess;
  /**
   * Waits until standard output or standard error has the text, or the program has ended.
   * @returns standard output so far
   */
  printed(text: string | RegExp): Promise<string>;
  readonly ended: Promise<CliResult>;
}

export interface CliResult {
  /** Exit code, or the signal that ended it. */
  readonly code: number | NodeJS.Signals;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly cwd: string;
  readonly environment?: NodeJS.ProcessEnv;
  readonly input?: string;
}

/** Starts the built program as a user would, with none of this process's keys. */
export function startCli(args: readonly string[], options: CliOptions): CliRun {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: options.cwd,
    env: { PATH: process.env.PATH, HOME: options.cwd, NO_COLOR: '1', ...options.environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  let isOver = false;
  const waiting = new Set<() => void>();
  const wakeAll = () => {
    for (const wake of waiting) wake();
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    wakeAll();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    wakeAll();
  });
  const printed = async (text: string | RegExp) => {
    const has = (output: string) => (typeof text === 'string' ? output.includes(text) : text.test(output));
    while (!isOver && !has(stdout) && !has(stderr)) {
      await new Promise<void>((resolve) => {
        const wake = () => {
          waiting.delete(wake);
          resolve();
        };
        waiting.add(wake);
      });
    }
    return stdout;
  };
  child.stdin.on('error', () => undefined).end(options.input ?? '');
  const ended = new Promise<CliResult>((resolve) => {
    child.on('close', (code, signal) => {
      isOver = true;
      wakeAll();
      resolve({ code: code ?? signal!, stdout, stderr });
    });
  });
  return { process: child, printed, ended };
}

export function runCli(args: readonly string[], options: CliOptions): Promise<CliResult> {
  return startCli(args, options).ended;
}
