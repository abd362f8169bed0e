import { existsSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { CampaignConfig } from '../campaign/config/campaign-config.ts';
import { CONFIG_FILE, STATE_FILE } from '../campaign/config/load-config.ts';
import { UsageError } from '../domain/errors.ts';

/** @throws UsageError when the output is a file the run reads or keeps its state in */
export function refuseToOverwrite(
  flag: string,
  output: string | undefined,
  inputs: readonly (string | undefined)[],
): void {
  if (output === undefined || !existsSync(output)) return;
  const target = realpathSync(output);
  const same = inputs.find((input) => input !== undefined && existsSync(input) && realpathSync(input) === target);
  if (same !== undefined) throw new UsageError(`${flag} ${output} would overwrite ${same}.`, 'Name another file.');
}

/** The files a campaign reads and its state file. No output may overwrite them. */
export function campaignFiles({ folder, config }: { folder: string; config: CampaignConfig }): string[] {
  const poolFiles = config.pool.files.map((file) => (typeof file === 'string' ? file : file.path));
  const names = [CONFIG_FILE, ...poolFiles, ...config.labels.heldOutFiles];
  return [...names.map((name) => resolve(folder, name)), join(folder, STATE_FILE)];
}
