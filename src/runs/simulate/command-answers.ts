import { createHash } from 'node:crypto';
import { basename, dirname, join, resolve } from 'node:path';
import { writeTrainingJob } from '../../campaign/write-training-job.ts';
import { TrainingError } from '../../domain/errors.ts';
import type { LabeledExample } from '../../domain/label.ts';
import { option, sentence } from '../../domain/wording.ts';
import { trainingText } from '../../labels/training/registry.ts';
import { commandTrainer } from '../../trainers/command.ts';
import type { SeedModel } from '../../trainers/seed-model.ts';
import { servedModel } from '../../trainers/served-model.ts';
import { SHORT_HASH } from '../open-run.ts';
import type { LabeledInstruction } from './labeled-data.ts';
import { asExample, modelAnswers } from './model-answers.ts';
import type { Simulation } from './open-simulation.ts';
import type { CommandTraining } from './simulate-options.ts';

/** Name and address of a trained model. */
interface Served {
  readonly name: string;
  readonly baseUrl: string | null;
}

/**
 * Trains the user's model on examples, once for each set of them in their order, and has it answer.
 * @returns parallel to the questions; null where one is longer than the model can read
 * @throws TrainingError; BudgetExceededError | ProviderError; or the signal's reason
 */
export async function commandAnswers(
  simulation: Simulation,
  training: CommandTraining,
  {
    examples,
    seed,
    questions,
  }: {
    readonly examples: readonly LabeledInstruction[];
    readonly seed: number;
    readonly questions: readonly LabeledInstruction[];
  },
): Promise<readonly (string | null)[]> {
  const labeled = examples.map(asExample);
  const text = createHash('sha256').update(trainingText(training.format).encode(labeled)).digest('hex');
  const number = simulation.store.numberOf(JSON.stringify(['training', training.command, seed, text]));
  const served = await trainOnce(simulation, training, { number, examples: labeled, seed });
  const model = await openModel(simulation, training, served, number);
  return modelAnswers(model, questions, `training ${number}`, simulation.settings.signal);
}

async function trainOnce(
  { store, settings }: Simulation,
  training: CommandTraining,
  { number, examples, seed }: { number: number; examples: readonly LabeledExample[]; seed: number },
): Promise<Served> {
  const known = store.models.models().find(({ round }) => round === number);
  if (known) return known;
  const { signal, abandon, onNote, environment, clock } = settings;
  const trainer = commandTrainer({
    ...training,
    workingFolder: resolve('.'),
    environment,
    clock,
  });
  const key = `training ${number} try ${store.trainings.currentTry(number)}`;
  const worstCaseMicroUsd = Math.max(training.worstCaseMicroUsd, store.models.dearestTraining(trainer.name));
  store.expenses.reserve([{ account: 'training', key, subject: `training ${number}`, worstCaseMicroUsd, labels: 0 }]);
  const job = await writeTrainingJob({
    round: number,
    key: `simulation-${folderName(training, seed, examples)}-r${number}`,
    seed,
    examples,
    heldOut: [],
    format: training.format,
    folder: join(trainingsFolder(store.path), folderName(training, seed, examples)),
  });
  const memory = {
    load: () => store.models.trainingNotes(number),
    save: (notes: Parameters<typeof store.models.saveTrainingNotes>[1]) =>
      store.models.saveTrainingNotes(number, notes),
  };
  try {
    const { details, ...trained } = await trainer.train(job, memory, { signal, abandon, onNote });
    const model = { round: number, trainer: trainer.name, ...trained };
    store.transaction(() => {
      store.models.saveModel(model, details);
      store.expenses.settle(key, { costMicroUsd: trained.costMicroUsd, labels: 0 });
    });
    return model;
  } catch (error) {
    if (!(error instanceof TrainingError)) throw error;
    const { message, costMicroUsd } = error;
    store.trainings.fail(number, message, () => store.expenses.settle(key, { costMicroUsd, labels: 0 }));
    throw error;
  }
}

/** Named by what is trained on: what ran there for other examples is never taken for this training. */
function folderName({ command, format }: CommandTraining, seed: number, examples: readonly LabeledExample[]): string {
  const material = JSON.stringify([command, format, seed, examples]);
  return createHash('sha256').update(material).digest('hex').slice(0, SHORT_HASH);
}

function trainingsFolder(state: string): string {
  if (state === ':memory:') return resolve('.winnow', 'simulate-trainings');
  return resolve(dirname(state), `${basename(state, '.db')}-trainings`);
}

async function openModel(
  { workbench }: Simulation,
  training: CommandTraining,
  { name, baseUrl: printed }: Served,
  number: number,
): Promise<SeedModel> {
  const baseUrl = printed ?? training.baseUrl;
  if (baseUrl === undefined) {
    throw new TrainingError(`The model ${name} cannot be asked: its address is not known.`, {
      hint: sentence`Set ${option('trainer.baseUrl')}, or have the training command print "baseUrl".`,
    });
  }
  const { price, contextTokens, apiKey, maxOutputTokens, temperature } = training;
  const keySource = 'WINNOW_MODEL_API_KEY';
  const asker = await workbench.askerOf({
    ...{ provider: 'compatible', model: name, baseUrl, price, contextTokens, apiKey, keySource },
  });
  return servedModel({ asker, round: number, maxOutputTokens, temperature });
}
