import { resolve } from 'node:path';
import type { CampaignContext } from '../campaign/campaign-context.ts';
import { hashFile } from '../records/pool-fingerprint.ts';
import type { Provenance } from './report-data.ts';

/** The files that models are tested with, as they are on the disk now. @throws PoolError for one that cannot be read */
export async function testFiles({ folder, config }: CampaignContext): Promise<Provenance['testFiles']> {
  const hashed = config.labels.heldOutFiles.map(async (path) => {
    const sha256 = await hashFile(resolve(folder, path));
    return sha256 === undefined ? [] : [{ path, sha256 }];
  });
  return (await Promise.all(hashed)).flat();
}
