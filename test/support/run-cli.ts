import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { longestWaitMs, until } from './until.ts';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** A run of the program does several things. */
const longestRunMs = () => 2 * longestWaitMs();

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
    // The test fails with what was printed instead of hanging.
    ...{ timeout: longestRunMs(), killSignal: 'SIGKILL' },
  });
  let stdout = '';
  let stderr = '';
  let isOver = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const printed = async (text: string | RegExp) => {
    const has = (output: string) => (typeof text === 'string' ? output.includes(text) : text.test(output));
    await until(
      () => isOver || has(stdout) || has(stderr),
      () => `${text} in what was printed:\n${stdout}${stderr}`,
    );
    return stdout;
  };
  child.stdin.on('error', () => undefined).end(options.input ?? '');
  const ended = new Promise<CliResult>((resolve) => {
    child.on('close', (code, signal) => {
      isOver = true;
      resolve({ code: code ?? signal!, stdout, stderr });
    });
  });
  return { process: child, printed, ended };
}

export function runCli(args: readonly string[], options: CliOptions): Promise<CliResult> {
  return startCli(args, options).ended;
}
