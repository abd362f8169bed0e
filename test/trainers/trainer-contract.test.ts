import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { nearestNeighbourTrainer } from '../../src/trainers/nearest-neighbour.ts';
import { openAiFineTuningTrainer } from '../../src/trainers/openai-fine-tuning.ts';
import type { Trainer } from '../../src/trainers/trainer.ts';
import { startFineTuningServer } from '../support/fine-tuning-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { commandLabs } from './command-lab.ts';
import { Killed, TestMemory, trainingJob } from './training-lab.ts';

interface OpenTrainer {
  readonly trainer: Trainer;
  /** The folder that jobs are put into. */
  readonly folder: string;
  /** How many trainings were started; undefined if they cannot be counted. */
  trainings(): number | undefined;
}

const temporary = temporaryFolder();
const openLab = commandLabs();
const closing: (() => Promise<void>)[] = [];

/** @param failures how many of the first trainings fail */
type Open = (failures?: number) => Promise<OpenTrainer>;

const nearestNeighbour: Open = async () => ({
  trainer: nearestNeighbourTrainer,
  folder: temporary.path,
  trainings: () => undefined,
});

const command: Open = async (failures = 0) => {
  const lab = openLab();
  const trainer = lab.open(
    `echo run >> runs; [ $(wc -l < runs) -gt ${failures} ] || exit 1; echo "{\\"model\\": \\"seed-r$WINNOW_ROUND\\"}"`,
  );
  return { trainer, folder: lab.folder, trainings: () => lab.lines('runs').length };
};

const openAi: Open = async (failures = 0) => {
  const fates = Array.from({ length: failures }, () => ({ statuses: ['running', 'failed'] }));
  const server = await startFineTuningServer({ jobs: [...fates, { statuses: ['queued', 'running', 'succeeded'] }] });
  closing.push(() => server.close());
  const trainer = openAiFineTuningTrainer({
    model: 'gpt-4o-mini',
    apiKey: 'sk-x',
    baseUrl: `${server.url}/v1`,
    epochs: 3,
    // Cheap enough for what the server says it trained to be below the worst case of a few examples.
    trainingPrice: 1,
    clock: new VirtualClock().runByItself(),
  });
  return { trainer, folder: temporary.path, trainings: () => server.jobs.length };
};

describe.each([
  ['nearest-neighbour', nearestNeighbour],
  ['command', command],
  ['openai', openAi],
])('the %s trainer', (name, open) => {
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  it('is named as in winnow.yaml', async () => {
    expect((await open()).trainer.name).toBe(name);
  });

  it('trains a job once, and then always returns the same model', async () => {
    const { trainer, folder, trainings } = await open();
    const job = trainingJob(folder);
    const memory = new TestMemory();
    const first = await trainer.train(job, memory);
    expect(first.name).not.toBe('');
    await expect(trainer.train(job, memory)).resolves.toEqual(first);
    expect(trainings() ?? 1).toBe(1);
  });

  it('trains another job separately', async () => {
    const { trainer, folder, trainings } = await open();
    const models = [];
    for (const round of [1, 2]) models.push(await trainer.train(trainingJob(folder, { round }), new TestMemory()));
    expect(trainings() ?? 2).toBe(2);
    if (name !== 'openai') expect(models[0]!.name).not.toBe(models[1]!.name);
  });

  it('costs whole micro-dollars, and knows the worst case before', async () => {
    const { trainer, folder } = await open();
    const job = trainingJob(folder, { count: 40 });
    const worstCase = trainer.worstCaseMicroUsd(job);
    const { costMicroUsd } = await trainer.train(job, new TestMemory());
    for (const cost of [worstCase, costMicroUsd]) expect(Number.isSafeInteger(cost) && cost >= 0).toBe(true);
  });

  it('does not change its training data', async () => {
    const { trainer, folder } = await open();
    const job = trainingJob(folder);
    const before = structuredClone(job);
    const files = [job.trainingFile, job.heldOutFile].map((path) => readFileSync(path, 'utf8'));
    await trainer.train(job, new TestMemory());
    expect(job).toEqual(before);
    expect([job.trainingFile, job.heldOutFile].map((path) => readFileSync(path, 'utf8'))).toEqual(files);
  });

  it.each(['before', 'after'] as const)(
    'continues after being killed %s any of its saves, and trains once',
    async (when) => {
      const whole = await open();
      const counting = new TestMemory();
      const uninterrupted = await whole.trainer.train(trainingJob(whole.folder, { round: 3 }), counting);
      for (let fatal = 1; fatal <= counting.saves; fatal += 1) {
        const { trainer, folder, trainings } = await open();
        const job = trainingJob(folder, { round: 3 });
        const memory = new TestMemory();
        memory.kill = (save) => (save === fatal ? when : undefined);
        await expect(trainer.train(job, memory)).rejects.toThrow(Killed);
        const { name: model, costMicroUsd } = await trainer.train(job, memory);
        expect({ model, costMicroUsd }).toEqual({
          model: uninterrupted.name,
          costMicroUsd: uninterrupted.costMicroUsd,
        });
        expect(trainings() ?? 1).toBe(1);
      }
    },
  );

  it('is not misled by the notes of another trainer', async () => {
    const { trainer, folder } = await open();
    const memory = new TestMemory();
    memory.save({ trainer: 'another', attempt: 5, jobId: 'ftjob-of-another' });
    const { details } = await trainer.train(trainingJob(folder), memory);
    expect(details.attempt ?? 1).toBe(1);
  });

  it('starts nothing if the signal was aborted before', async () => {
    const { trainer, folder, trainings } = await open();
    const signal = AbortSignal.abort(new Error('leaving'));
    await expect(trainer.train(trainingJob(folder), new TestMemory(), { signal })).rejects.toThrow('leaving');
    expect(trainings() ?? 0).toBe(0);
  });
});

describe.each([
  ['command', command],
  ['openai', openAi],
])('the %s trainer, when training fails', (_, open) => {
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  it('fails, and starts again when it is called again', async () => {
    const { trainer, folder, trainings } = await open(2);
    const job = trainingJob(folder);
    const memory = new TestMemory();
    for (const failure of [1, 2]) {
      await expect(trainer.train(job, memory)).rejects.toMatchObject({ code: 'TRAINING_FAILED' });
      expect(trainings()).toBe(failure);
    }
    const trained = await trainer.train(job, memory);
    await expect(trainer.train(job, memory)).resolves.toEqual(trained);
    expect(trainings()).toBe(3);
  });

  it('fails again if it was killed before it saved the failure, and then starts again', async () => {
    const { trainer, folder, trainings } = await open(1);
    const job = trainingJob(folder);
    const memory = new TestMemory();
    let kills = 1;
    memory.kill = (_, { attempt }) => (attempt === 2 && kills-- > 0 ? 'before' : undefined);
    await expect(trainer.train(job, memory)).rejects.toThrow(Killed);
    await expect(trainer.train(job, memory)).rejects.toMatchObject({ code: 'TRAINING_FAILED' });
    expect(trainings()).toBe(1);
    await expect(trainer.train(job, memory)).resolves.toMatchObject({ costMicroUsd: expect.any(Number) });
    expect(trainings()).toBe(2);
  });
});

describe('the nearest-neighbour trainer', () => {
  it('needs an example', async () => {
    const job = { ...trainingJob(temporary.path), examples: [] };
    await expect(nearestNeighbourTrainer.train(job, new TestMemory())).rejects.toMatchObject({
      code: 'TRAINING_FAILED',
      message: 'There is no labeled example to answer with.',
    });
  });
});
