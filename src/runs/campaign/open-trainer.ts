import type { LabeledExample } from '../../domain/label.ts';
import type { ModelRecord } from '../../domain/round.ts';
import { modelNotServed } from '../../trainers/model-not-served.ts';
import { TRAINERS } from '../../trainers/registry.ts';
import type { SeedModel } from '../../trainers/seed-model.ts';
import type { Trainer } from '../../trainers/trainer.ts';
import type { Workbench } from '../workbench.ts';
import type { CampaignToolsOptions } from './campaign-tools-options.ts';

/** Opens the trainer of winnow.yaml. */
export function openTrainer({
  config,
  folder,
  environment,
  clock,
  fetch,
}: Pick<CampaignToolsOptions, 'config' | 'folder' | 'environment' | 'clock' | 'fetch'>): Promise<Trainer> {
  const { trainer, requests } = config;
  const timeoutMs = requests.timeoutSeconds * 1000;
  return TRAINERS.find(trainer.kind).open(trainer, { folder, environment, timeoutMs, clock, fetch });
}

/**
 * Opens a model that a trainer has made.
 * @param examples what it was trained on, in that order
 * @throws TrainingError where winnow.yaml does not say how to ask it
 */
export function openSeedModel(
  model: ModelRecord,
  examples: readonly LabeledExample[],
  { config, environment }: Pick<CampaignToolsOptions, 'config' | 'environment'>,
  workbench: Workbench,
): Promise<SeedModel> {
  const { trainer, answers } = config;
  const definition = TRAINERS.find(model.trainer);
  // The options of another kind name another server and other prices; they must not be used for this model.
  if (definition.modelNeedsOptions && trainer.kind !== model.trainer) {
    const hint = `Set trainer back to kind ${model.trainer} for now.`;
    throw modelNotServed(model, `trainer.kind is now ${trainer.kind}`, hint);
  }
  return definition.openModel(model, trainer, {
    ...answers,
    examples,
    environment,
    embedder: async () => (await workbench.embedder()).embedder,
    kernel: () => workbench.kernel(),
    asker: (settings) => workbench.askerOf(settings),
  });
}
