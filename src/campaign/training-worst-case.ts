import { ConfigError } from '../domain/errors.ts';
import type { MicroUsd } from '../domain/money.ts';
import type { Trainer, TrainingJob } from '../trainers/trainer.ts';
import type { CampaignContext } from './campaign-context.ts';

/**
 * The most that a training can cost: what its trainer states, or what one of its trainings has cost before where that
 * was more.
 * @throws ConfigError where the trainer states nothing and a cap depends on it
 */
export function trainingWorstCase(
  { state, config }: Pick<CampaignContext, 'state' | 'config'>,
  trainer: Trainer,
  job: Pick<TrainingJob, 'examples'>,
): MicroUsd {
  const stated = trainer.worstCaseMicroUsd(job);
  if (stated === undefined && state.ledger.room().trainingMicroUsd !== undefined) {
    const cap = config.budget.trainingUsd === undefined ? 'budget.totalUsd' : 'budget.trainingUsd';
    throw new ConfigError(
      `${cap} is a limit, but the trainer "${trainer.name}" does not state what a training can cost.`,
      {
        hint: 'Set trainer.worstCaseUsd in winnow.yaml to the most that one training can cost: 0 if it is free.',
      },
    );
  }
  return Math.max(stated ?? 0, state.models.dearestTraining(trainer.name));
}
