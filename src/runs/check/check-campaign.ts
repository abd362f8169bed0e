import { resolve } from 'node:path';
import envPaths from 'env-paths';
import { budgetCaps } from '../../campaign/budget-room.ts';
import { loadConfig, STATE_FILE } from '../../campaign/config/load-config.ts';
import type { Clock } from '../../domain/clock.ts';
import { viewCampaignState } from '../../store/campaign-state.ts';
import { WINNOW_VERSION } from '../../version.ts';
import { workbenchSettings } from '../campaign/campaign-workbench.ts';
import { campaignTrials } from './campaign-trials.ts';
import { type CheckOptions, type ChecksDone, checkModels } from './check-models.ts';

export interface CampaignCheckOptions extends Pick<CheckOptions, 'confirm'> {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cacheFolder?: string | undefined;
  readonly clock: Clock;
}

/**
 * Tries what the winnow.yaml of a folder needs. The campaign's state is only read.
 * @throws ConfigError, StateError
 */
export async function checkCampaign(
  folder: string,
  { confirm, environment, clock, cacheFolder = envPaths('winnow', { suffix: '' }).cache }: CampaignCheckOptions,
): Promise<ChecksDone> {
  const { config } = await loadConfig(folder);
  const absolute = resolve(folder);
  const caps = budgetCaps(config);
  const state = viewCampaignState(resolve(absolute, STATE_FILE), { clock, caps, version: WINNOW_VERSION });
  try {
    const options = { config, state, folder: absolute, environment, cacheFolder, clock };
    return await checkModels(workbenchSettings(options), {
      ...{ embeds: true, confirm },
      more: (workbench) => campaignTrials(options, workbench),
    });
  } finally {
    state.close();
  }
}
