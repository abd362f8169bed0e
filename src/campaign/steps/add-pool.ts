import type { Conversation } from '../../domain/conversation.ts';
import { PoolError } from '../../domain/errors.ts';
import { embeddingText } from '../../domain/instruction.ts';
import { lazyConcat, lazyMap } from '../../domain/lazy-list.ts';
import { EMBEDDERS } from '../../models/embedders/registry.ts';
import { PoolBuilder } from '../../records/pool-builder.ts';
import type { ReadPoolOptions } from '../../records/pool-source.ts';
import { readPools } from '../../records/read-pool.ts';
import { readingNotes } from '../../records/reading-notes.ts';
import { heldOutText } from '../../selection/held-out.ts';
import type { CampaignContext } from '../campaign-context.ts';
import { pendingPoolFiles } from '../pool-files.ts';
import { FREE_STEP, type PreparedStep, pauseAfter } from '../step-outcome.ts';

export interface AddPoolDetails {
  readonly files: readonly { readonly path: string; readonly records: number; readonly added: number }[];
  /** Instructions of the campaign, after. */
  readonly instructions: number;
}

/** What is stored for an address whose files have rows of their own. */
const NO_RECORDS = new PoolBuilder().build();

/**
 * Reads what is new and buys its vectors. Costs money only where the embedder does.
 * @throws PoolError for a file that was never there, or cannot be read
 */
export async function prepareAddPool(context: CampaignContext, round: number): Promise<PreparedStep<AddPoolDetails>> {
  const { folder, state, tools, signal, onProgress } = context;
  const files = await pendingPoolFiles(context);
  /**
   * Placeholders of personal data stay different from those of files that were added before. Their values are kept nowhere,
   * so the same value has another placeholder in a file that is added later.
   */
  const earlierTexts = {
    *[Symbol.iterator]() {
      for (const item of context.instructions()) yield JSON.stringify(item);
    },
  };
  const toRead: { path: string; contentHash: string; sources: string[]; options: ReadPoolOptions }[] = [];
  const revisions: { readonly path: string; readonly contentHash: string }[] = [];
  for (const { path, source, contentHash, reading } of files) {
    if (contentHash === undefined) {
      throw new PoolError(`There is no pool file ${path} in ${folder}.`, {
        hint: 'Correct pool.files in winnow.yaml; paths are relative to its folder.',
      });
    }
    if (source === undefined) {
      revisions.push({ path, contentHash });
      continue;
    }
    const options = { ...reading, earlierTexts, signal, onProgress, shardFolder: () => folder };
    toRead.push({ path, contentHash, sources: [source], options });
  }
  const pools = await readPools(toRead);
  const read = toRead.map(({ path, contentHash }, file) => ({ path, contentHash, pool: pools[file]! }));
  const { embedder, unpaid } = await tools.embedder();
  const news = lazyConcat(...read.map(({ pool }) => pool.instructions));
  const items = lazyConcat<Conversation>(context.instructions(), await context.excludedItems(), news);
  const texts = lazyMap(items, embeddingText);
  const cost = texts.length === 0 ? null : unpaid(texts);
  return {
    ...FREE_STEP,
    step: 'add-pool',
    round,
    ...(cost ? { llmMicroUsd: cost.costMicroUsd } : {}),
    run: async () => {
      const added = read.map(({ path, contentHash, pool }) => state.items.addFile(path, contentHash, pool));
      for (const { path, contentHash } of revisions) state.items.addFile(path, contentHash, NO_RECORDS);
      try {
        if (embedder.metered) await embedder.embed(texts, { onProgress, ...(signal ? { signal } : {}) });
      } catch (error) {
        return pauseAfter(error, signal);
      }
      const bad = read.flatMap(({ path, pool }) =>
        pool.badRecordCount === 0 ? [] : [badNote(path, pool.badRecordCount, pool.badRecords[0]!.cause)],
      );
      const told = read.flatMap(({ path, pool }) =>
        readingNotes({ ...pool, readings: pool.readings.map((reading) => ({ ...reading, file: path })) }),
      );
      const ofHeldOut = heldOutText(await context.heldOut(), context.instructions());
      const ofVectors = EMBEDDERS.find(context.config.embedder.kind).notes?.(lazyMap(news, embeddingText)) ?? [];
      return {
        done: true,
        details: { files: added, instructions: state.items.count() },
        notes: [...told, ...(ofHeldOut === undefined ? [] : [ofHeldOut]), ...ofVectors, ...bad],
      };
    },
  };
}

function badNote(path: string, count: number, first: string): string {
  const records =
    count === 1
      ? `1 record of ${path} could not be read and was`
      : `${count} records of ${path} could not be read and were`;
  return `${records} left out (the first: ${first}).`;
}
