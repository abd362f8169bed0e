import { type Campaign, openCampaign } from '../campaign/campaign.ts';
import type { CampaignFlags } from './commands/campaign-options.ts';
import { asCampaignError } from './config-terms.ts';
import { safeLine } from './output/safe-text.ts';
import type { Terminal } from './terminal.ts';
import { withProgress } from './with-progress.ts';

const LONGEST_NOTE = 240;

/**
 * Opens the campaign for this process alone, with a progress display, notes on standard error and the two-stage Ctrl-C,
 * and closes it again.
 */
export async function withCampaign<T>(
  terminal: Terminal,
  { folder }: Pick<CampaignFlags, 'folder'>,
  use: (campaign: Campaign, stopProgress: () => void, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  try {
    return await withProgress(terminal, async (running, stopProgress) => {
      const campaign = await openCampaign(folder, {
        ...running,
        environment: terminal.environment,
        cacheFolder: terminal.environment.WINNOW_CACHE_DIR,
        onNote: (note) => {
          stopProgress();
          terminal.stderr.write(`${safeLine(note, LONGEST_NOTE)}\n`);
        },
      });
      try {
        return await use(campaign, stopProgress, running.signal);
      } finally {
        await campaign.close();
      }
    });
  } catch (error) {
    throw asCampaignError(error);
  }
}
