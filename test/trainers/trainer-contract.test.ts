import { describe, expect, it } from 'vitest';
import { type TrainerExpectations, trainerContract } from '../../src/testing/trainer-contract.ts';
import { TestMemory, trainingJob } from '../../src/testing/training-job.ts';
import { nearestNeighbourTrainer } from '../../src/trainers/nearest-neighbour.ts';
import { openAiFineTuningTrainer } from '../../src/trainers/openai-fine-tuning.ts';
import { retrievalTrainer } from '../../src/trainers/retrieval/retrieval-model.ts';
import type { Trainer } from '../../src/trainers/trainer.ts';
import { startFineTuningServer } from '../support/fine-tuning-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { commandLabs } from './command-lab.ts';

const temporary = temporaryFolder();
const openLab = commandLabs();

type Open = TrainerExpectations['open'];

const free =
  (trainer: Trainer): Open =>
  async () => ({ trainer, folder: temporary.path, trainings: () => undefined });

const command: Open = async (failures) => {
  const lab = openLab();
  const trainer = lab.open(
    `echo run >> runs; [ $(wc -l < runs) -gt ${failures} ] || exit 1; echo "{\\"model\\": \\"seed-r$WINNOW_ROUND\\"}"`,
  );
  return { trainer, folder: lab.folder, trainings: () => lab.lines('runs').length };
};

const openAi: Open = async (failures) => {
  const fates = Array.from({ length: failures }, () => ({ statuses: ['running', 'failed'] }));
  const server = await startFineTuningServer({ jobs: [...fates, { statuses: ['queued', 'running', 'succeeded'] }] });
  const trainer = openAiFineTuningTrainer({
    model: 'gpt-4o-mini',
    apiKey: 'sk-x',
    baseUrl: `${server.url}/v1`,
    epochs: 3,
    // Cheap enough for what the server says it trained to be below the worst case of a few examples.
    trainingPrice: 1,
    clock: new VirtualClock().runByItself(),
  });
  return { trainer, folder: temporary.path, trainings: () => server.jobs.length, close: server.close };
};

trainerContract('retrieval', { open: free(retrievalTrainer), canFail: false });
trainerContract('nearest-neighbour', { open: free(nearestNeighbourTrainer), canFail: false });
trainerContract('command', { open: command });
trainerContract('openai', { open: openAi, namesDiffer: false });

describe.each([retrievalTrainer, nearestNeighbourTrainer])('the $name trainer', (trainer) => {
  it('needs an example', async () => {
    const job = { ...trainingJob(temporary.path), examples: [] };
    await expect(trainer.train(job, new TestMemory())).rejects.toMatchObject({
      code: 'TRAINING_FAILED',
      message: 'There is no labeled example to answer with.',
    });
  });
});
