import { existsSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { commandLabs, NAMES_MODEL, SECRET } from './command-lab.ts';

const openLab = commandLabs();

describe('commandTrainer', () => {
  it('passes the command its files, a folder, the round, the seed, the key and the other variables', async () => {
    const lab = openLab();
    const environment = { PATH: process.env.PATH, HOME: '/home/ann' };
    vi.stubEnv('SECRET_OF_WINNOW', SECRET);
    onTestFinished(() => void vi.unstubAllEnvs());
    await lab.open(`env > env.txt; ${NAMES_MODEL}`, { environment }).train(lab.job, lab.memory);
    const output = lab.attempt(1, 'output');
    const seen = lab.lines('env.txt').filter((line) => !/^(?:PWD|OLDPWD|SHLVL|_)=/.test(line));
    expect(seen.toSorted()).toEqual(
      [
        'HOME=/home/ann',
        `PATH=${process.env.PATH}`,
        `WINNOW_HELD_OUT_FILE=${lab.job.heldOutFile}`,
        'WINNOW_JOB=campaign-r2',
        `WINNOW_OUTPUT_FOLDER=${output}`,
        'WINNOW_ROUND=2',
        'WINNOW_SEED=7',
        `WINNOW_TRAINING_FILE=${lab.job.trainingFile}`,
      ].toSorted(),
    );
    expect(readdirSync(output)).toEqual([]);
    expect(statSync(output).mode & 0o777).toBe(0o700);
  });

  it('returns what the command reports about the model', async () => {
    const lab = openLab();
    const said = '{"model": "seed-r1", "baseUrl": "http://localhost:8000/v1", "costUsd": 0.30000000000000004}';
    const trained = await lab.open(`echo '${said}'`).train(lab.job, lab.memory);
    expect(trained).toEqual({
      name: 'seed-r1',
      baseUrl: 'http://localhost:8000/v1',
      costMicroUsd: 300_000,
      details: { attempt: 1, seconds: expect.any(Number), output: lab.attempt(1, 'output') },
    });
  });

  it.each([
    ['', 2_000_000],
    [', "costUsd": null, "baseUrl": null', 2_000_000],
    [', "costUsd": 0', 0],
    [', "costUsd": 0.0000001', 1],
    [', "costUsd": "1.25"', 1_250_000],
  ])('takes the most it can cost for what it cost, unless it says so: %s', async (said, costMicroUsd) => {
    const lab = openLab();
    const trainer = lab.open(`echo '{"model": "m"${said}}'`);
    expect(trainer.worstCaseMicroUsd({ examples: [] })).toBe(2_000_000);
    await expect(trainer.train(lab.job, lab.memory)).resolves.toMatchObject({ costMicroUsd, baseUrl: null });
  });

  it.each([
    [
      'other output before and after',
      `echo loading; ${NAMES_MODEL}; echo bye; echo '[1]'; echo '{not json}'; echo '42'`,
    ],
    ['an earlier line of JSON', `echo '{"loss": 0.5, "model": "wrong"}'; ${NAMES_MODEL}`],
    ['colours', String.raw`printf '\033[32m{"model": "seed-r2"}\033[0m\n'`],
    ['a progress bar on its line', String.raw`printf ' 50%%|##  |\r100%%|####|\r{"model": "seed-r2"}\r\n'`],
    ['no newline at its end', `printf '{"model": "seed-r2"}'`],
    ['JSON on standard error after it', `${NAMES_MODEL}; echo '{"model": "wrong"}' >&2`],
    ['bytes that are no text', String.raw`printf '\377\376\000\n'; ${NAMES_MODEL}`],
  ])('finds the name in spite of %s', async (_, command) => {
    const lab = openLab();
    await expect(lab.open(command).train(lab.job, lab.memory)).resolves.toMatchObject({ name: 'seed-r2' });
  });

  it.each([
    ['nothing', 'true', 'did not name the model it made'],
    ['no JSON', 'echo done', 'did not name the model it made'],
    ['no name', `echo '{"path": "out"}'`, 'model must name the model'],
    ['an empty name', `echo '{"model": ""}'`, 'model must name the model'],
    ['an address that is none', `echo '{"model": "m", "baseUrl": "localhost"}'`, 'baseUrl must be a web address'],
    ['a password', `echo '{"model": "m", "baseUrl": "http://me:pw@host/v1"}'`, 'baseUrl must hold no user name'],
    ['a cost below nothing', `echo '{"model": "m", "costUsd": -1}'`, 'costUsd'],
    ['a cost that is no amount', `echo '{"model": "m", "costUsd": "a lot"}'`, 'costUsd must be an amount of dollars'],
  ])('says what it expected of a command that says %s', async (_, command, said) => {
    const lab = openLab();
    await expect(lab.open(command).train(lab.job, lab.memory)).rejects.toMatchObject({
      code: 'TRAINING_FAILED',
      message: expect.stringMatching(
        new RegExp(`ended well but .*${said}[\\s\\S]*xpected|${said}[\\s\\S]*as the last line of JSON`),
      ),
      costMicroUsd: 2_000_000,
    });
  });

  it('shows the exit code and the last lines of a command that failed, and keeps its logs', async () => {
    const lab = openLab();
    const command = String.raw`
      for line in 1 2 3 4 5 6 7; do echo "step $line"; done
      printf '\033[31mCUDA \a\001out of memory\033[0m\342\200\256\n' >&2
      exit 3`;
    await expect(lab.open(command).train(lab.job, lab.memory)).rejects.toMatchObject({
      code: 'TRAINING_FAILED',
      message: [
        'The training command ended with exit code 3. The end of its standard error:',
        '  CUDA out of memory',
        'The end of its standard output:',
        ...[3, 4, 5, 6, 7].map((line) => `  step ${line}`),
      ].join('\n'),
      hint: `Its logs are in ${lab.attempt(1, '').replace(/\/$/, '')}. Run the same command again to retry.`,
      costMicroUsd: 2_000_000,
    });
    expect(readFileSync(lab.attempt(1, 'stdout.log'), 'utf8')).toContain('step 1\n');
    expect(readFileSync(lab.attempt(1, 'stderr.log'), 'utf8')).toContain('\u001b[31mCUDA');
  });

  it.each([
    ['no-such-program --train', 127, 'the shell could not run it'],
    ['kill -9 $$', 137, 'too much memory'],
    ['exit 3', 3, 'Its logs are in'],
  ])('has a hint for %s', async (command, exitCode, hint) => {
    const lab = openLab();
    await expect(lab.open(command).train(lab.job, lab.memory)).rejects.toMatchObject({
      message: expect.stringContaining(`exit code ${exitCode}.`),
      hint: expect.stringContaining(hint),
    });
  });

  it('reports that a failed command wrote nothing', async () => {
    const lab = openLab();
    await expect(lab.open('exit 1').train(lab.job, lab.memory)).rejects.toThrow('It wrote nothing.');
  });

  it('hides its key even if the command prints it', async () => {
    const lab = openLab();
    const environment = {
      PATH: process.env.PATH,
      HF_TOKEN: 'hf_0123456789',
      OPENAI_API_KEY: 'sk-abcdefgh',
      MODE: 'verbose mode',
    };
    const trainer = lab.open('echo "using $HF_TOKEN and $OPENAI_API_KEY in $MODE" >&2; exit 1', { environment });
    const error = (await trainer.train(lab.job, lab.memory).catch((thrown: unknown) => thrown)) as Error;
    expect(error.message).toContain('using … and … in verbose mode');
    expect(`${error.message}${error.stack}`).not.toMatch(/hf_0|sk-a/);
  });

  it('shortens long lines', async () => {
    const lab = openLab();
    const trainer = lab.open(`head -c 100000 /dev/zero | tr '\\0' x >&2; exit 1`);
    const error = (await trainer.train(lab.job, lab.memory).catch((thrown: unknown) => thrown)) as Error;
    expect(error.message).toMatch(/x{300}…$/);
    expect(error.message.length).toBeLessThan(500);
  });

  it('starts again in a new folder after a failure', async () => {
    const lab = openLab();
    const trainer = lab.open(`echo try >> tries; [ $(wc -l < tries) -ge 3 ] || exit 1; ${NAMES_MODEL}`);
    await expect(trainer.train(lab.job, lab.memory)).rejects.toMatchObject({ code: 'TRAINING_FAILED' });
    await expect(trainer.train(lab.job, lab.memory)).rejects.toMatchObject({ code: 'TRAINING_FAILED' });
    await expect(trainer.train(lab.job, lab.memory)).resolves.toMatchObject({ details: { attempt: 3 } });
    expect(lab.lines('tries')).toHaveLength(3);
    expect(readdirSync(lab.job.folder).filter((name) => name.startsWith('attempt'))).toHaveLength(3);
  });

  it('reads no more than the end of a log of gigabytes', async () => {
    const lab = openLab();
    await lab.open(NAMES_MODEL).train(lab.job, lab.memory);
    const log = lab.attempt(1, 'stdout.log');
    // A hole takes no room on the disk; read whole, it would not fit.
    truncateSync(log, 3 * 2 ** 30);
    writeFileSync(log, '\n{"model": "after-the-hole"}\n', { flag: 'a' });
    await expect(lab.open('').train(lab.job, lab.memory)).resolves.toMatchObject({ name: 'after-the-hole' });
  });

  it.each([
    ['a working folder that is not there', { workingFolder: '/no/such/folder' }],
    ['a working folder that is a file', { workingFolder: '/dev/null' }],
    ['a working folder that can be none', { workingFolder: '/no\0such' }],
  ])('says that it cannot start in %s, and starts later', async (_, changes) => {
    const lab = openLab();
    await expect(lab.open(NAMES_MODEL, changes).train(lab.job, lab.memory)).rejects.toMatchObject({
      code: 'TRAINING_FAILED',
      message: expect.stringContaining(`cannot be started in ${changes.workingFolder}`),
    });
    await expect(lab.open(NAMES_MODEL).train(lab.job, lab.memory)).resolves.toMatchObject({ name: 'seed-r2' });
    expect(existsSync(lab.attempt(2, ''))).toBe(false);
  });

  it('starts nothing if the signal was aborted before', async () => {
    const lab = openLab();
    const signal = AbortSignal.abort(new Error('leaving'));
    await expect(lab.open(`echo run >> runs; ${NAMES_MODEL}`).train(lab.job, lab.memory, { signal })).rejects.toThrow(
      'leaving',
    );
    expect(lab.memory.load()).toBeUndefined();
    expect(existsSync(lab.attempt(1, ''))).toBe(false);
  });
});
