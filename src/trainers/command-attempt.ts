import { spawn } from 'node:child_process';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../domain/clock.ts';
import { TrainingError } from '../domain/errors.ts';
import { PRIVATE_FOLDER } from '../domain/file-permissions.ts';
import { type GroupLeader, IDENTIFY_PROCESS, isAlive, PROC } from './process-group.ts';

/** What is written of one run of the training command. */
export interface AttemptFiles {
  readonly folder: string;
  /** For the command to put its model into. */
  readonly output: string;
  readonly stdout: string;
  readonly stderr: string;
  /** Who runs it: there from the moment it runs. */
  readonly claim: string;
  /** The exit code: there from the moment it ended. */
  readonly exit: string;
}

export interface CommandRun {
  readonly command: string;
  readonly workingFolder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
}

export type AttemptState =
  | { readonly kind: 'new' }
  | { readonly kind: 'running'; readonly leader: GroupLeader }
  | { readonly kind: 'ended'; readonly exitCode: number; readonly seconds: number }
  /** Killed from outside, or the machine stopped: how it ended is not recorded. */
  | { readonly kind: 'died'; readonly leader: GroupLeader };

/**
 * Runs a command so that at most one runs in the folder ($1), even if winnow is killed. The claim appears
 * whole or not at all, and of two that try, one gets it. The exit code appears whole too. A signal
 * to the group ends the command, not the one who writes down how it ended.
 */
const SUPERVISE = `
trap : HUP INT TERM
${IDENTIFY_PROCESS}
{ echo "$$"; identify "$$" "$3"; } >"$1/claim.$$"
ln "$1/claim.$$" "$1/claim" 2>"$1/claim-error" || { rm -f "$1/claim.$$"; exit 1; }
rm -f "$1/claim.$$" "$1/claim-error"
sh -c "$2" >"$1/stdout.log" 2>"$1/stderr.log"
echo "$?" >"$1/exit.part" && mv "$1/exit.part" "$1/exit"
`;

const CLAIM_POLL_MS = 10;

export function attemptFiles(jobFolder: string, number: number): AttemptFiles {
  const folder = join(jobFolder, `attempt-${number}`);
  const file = (name: string) => join(folder, name);
  return {
    folder,
    output: file('output'),
    stdout: file('stdout.log'),
    stderr: file('stderr.log'),
    claim: file('claim'),
    exit: file('exit'),
  };
}

export async function readAttempt(files: AttemptFiles): Promise<AttemptState> {
  const claim = await readIfThere(files.claim);
  if (claim === undefined) return { kind: 'new' };
  const [pid, identity = ''] = claim.split('\n');
  const leader = { pid: Number(pid), identity };
  // Asked before the exit code is read: it may end in between.
  const alive = await isAlive(leader);
  const exitCode = (await readIfThere(files.exit))?.trim();
  if (exitCode !== undefined && /^\d+$/.test(exitCode)) {
    const [began, ended] = await Promise.all([stat(files.claim), stat(files.exit)]);
    const seconds = Math.max(0, Math.round((ended.mtimeMs - began.mtimeMs) / 1_000));
    return { kind: 'ended', exitCode: Number(exitCode), seconds };
  }
  return alive ? { kind: 'running', leader } : { kind: 'died', leader };
}

/**
 * Starts the command in a session of its own, which goes on when we end. Returns as soon as it runs,
 * be it that one started by an earlier process got there first.
 * @throws TrainingError when it cannot be started
 */
export async function startAttempt(files: AttemptFiles, run: CommandRun): Promise<void> {
  await mkdir(files.output, { recursive: true, mode: PRIVATE_FOLDER });
  const end = supervise(files, run);
  while ((await readIfThere(files.claim)) === undefined) {
    if (end.why !== undefined && (await readIfThere(files.claim)) === undefined) {
      const why =
        end.why || (await readIfThere(join(files.folder, 'claim-error')))?.trim() || 'its shell ended at once';
      throw new TrainingError(`The training command cannot be started in ${run.workingFolder}: ${why}.`, {
        hint: `It needs a POSIX shell (/bin/sh), that folder, and hard links in ${files.folder}.`,
      });
    }
    await run.clock.sleep(CLAIM_POLL_MS);
  }
}

/** @returns why it is no longer there, as soon as it is not; empty where it just ended */
function supervise(
  files: AttemptFiles,
  { command, workingFolder, environment }: CommandRun,
): { readonly why?: string } {
  const end: { why?: string } = {};
  try {
    const child = spawn('/bin/sh', ['-c', SUPERVISE, 'winnow-training', files.folder, command, PROC], {
      cwd: workingFolder,
      env: environment,
      detached: true,
      stdio: 'ignore',
    });
    child.once('error', ({ message }) => {
      end.why = message;
    });
    child.once('exit', () => {
      end.why ??= '';
    });
    child.unref();
  } catch (error) {
    // Some failures it throws, others it tells.
    end.why = (error as Error).message;
  }
  return end;
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
