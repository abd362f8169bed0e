import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { systemClock } from '../../src/domain/clock.ts';
import { trainingJob } from '../../src/testing/training-job.ts';
import { type CommandTrainerOptions, commandTrainer } from '../../src/trainers/command.ts';
import type { TrainingJob } from '../../src/trainers/trainer.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { FileMemory } from './file-memory.ts';

export const NAMES_MODEL = `echo '{"model": "seed-r2"}'`;
export const SECRET = 'sk-not-for-commands';

export interface CommandLab {
  readonly folder: string;
  readonly job: TrainingJob;
  readonly memory: FileMemory;
  open(command: string, changes?: Partial<CommandTrainerOptions>): ReturnType<typeof commandTrainer>;
  /** The lines that commands wrote to a file in the lab's folder; none where it is not there. */
  lines(name: string): string[];
  /** A path in the folder of an attempt. */
  attempt(number: number, name: string): string;
  /** The group that runs an attempt. */
  group(number: number): number;
}

/** A place for trainings by real shells. What is still running after a test is ended. */
export function commandLabs(): () => CommandLab {
  const temporary = temporaryFolder();
  const labs: CommandLab[] = [];
  afterEach(() => {
    for (const lab of labs.splice(0)) {
      for (let number = 1; existsSync(lab.attempt(number, 'claim')); number += 1) endIfAlive(-lab.group(number));
    }
  });
  return () => {
    // Shells trip over such names, if anything does.
    const folder = temporary.file(`it's $HOME "lab" ${labs.length} ${performance.now()}`);
    mkdirSync(folder);
    const job = trainingJob(folder);
    const attempt = (number: number, name: string) => join(job.folder, `attempt-${number}`, name);
    const lab: CommandLab = {
      folder,
      job,
      memory: new FileMemory(join(folder, 'memory.json')),
      open: (command, changes = {}) =>
        commandTrainer({
          command,
          workingFolder: folder,
          environment: { PATH: process.env.PATH },
          timeLimitMinutes: 1,
          worstCaseMicroUsd: 2_000_000,
          clock: systemClock,
          pollEveryMs: 20,
          graceMs: 300,
          ...changes,
        }),
      lines: (name) => {
        const path = join(folder, name);
        return existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : [];
      },
      attempt,
      group: (number) => Number(readFileSync(attempt(number, 'claim'), 'utf8').split('\n')[0]),
    };
    labs.push(lab);
    return lab;
  };
}

/** @param pid negative: the group */
export function endIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

/** Whether there is such a process; one that ended but was not waited for does not count. */
export function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
