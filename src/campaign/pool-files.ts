import { resolve } from 'node:path';
import { embeddingText } from '../domain/instruction.ts';
import { hashFile } from '../records/pool-fingerprint.ts';
import type { CampaignContext } from './campaign-context.ts';

/** A configured pool file as it is now. */
interface PendingFile {
  /** As configured. */
  readonly path: string;
  /** Undefined where there is no such file. */
  readonly contentHash: string | undefined;
}

/**
 * The configured files that are new or have changed since they were added, including those that never existed. A file
 * that was added and is gone now is not pending: its instructions stay in the campaign.
 */
export async function pendingPoolFiles({ folder, config, state }: CampaignContext): Promise<PendingFile[]> {
  const known = new Map(state.items.files().map((file) => [file.path, file.contentHash]));
  const pending: PendingFile[] = [];
  for (const path of config.pool.files) {
    const contentHash = await hashFile(resolve(folder, path));
    const isMissed = contentHash === undefined && !known.has(path);
    if (isMissed || (contentHash !== undefined && contentHash !== known.get(path))) pending.push({ path, contentHash });
  }
  return pending;
}

/** The cost of vectors that are still missing, for the pool and the texts models are tested with; null if none are. */
export async function unpaidVectors(context: CampaignContext) {
  const texts = [...context.instructions(), ...(await context.testExamples())].map(embeddingText);
  const { unpaid } = await context.tools.embedder();
  return texts.length === 0 ? null : unpaid(texts);
}
