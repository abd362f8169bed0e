import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Command } from 'commander';
import { UsageError } from '../domain/errors.ts';
import { type Campaign, openCampaign, viewCampaign } from '../runs/campaign/campaign.ts';
import { asCampaignError } from './spelling.ts';
import type { Terminal } from './terminal.ts';
import { withProgress } from './with-progress.ts';

/**
 * Opens the campaign for this process alone, with a progress display, notes on standard error and the two-stage Ctrl-C,
 * and closes it again.
 */
export async function withCampaign<T>(
  terminal: Terminal,
  { folder, batch, wait }: Pick<CampaignFlags, 'folder' | 'batch' | 'wait'>,
  use: (campaign: Campaign, stopProgress: () => void, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  checkFolder(folder);
  try {
    return await withProgress(terminal, async (running, stopProgress) => {
      const campaign = await openCampaign(folder, {
        ...running,
        environment: terminal.environment,
        cacheFolder: terminal.environment.WINNOW_CACHE_DIR,
        ...{ batch, wait },
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

/** What can be read while another command runs. */
export type CampaignView = Awaited<ReturnType<typeof viewCampaign>>;

/** Opens the campaign to look at it, and closes it again. */
export async function withCampaignView<T>(
  terminal: Terminal,
  { folder }: Pick<CampaignFlags, 'folder'>,
  use: (campaign: CampaignView) => Promise<T>,
): Promise<T> {
  checkFolder(folder);
  const { environment } = terminal;
  try {
    const campaign = await viewCampaign(folder, { environment, cacheFolder: environment.WINNOW_CACHE_DIR });
    try {
      return await use(campaign);
    } finally {
      await campaign.close();
    }
  } catch (error) {
    throw asCampaignError(error);
  }
}

/** @throws UsageError for a file such as winnow.yaml: a campaign is named by its folder */
export function checkFolder(folder: string): void {
  if (!statSync(folder, { throwIfNoEntry: false })?.isFile()) return;
  throw new UsageError(`${folder} is a file.`, `Name its folder instead: -C ${dirname(folder)}`);
}

/** What every command of a campaign takes. */
export interface CampaignFlags {
  readonly folder: string;
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly batch?: boolean;
  readonly wait?: boolean;
}

/** Adds it. */
export function addCampaignOptions(command: Command): Command {
  return command
    .option('-C, --folder <folder>', 'the folder of the campaign', '.')
    .option('--json', 'print the result as one JSON document on standard output')
    .option('-v, --verbose', 'show stack traces');
}
