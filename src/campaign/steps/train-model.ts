import { resolve } from 'node:path';
import { TrainingError } from '../../domain/errors.ts';
import { command, sentence } from '../../domain/wording.ts';
import type { TrainedModel, Trainer, TrainingJob } from '../../trainers/trainer.ts';
import type { CampaignContext } from '../campaign-context.ts';
import { formatOf } from '../config/trainer-config.ts';
import { trainingExpenseKey, trainingSubject } from '../expense-names.ts';
import { FREE_STEP, type PreparedStep, pauseAfter, type StepOutcome } from '../step-outcome.ts';
import { examplesOf, type StoredSplit, splitLabels } from '../training-split.ts';
import { trainingWorstCase } from '../training-worst-case.ts';
import { writeTrainingJob } from '../write-training-job.ts';

export interface TrainDetails {
  readonly trainer: string;
  readonly model: string;
  readonly baseUrl: string | null;
  /** Trained on, and kept apart. */
  readonly examples: number;
  readonly heldOut: number;
}

/** Trains the seed model on all labels so far except the held-out ones. Each training is paid for once. */
export async function prepareTrain(context: CampaignContext, round: number): Promise<PreparedStep<TrainDetails>> {
  const { state, tools } = context;
  const trainer = await tools.trainer();
  const split = startedSplit(context, round) ?? (await splitLabels(context));
  // What is set aside already needs no further room.
  const isPaidFor = state.ledger.expenses.isOpen(expenseKey(context, round));
  return {
    ...FREE_STEP,
    step: 'train',
    round,
    trainingMicroUsd: isPaidFor ? 0 : trainingWorstCase(context, trainer, { examples: split.train }),
    run: () => train(context, round, split, trainer),
  };
}

async function train(
  context: CampaignContext,
  round: number,
  split: StoredSplit,
  trainer: Trainer,
): Promise<StepOutcome<TrainDetails>> {
  const { state, signal, abandon, onNote } = context;
  if (split.train.length === 0) {
    throw new TrainingError(`Round ${round} has no label to train on.`, {
      hint: sentence`Import labels (${command('import')}), or lower labels.heldOutShare.`,
    });
  }
  const key = expenseKey(context, round);
  try {
    begin(context, round, split, trainer);
    const job = await writeJob(context, round, split);
    const memory = {
      load: () => state.models.trainingNotes(round),
      save: (notes: Parameters<typeof state.models.saveTrainingNotes>[1]) =>
        state.models.saveTrainingNotes(round, notes),
    };
    const trained = await trainer.train(job, memory, { signal, abandon, onNote });
    return {
      done: true,
      details: saveModel(context, { round, split, trained, trainer: trainer.name, key }),
      notes: [],
    };
  } catch (error) {
    if (!(error instanceof TrainingError)) return pauseAfter(error, signal);
    // The next try is another expense.
    const { message, costMicroUsd } = error;
    state.trainings.fail(round, message, () => state.ledger.expenses.settle(key, { costMicroUsd, labels: 0 }));
    throw error;
  }
}

/** Sets the worst case aside, and keeps what is trained on: labels that come meanwhile are for the next round. */
function begin(context: CampaignContext, round: number, split: StoredSplit, trainer: Trainer): void {
  const { state } = context;
  if (state.trainings.started(round)) return;
  const worstCaseMicroUsd = trainingWorstCase(context, trainer, { examples: split.train });
  const ids = (examples: StoredSplit['train']) => examples.map(({ annotationId }) => annotationId);
  state.trainings.start(round, { train: ids(split.train), heldOut: ids(split.heldOut) }, () =>
    state.ledger.expenses.reserve([
      {
        account: 'training',
        key: expenseKey(context, round),
        subject: trainingSubject(round),
        worstCaseMicroUsd,
        labels: 0,
      },
    ]),
  );
}

/** The labels of the try that is open; undefined before it starts. */
function startedSplit(context: CampaignContext, round: number): StoredSplit | undefined {
  const started = context.state.trainings.started(round);
  if (started === undefined) return undefined;
  return { train: examplesOf(context, started.train), heldOut: examplesOf(context, started.heldOut) };
}

function saveModel(
  { state }: CampaignContext,
  done: { round: number; split: StoredSplit; trained: TrainedModel; trainer: string; key: string },
): TrainDetails {
  const { round, split, trainer, key } = done;
  const { name, baseUrl, costMicroUsd, details } = done.trained;
  const step: TrainDetails = {
    trainer,
    model: name,
    baseUrl,
    examples: split.train.length,
    heldOut: split.heldOut.length,
  };
  state.rounds.finishStep(round, 'train', { ...step }, () => {
    state.models.saveModel({ round, trainer, name, baseUrl, costMicroUsd }, details);
    state.labels.saveTrainingExamples(round, split.train);
    state.ledger.expenses.settle(key, { costMicroUsd, labels: 0 });
  });
  return step;
}

function expenseKey({ state }: CampaignContext, round: number): string {
  return trainingExpenseKey(round, state.trainings.currentTry(round));
}

function writeJob({ folder, config, state }: CampaignContext, round: number, split: StoredSplit): Promise<TrainingJob> {
  const { trainer, seed } = config;
  return writeTrainingJob({
    round,
    key: `${state.key}-r${round}`,
    seed,
    examples: split.train,
    heldOut: split.heldOut,
    format: formatOf(trainer),
    folder: resolve(folder, 'rounds', String(round), 'training'),
  });
}
