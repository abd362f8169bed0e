import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/domain/clock.ts';
import { attemptFiles, readAttempt, startAttempt } from '../../src/trainers/command-attempt.ts';
import { until } from '../support/until.ts';
import { type CommandLab, commandLabs, endIfAlive, isRunning, NAMES_MODEL } from './command-lab.ts';

const openLab = commandLabs();
const script = fileURLToPath(new URL('train-by-command.ts', import.meta.url));
/** Counts its runs, and goes on until it is told to end or a file appears. */
const WAITS = `echo $$ >> runs; until [ -e go-on ]; do sleep 0.02; done; ${NAMES_MODEL}`;
const goOn = (lab: CommandLab) => writeFileSync(`${lab.folder}/go-on`, '');
const hasRun = (lab: CommandLab) => until(() => lab.lines('runs').length > 0, 'the command to run');

/** Trains in a process of its own; resolves when that has started. */
async function trainElsewhere(lab: CommandLab, command: string) {
  const arguments_ = ['--import', 'tsx', script, lab.folder, command];
  const child = spawn(process.execPath, arguments_, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return {
    kill: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

describe('a training by a command', () => {
  it('continues when winnow is killed, and is found again', async () => {
    const lab = openLab();
    const winnow = await trainElsewhere(lab, WAITS);
    await hasRun(lab);
    await winnow.kill();
    const trained = lab.open(WAITS).train(lab.job, lab.memory);
    expect(isRunning(Number(lab.lines('runs')[0]))).toBe(true);
    goOn(lab);
    await expect(trained).resolves.toMatchObject({ name: 'seed-r2', details: { attempt: 1 } });
    expect(lab.lines('runs')).toHaveLength(1);
  });

  it('that ended while winnow was not running is not started again', async () => {
    const lab = openLab();
    const winnow = await trainElsewhere(lab, WAITS);
    await hasRun(lab);
    await winnow.kill();
    goOn(lab);
    await until(() => existsSync(lab.attempt(1, 'exit')), 'the command to end');
    const first = await lab.open(WAITS).train(lab.job, lab.memory);
    await expect(lab.open(WAITS).train(lab.job, lab.memory)).resolves.toEqual(first);
    expect(lab.lines('runs')).toHaveLength(1);
  });

  it.each([0, 2, 5, 10, 20, 40])('runs once, even if winnow is killed %d ms after the start', async (ms) => {
    const lab = openLab();
    const winnow = await trainElsewhere(lab, WAITS);
    await wait(ms);
    await winnow.kill();
    const trained = lab.open(WAITS).train(lab.job, lab.memory);
    await hasRun(lab);
    goOn(lab);
    await expect(trained).resolves.toMatchObject({ name: 'seed-r2', details: { attempt: 1 } });
    expect(lab.lines('runs')).toHaveLength(1);
  });

  it('runs once, even if several start it at the same time', async () => {
    const lab = openLab();
    const files = attemptFiles(lab.job.folder, 1);
    const run = {
      command: WAITS,
      workingFolder: lab.folder,
      environment: { PATH: process.env.PATH },
      clock: systemClock,
    };
    await Promise.all(Array.from({ length: 8 }, () => startAttempt(files, run)));
    await hasRun(lab);
    await wait(100);
    expect(lab.lines('runs')).toHaveLength(1);
    await expect(readAttempt(files)).resolves.toMatchObject({ kind: 'running' });
  });

  it('is started again in another folder if it was killed while winnow was not running', async () => {
    const lab = openLab();
    const winnow = await trainElsewhere(lab, WAITS);
    await hasRun(lab);
    await winnow.kill();
    endIfAlive(-lab.group(1));
    await until(() => !isRunning(lab.group(1)), 'the group to end');
    goOn(lab);
    const notes: string[] = [];
    const trained = lab.open(WAITS).train(lab.job, lab.memory, { onNote: (note) => notes.push(note) });
    await expect(trained).resolves.toMatchObject({ details: { attempt: 2 } });
    expect(notes[0]).toBe('attempt 1 of the training was killed from outside; attempt 2 begins');
    expect(lab.lines('runs')).toHaveLength(2);
  });

  it('never runs next to what a killed supervisor left running', async () => {
    const lab = openLab();
    const winnow = await trainElsewhere(lab, WAITS);
    await hasRun(lab);
    await winnow.kill();
    process.kill(lab.group(1), 'SIGKILL');
    await until(() => !isRunning(lab.group(1)), 'the group to end');
    const [left] = lab.lines('runs').map(Number);
    expect(isRunning(left!)).toBe(true);
    const trained = lab.open(WAITS).train(lab.job, lab.memory);
    await until(() => lab.lines('runs').length === 2, 'the second run');
    expect(isRunning(left!)).toBe(false);
    goOn(lab);
    await expect(trained).resolves.toMatchObject({ details: { attempt: 2 } });
  });

  it('that is killed while winnow waits is a failure', async () => {
    const lab = openLab();
    const trained = lab.open(WAITS).train(lab.job, lab.memory);
    await hasRun(lab);
    endIfAlive(-lab.group(1));
    await expect(trained).rejects.toThrow('The training command was killed from outside. It wrote nothing.');
    goOn(lab);
    await expect(lab.open(WAITS).train(lab.job, lab.memory)).resolves.toMatchObject({ details: { attempt: 2 } });
  });

  it('that is asked to end still reports its exit code', async () => {
    const lab = openLab();
    const trained = lab.open(WAITS).train(lab.job, lab.memory);
    await hasRun(lab);
    process.kill(-lab.group(1), 'SIGTERM');
    await expect(trained).rejects.toThrow('ended with exit code 143');
  });

  it.each([
    ['is distinguished by its start time from a later process with the same id', `${process.pid}\nanother-boot 1\n`],
    ['does not count as running if the start time is unknown', `${process.pid}\n\n`],
  ])('%s, which is left alone', async (_, claim) => {
    const lab = openLab();
    goOn(lab);
    await lab.open(WAITS).train(lab.job, lab.memory);
    writeFileSync(lab.attempt(1, 'claim'), claim);
    rmSync(lab.attempt(1, 'exit'));
    await expect(lab.open(WAITS).train(lab.job, lab.memory)).resolves.toMatchObject({ details: { attempt: 2 } });
    // The afterEach must not end us.
    writeFileSync(lab.attempt(1, 'claim'), '999999999\n');
  });

  it('whose exit code was lost in a power failure is started again', async () => {
    const lab = openLab();
    goOn(lab);
    await lab.open(WAITS).train(lab.job, lab.memory);
    await until(() => !isRunning(lab.group(1)), 'the group to end');
    writeFileSync(lab.attempt(1, 'exit'), '');
    await expect(lab.open(WAITS).train(lab.job, lab.memory)).resolves.toMatchObject({ details: { attempt: 2 } });
  });

  it('continues when winnow is told to stop, and says so', async () => {
    const lab = openLab();
    const stop = new AbortController();
    const notes: string[] = [];
    const left = lab
      .open(WAITS)
      .train(lab.job, lab.memory, { signal: stop.signal, onNote: (note) => notes.push(note) });
    await hasRun(lab);
    stop.abort(new Error('leaving'));
    await expect(left).rejects.toThrow('leaving');
    expect(notes).toEqual([
      `attempt 1 of the training has begun; its log is ${lab.attempt(1, 'stderr.log')}`,
      'the training goes on; run the same command again to wait for it',
    ]);
    goOn(lab);
    await expect(lab.open(WAITS).train(lab.job, lab.memory)).resolves.toMatchObject({ details: { attempt: 1 } });
    expect(lab.lines('runs')).toHaveLength(1);
  });

  it('ends when it is abandoned, and the next run starts again', async () => {
    const lab = openLab();
    const stop = new AbortController();
    const abandoned = lab.open(WAITS).train(lab.job, lab.memory, { abandon: stop.signal });
    await hasRun(lab);
    stop.abort(new Error('enough'));
    await expect(abandoned).rejects.toThrow('enough');
    expect(isRunning(Number(lab.lines('runs')[0]))).toBe(false);
    goOn(lab);
    await expect(lab.open(WAITS).train(lab.job, lab.memory)).resolves.toMatchObject({ details: { attempt: 2 } });
  });

  it.each([
    ['ends when it is asked to', WAITS],
    ['is killed when it does not end', `trap '' TERM; ${WAITS}`],
    ['is killed with children that do not end', `sh -c 'trap "" TERM; echo $$ >> runs; sleep 50; :' & ${WAITS}`],
  ])('that takes too long %s', async (_, command) => {
    const lab = openLab();
    let lateMs = 0;
    const clock = { ...systemClock, elapsed: () => systemClock.elapsed() + lateMs };
    const notes: string[] = [];
    const trained = lab
      .open(`echo learning; ${command}`, { clock })
      .train(lab.job, lab.memory, { onNote: (note) => notes.push(note) });
    await until(() => lab.lines('runs').length === command.split('>> runs').length - 1, 'every run');
    // From then on the time is taken: what passed before would not count.
    await until(() => notes.length > 0, 'the training to have begun');
    lateMs = 60_000;
    await expect(trained).rejects.toMatchObject({
      code: 'TRAINING_FAILED',
      message: expect.stringMatching(/was ended after 1 min, its time limit[\s\S]*learning/),
      hint: expect.stringContaining('timeLimitMinutes'),
    });
    expect(isRunning(lab.group(1))).toBe(false);
    for (const pid of lab.lines('runs')) expect(isRunning(Number(pid))).toBe(false);
    expect(lab.memory.load()).toMatchObject({ attempt: 2 });
  });

  it('has its time limit from its start, across restarts of winnow', async () => {
    const lab = openLab();
    const stop = new AbortController();
    const left = lab.open(WAITS).train(lab.job, lab.memory, { signal: stop.signal });
    await hasRun(lab);
    stop.abort(new Error('leaving'));
    await expect(left).rejects.toThrow('leaving');
    const later = { ...systemClock, now: () => systemClock.now() + 61_000 };
    await expect(lab.open(WAITS, { clock: later }).train(lab.job, lab.memory)).rejects.toThrow('its time limit');
  });

  it('may start a server, which keeps running', async () => {
    const lab = openLab();
    await lab.open(`sleep 60 & echo $! > server; ${NAMES_MODEL}`).train(lab.job, lab.memory);
    const server = Number(lab.lines('server')[0]);
    expect(isRunning(server)).toBe(true);
    await lab.open('exit 1').train(lab.job, lab.memory);
    expect(isRunning(server)).toBe(true);
    endIfAlive(server);
  });

  it('reports its minutes', async () => {
    const lab = openLab();
    const notes: string[] = [];
    let now = 0;
    const clock = { ...systemClock, elapsed: () => (now += 20_000) };
    const trainer = lab.open(WAITS, { clock, timeLimitMinutes: 100 });
    const onNote = (note: string) => {
      notes.push(note);
      if (note.endsWith('2 min')) goOn(lab);
    };
    await trainer.train(lab.job, lab.memory, { onNote });
    expect(notes.slice(1, 3)).toEqual([1, 2].map((n) => `attempt 1 of the training: running, ${n} min`));
  });
});
