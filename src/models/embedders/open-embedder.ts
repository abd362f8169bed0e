import { join } from 'node:path';
import { textHash } from '../../domain/instruction.ts';
import { lazyMap } from '../../domain/lazy-list.ts';
import type { Engine } from '../../engine/engine.ts';
import { cutRows } from '../../engine/shards.ts';
import { WINNOW_VERSION } from '../../version.ts';
import { cachedEmbedder } from './cached-embedder.ts';
import { embedOnWorkers } from './embed-on-workers.ts';
import type { OpenEmbedder } from './embedder.ts';
import type { EmbedderTools } from './embedder-definition.ts';
import type { EmbedderSettings } from './embedder-settings.ts';
import { EMBEDDERS } from './registry.ts';
import { SqliteVectorCache } from './sqlite-vector-cache.ts';

/** Vectors that are in memory at a time. */
const TEXTS_PER_LOOKUP = 8_192;

/**
 * Opens the embedder that the settings name, behind the user's vector cache.
 * @param tools.cacheFolder where vectors are kept between runs
 * @param tools.openEngine has workers embed, where the embedder can run there
 * @throws UsageError for an unknown embedder, or where a setting it needs is missing; UnknownPriceError
 */
export async function openEmbedder(
  settings: EmbedderSettings,
  {
    cacheFolder,
    openEngine,
    ...tools
  }: EmbedderTools & { readonly cacheFolder: string; readonly openEngine?: (() => Promise<Engine>) | undefined },
  embedders = EMBEDDERS,
): Promise<OpenEmbedder & { close(): void }> {
  const definition = embedders.find(settings.kind);
  const here = await definition.open(settings, tools);
  const embedder =
    openEngine === undefined || definition.openOnWorker === undefined
      ? here
      : embedOnWorkers(here, settings, openEngine, { version: WINNOW_VERSION, onNote: tools.onNote });
  const cache = new SqliteVectorCache(join(cacheFolder, 'vectors.db'));
  return {
    embedder: cachedEmbedder(embedder, cache),
    unpaid: (texts, { butRefused = false } = {}) => {
      if (!definition.estimate) return null;
      const missing: number[] = [];
      for (const { start, rows } of cutRows(texts.length, TEXTS_PER_LOOKUP)) {
        const some = texts.slice(start, start + rows);
        const hashes = some.map((text) => textHash(embedder.cacheText?.(text) ?? text));
        const cached = cache.get(embedder.space, hashes);
        const refused = butRefused ? cache.refused(embedder.space, hashes) : new Set<string>();
        for (const [index, hash] of hashes.entries()) {
          if (cached[index] === undefined && !refused.has(hash)) missing.push(start + index);
        }
      }
      if (missing.length === 0) return null;
      return definition.estimate(
        settings,
        lazyMap(missing, (position) => texts[position]!),
      );
    },
    close: () => cache.close(),
  };
}
