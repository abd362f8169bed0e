import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { Trainer } from '../trainers/trainer.ts';
import { Killed, TestMemory, trainingJob } from './training-job.ts';

export interface OpenTrainer {
  readonly trainer: Trainer;
  /** The folder for the jobs of a test. */
  readonly folder: string;
  /** How many trainings were started; undefined if they cannot be counted. */
  trainings(): number | undefined;
  /** Stops what serves the trainer. */
  close?(): Promise<void>;
}

export interface TrainerExpectations {
  /** Opens the trainer for one test, without earlier trainings. @param failures how many of the first trainings fail */
  open(failures: number): Promise<OpenTrainer>;
  /** Whether a training can fail, so that `open` can make it. Default: true. */
  readonly canFail?: boolean;
  /** Whether the models of two rounds have different names. Default: true. */
  readonly namesDiffer?: boolean;
}

/** The tests that every trainer must pass, as a vitest suite. @param name the trainer's */
export function trainerContract(name: string, expectations: TrainerExpectations): void {
  const { canFail = true, namesDiffer = true } = expectations;
  const opened: OpenTrainer[] = [];
  const open = async (failures = 0) => {
    const one = await expectations.open(failures);
    opened.push(one);
    return one;
  };
  const closeAll = async () => {
    for (const one of opened.splice(0)) await one.close?.();
  };

  describe(`the trainer ${name}`, () => {
    afterEach(closeAll);

    it('has its name', async () => {
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
      if (namesDiffer) expect(models[0]!.name).not.toBe(models[1]!.name);
    });

    it('costs whole micro-dollars, and knows the worst case before', async () => {
      const { trainer, folder } = await open();
      const job = trainingJob(folder, { count: 40 });
      const worstCase = trainer.worstCaseMicroUsd(job);
      const { costMicroUsd } = await trainer.train(job, new TestMemory());
      for (const cost of [worstCase ?? 0, costMicroUsd]) expect(Number.isSafeInteger(cost) && cost >= 0).toBe(true);
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

  describe.runIf(canFail)(`the trainer ${name}, when training fails`, () => {
    afterEach(closeAll);

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
}
