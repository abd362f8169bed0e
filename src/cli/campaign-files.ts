import { join, resolve } from 'node:path';
import type { CampaignConfig } from '../campaign/config/campaign-config.ts';
import { CONFIG_FILE } from '../campaign/config/load-config.ts';
import { STATE_FILE } from '../runs/campaign/open-context.ts';

/** The files a campaign reads and its state file. No output may overwrite them. */
export function campaignFiles({ folder, config }: { folder: string; config: CampaignConfig }): string[] {
  const names = [CONFIG_FILE, ...config.pool.files, ...config.labels.heldOutFiles];
  return [...names.map((name) => resolve(folder, name)), join(folder, STATE_FILE)];
}
