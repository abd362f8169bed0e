import { systemClock } from '../../src/domain/clock.ts';
import { trainingJob } from '../../src/testing/training-job.ts';
import { commandTrainer } from '../../src/trainers/command.ts';
import { FileMemory } from './file-memory.ts';

/** Trains in the folder named on the command line, by the command that follows; made to be killed. */
const [folder, command] = process.argv.slice(2) as [string, string];
const trainer = commandTrainer({
  command,
  workingFolder: folder,
  environment: { PATH: process.env.PATH },
  timeLimitMinutes: 1,
  worstCaseMicroUsd: 0,
  clock: systemClock,
  pollEveryMs: 20,
});
process.stdout.write('begin\n');
await trainer.train(trainingJob(folder), new FileMemory(`${folder}/memory.json`));
