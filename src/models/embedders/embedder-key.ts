import type { EmbedderSettings } from './embedder-settings.ts';
import { EMBEDDERS } from './registry.ts';

/**
 * Looks up the key an embedder is opened with.
 * @param environment where keys are
 * @throws UsageError for an unknown embedder
 */
export function embedderKey(
  settings: Pick<EmbedderSettings, 'kind' | 'baseUrl'>,
  environment: Readonly<Record<string, string | undefined>>,
  embedders = EMBEDDERS,
): Pick<EmbedderSettings, 'apiKey' | 'keySource'> {
  const keySource = embedders.find(settings.kind).keyVariable?.(settings);
  return keySource === undefined ? {} : { apiKey: environment[keySource], keySource };
}
