import { resolve } from 'node:path';
import { embeddingText } from '../domain/instruction.ts';
import { expandPath } from '../records/expand-paths.ts';
import { hashFile } from '../records/pool-fingerprint.ts';
import { type ReadingOptions, readingOf } from '../records/reading-options.ts';
import { RECORD_FORMATS } from '../records/registry.ts';
import type { CampaignContext } from './campaign-context.ts';

/** A configured pool file as it is now. */
interface PendingFile {
  /** As configured, or as a configured folder or pattern has it. */
  readonly path: string;
  /** How it is read. */
  readonly reading: ReadingOptions;
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
  for (const configured of config.pool.files) {
    const { path: pattern, ...own } = typeof configured === 'string' ? { path: configured } : configured;
    const reading = { ...readingOf(config.pool), ...own };
    for (const path of await expandPath(pattern, RECORD_FORMATS, folder)) {
      const contentHash = await hashFile(resolve(folder, path));
      const isMissed = contentHash === undefined && !known.has(path);
      const isChanged = contentHash !== undefined && contentHash !== known.get(path);
      if (isMissed || isChanged) pending.push({ path, contentHash, reading });
    }
  }
  return pending;
}

/**
 * The cost of vectors that are still missing, for the pool and the texts models are tested with; null if none are. Texts
 * that the embedder had no usable vector for do not count: they are left out, and would be missing forever.
 */
export async function unpaidVectors(context: CampaignContext) {
  const texts = [...context.instructions(), ...(await context.testExamples())].map(embeddingText);
  const { unpaid } = await context.tools.embedder();
  return texts.length === 0 ? null : unpaid(texts, { butRefused: true });
}
