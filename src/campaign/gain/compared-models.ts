import { resolve } from 'node:path';
import { TrainingError } from '../../domain/errors.ts';
import type { MicroUsd } from '../../domain/money.ts';
import type { ComparedArm } from '../../store/comparison-store.ts';
import type { Trainer } from '../../trainers/trainer.ts';
import type { CampaignContext } from '../campaign-context.ts';
import { formatOf } from '../config/trainer-config.ts';
import { comparedTrainingKey, comparedTrainingSubject } from '../expense-names.ts';
import { examplesOf, type StoredExample } from '../training-split.ts';
import { trainingWorstCase } from '../training-worst-case.ts';
import { writeTrainingJob } from '../write-training-job.ts';

/** The labels of the two models that a round compares. */
export type ArmLabels = Readonly<Record<ComparedArm, readonly StoredExample[]>>;

/** A model that was trained to be compared. */
interface ComparedModel {
  readonly trainer: string;
  readonly name: string;
  readonly baseUrl: string | null;
  readonly costMicroUsd: MicroUsd;
}

/** The most that is still to be paid for the trainings of a comparison. */
export async function comparedTrainingsWorstCase(
  context: CampaignContext,
  round: number,
  labels: ArmLabels,
): Promise<MicroUsd> {
  const trainer = await context.tools.trainer();
  return ARMS.filter((arm) => {
    const { attempt, model } = context.state.comparisons.training(round, arm);
    return model === undefined && !context.state.ledger.expenses.isOpen(comparedTrainingKey(round, arm, attempt));
  }).reduce((sum, arm) => sum + trainingWorstCase(context, trainer, { examples: labels[arm] }), 0);
}

export const ARMS: readonly ComparedArm[] = ['selected', 'random'];

/**
 * Trains a model of a comparison, or goes on with a training that was started. It is paid for once, from the budget for
 * training.
 * @returns the model, with the labels it was trained on
 * @throws TrainingError when the training failed: the next call begins a new try
 */
export async function comparedModel(
  context: CampaignContext,
  round: number,
  arm: ComparedArm,
  labels: readonly StoredExample[],
): Promise<{ readonly model: ComparedModel; readonly examples: readonly StoredExample[] }> {
  const { state, tools, signal, abandon, onNote } = context;
  const before = state.comparisons.training(round, arm);
  const examples = before.labels === undefined ? labels : examplesOf(context, before.labels);
  if (before.model !== undefined) return { model: before.model, examples };
  const trainer = await tools.trainer();
  const key = comparedTrainingKey(round, arm, before.attempt);
  if (before.labels === undefined) begin(context, { round, arm, key, examples, trainer });
  const job = await writeTrainingJob({
    round,
    key: `${state.key}-r${round}-${arm}`,
    seed: context.config.seed,
    examples,
    heldOut: [],
    format: formatOf(context.config.trainer),
    folder: resolve(context.folder, 'rounds', String(round), `training-${arm}`),
  });
  const memory = {
    load: () => state.comparisons.training(round, arm).notes,
    save: (notes: Parameters<typeof state.comparisons.note>[2]) => state.comparisons.note(round, arm, notes),
  };
  try {
    const { name, baseUrl, costMicroUsd } = await trainer.train(job, memory, { signal, abandon, onNote });
    const model = { trainer: trainer.name, name, baseUrl, costMicroUsd };
    state.comparisons.finish(round, arm, model, () => state.ledger.expenses.settle(key, { costMicroUsd, labels: 0 }));
    return { model, examples };
  } catch (error) {
    if (!(error instanceof TrainingError)) throw error;
    const { message, costMicroUsd } = error;
    state.comparisons.fail(round, arm, message, () => state.ledger.expenses.settle(key, { costMicroUsd, labels: 0 }));
    throw new TrainingError(`The model of ${arm} labels, which is trained for comparison only, failed: ${message}`, {
      costMicroUsd,
      cause: error,
      hint: 'Run the same command to try again, or set control.train: false.',
    });
  }
}

function begin(
  context: CampaignContext,
  given: { round: number; arm: ComparedArm; key: string; examples: readonly StoredExample[]; trainer: Trainer },
): void {
  const { round, arm, key, examples, trainer } = given;
  const { state } = context;
  const worstCaseMicroUsd = trainingWorstCase(context, trainer, { examples });
  const ids = examples.map(({ annotationId }) => annotationId);
  state.comparisons.start(round, arm, ids, () =>
    state.ledger.expenses.reserve([
      { account: 'training', key, subject: comparedTrainingSubject(round, arm), worstCaseMicroUsd, labels: 0 },
    ]),
  );
}
