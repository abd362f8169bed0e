import { commandTrainer } from '../../trainers/command.ts';
import { nearestNeighbourTrainer } from '../../trainers/nearest-neighbour.ts';
import type { Trainer } from '../../trainers/trainer.ts';
import type { CampaignToolsOptions } from './campaign-tools-options.ts';

/** Opens what trains the seed model, by winnow.yaml. */
export async function openTrainer({
  config,
  folder,
  environment,
  clock,
  fetch,
}: Pick<CampaignToolsOptions, 'config' | 'folder' | 'environment' | 'clock' | 'fetch'>): Promise<Trainer> {
  const { trainer, requests } = config;
  if (trainer.kind === 'nearest-neighbour') return nearestNeighbourTrainer;
  if (trainer.kind === 'command') {
    return commandTrainer({
      command: trainer.command,
      workingFolder: folder,
      environment,
      timeLimitMinutes: trainer.timeLimitMinutes,
      worstCaseMicroUsd: trainer.costUsd,
      clock,
    });
  }
  // Its SDK takes a moment to load.
  const { openAiFineTuningTrainer } = await import('../../trainers/openai-fine-tuning.ts');
  return openAiFineTuningTrainer({
    model: trainer.model,
    apiKey: environment.OPENAI_API_KEY,
    baseUrl: trainer.baseUrl,
    epochs: trainer.epochs,
    trainingPrice: trainer.trainingPrice,
    timeoutMs: requests.timeoutSeconds * 1000,
    clock,
    fetch,
  });
}
