import { join, resolve } from 'node:path';
import { STATE_FILE } from '../campaign/open-context.ts';
import type { CampaignConfig } from '../config/campaign-config.ts';
import { CONFIG_FILE } from '../config/load-config.ts';

/** What a campaign reads and keeps its state in: no output may take their place. */
export function campaignFiles({ folder, config }: { folder: string; config: CampaignConfig }): string[] {
  const names = [CONFIG_FILE, ...config.pool.files, ...config.labels.heldOutFiles];
  return [...names.map((name) => resolve(folder, name)), join(folder, STATE_FILE)];
}
