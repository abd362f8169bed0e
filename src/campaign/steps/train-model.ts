import { resolve } from 'node:path';
import { TrainingError } from '../../domain/errors.ts';
import type { MicroUsd } from '../../domain/money.ts';
import type { TrainedModel, Trainer, TrainingJob } from '../../trainers/trainer.ts';
import type { CampaignContext } from '../campaign-context.ts';
import { trainingSubject } from '../expense-names.ts';
import { pausedBy } from '../paused.ts';
import { FREE_STEP, type PreparedStep, type StepOutcome } from '../step-outcome.ts';
import { examplesOf, type StoredSplit, splitLabels } from '../training-split.ts';
import { writeTrainingJob } from '../write-training-job.ts';

export interface TrainDetails {
  readonly trainer: string;
  readonly model: string;
  readonly baseUrl: string | null;
  /** Trained on, and kept apart. */
  readonly examples: number;
  readonly heldOut: number;
}

/** Trains the seed model on all labels so far but the held-out ones; each training that is begun is paid for once. */
export async function prepareTrain(context: CampaignContext, round: number): Promise<PreparedStep<TrainDetails>> {
  const { state, tools } = context;
  const trainer = await tools.trainer();
  const split = begunSplit(context, round) ?? (await splitLabels(context));
  // What is set aside already needs no further room.
  const isPaidFor = state.ledger.expenses.isOpen(expenseKey(context, round));
  return {
    ...FREE_STEP,
    step: 'train',
    round,
    trainingMicroUsd: isPaidFor ? 0 : trainer.worstCaseMicroUsd({ examples: split.train }),
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
      hint: 'Import labels (winnow import), or lower labels.heldOutShare.',
    });
  }
  const key = expenseKey(context, round);
  try {
    begin(context, round, split, trainer.worstCaseMicroUsd({ examples: split.train }));
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
    if (!(error instanceof TrainingError)) return pausedBy(error, signal);
    // The next try is another expense.
    const { message, costMicroUsd } = error;
    state.rounds.finishStep(round, failedTryName(failedTries(context, round) + 1), { message }, () =>
      state.ledger.expenses.settle(key, { costMicroUsd, labels: 0 }),
    );
    throw error;
  }
}

/** Sets the worst case aside, and keeps what is trained on: labels that come meanwhile are for the next round. */
function begin(context: CampaignContext, round: number, split: StoredSplit, worstCaseMicroUsd: MicroUsd): void {
  const { state } = context;
  if (begunSplit(context, round)) return;
  const ids = (examples: StoredSplit['train']) => examples.map(({ annotationId }) => annotationId);
  const kept: BegunTraining = { train: ids(split.train), heldOut: ids(split.heldOut) };
  state.rounds.finishStep(round, begunTryName(failedTries(context, round) + 1), { ...kept }, () =>
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

/** Ids of annotations. */
interface BegunTraining {
  readonly train: readonly number[];
  readonly heldOut: readonly number[];
}

/** What the try that is under way trains on; undefined before it is begun. */
function begunSplit(context: CampaignContext, round: number): StoredSplit | undefined {
  const begun = context.state.rounds.step(round, begunTryName(failedTries(context, round) + 1));
  if (begun === undefined) return undefined;
  const { train: trained, heldOut } = begun as unknown as BegunTraining;
  return { train: examplesOf(context, trained), heldOut: examplesOf(context, heldOut) };
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

/** How often a training of this round has failed. */
function failedTries({ state }: CampaignContext, round: number): number {
  let tries = 0;
  while (state.rounds.step(round, failedTryName(tries + 1)) !== undefined) tries += 1;
  return tries;
}

function expenseKey(context: CampaignContext, round: number): string {
  return `training r${round} try ${failedTries(context, round) + 1}`;
}

function begunTryName(number: number): string {
  return `begun-training-${number}`;
}

function failedTryName(number: number): string {
  return `failed-training-${number}`;
}

function writeJob({ folder, config, state }: CampaignContext, round: number, split: StoredSplit): Promise<TrainingJob> {
  const { trainer, seed } = config;
  return writeTrainingJob({
    round,
    key: `${state.key}-r${round}`,
    seed,
    examples: split.train,
    heldOut: split.heldOut,
    format: trainer.kind === 'command' ? trainer.format : trainer.kind === 'openai' ? 'openai' : 'alpaca',
    folder: resolve(folder, 'rounds', String(round), 'training'),
  });
}
