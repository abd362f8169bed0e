import type { Command } from 'commander';

/** What every command of a campaign takes. */
export interface CampaignFlags {
  readonly folder: string;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

/** Adds it. */
export function addCampaignOptions(command: Command): Command {
  return command
    .option('-C, --folder <folder>', 'the folder of the campaign', '.')
    .option('--json', 'print the result as one JSON document on standard output')
    .option('-v, --verbose', 'show stack traces');
}
