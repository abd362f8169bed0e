import { join } from 'node:path';
import { textHash } from '../../domain/instruction.ts';
import { cachedEmbedder } from './cached-embedder.ts';
import type { OpenEmbedder } from './embedder.ts';
import type { EmbedderTools } from './embedder-definition.ts';
import type { EmbedderSettings } from './embedder-settings.ts';
import { EMBEDDERS } from './registry.ts';
import { SqliteVectorCache } from './sqlite-vector-cache.ts';

/**
 * Opens the embedder that the settings name, behind the user's vector cache.
 * @param tools.cacheFolder where vectors are kept between runs
 * @throws UsageError for an unknown embedder, or where a setting it needs is missing; UnknownPriceError
 */
export async function openEmbedder(
  settings: EmbedderSettings,
  { cacheFolder, ...tools }: EmbedderTools & { readonly cacheFolder: string },
  embedders = EMBEDDERS,
): Promise<OpenEmbedder & { close(): void }> {
  const definition = embedders.find(settings.kind);
  const embedder = await definition.open(settings, tools);
  const cache = new SqliteVectorCache(join(cacheFolder, 'vectors.db'));
  return {
    embedder: cachedEmbedder(embedder, cache),
    unpaid: (texts, { butRefused = false } = {}) => {
      if (!definition.estimate) return null;
      const hashes = texts.map((text) => textHash(embedder.cacheText?.(text) ?? text));
      const cached = cache.get(embedder.space, hashes);
      const refused = butRefused ? cache.refused(embedder.space, hashes) : new Set<string>();
      const missing = texts.filter((_, index) => cached[index] === undefined && !refused.has(hashes[index]!));
      return missing.length === 0 ? null : definition.estimate(settings, missing);
    },
    close: () => cache.close(),
  };
}
