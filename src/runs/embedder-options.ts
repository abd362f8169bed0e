import { UsageError } from '../domain/errors.ts';
import type { ModelPrice } from '../domain/usage.ts';
import { option, sentence } from '../domain/wording.ts';
import type { EmbedderDefinition } from '../models/embedders/embedder-definition.ts';
import { type EmbedderSettings, servedEmbedderSettings } from '../models/embedders/embedder-settings.ts';
import { LONG_TEXTS, type LongTexts } from '../models/embedders/fitting-batches.ts';
import { EMBEDDERS } from '../models/embedders/registry.ts';
import { type OwnSettings, parseOwnSettings } from '../models/own-settings.ts';
import { checkAddress, checkKey, checkOneOf } from './option-checks.ts';

/** The embedder, as options of a run name it. */
export interface EmbedderOptions {
  /** An embedder by name, or one of your own. Default `minilm`, which runs here. */
  readonly embedder?: string | EmbedderDefinition;
  /** What only this embedder has, as its `settings` name it. */
  readonly embedderOptions?: OwnSettings;
  readonly embeddingModel?: string;
  readonly embeddingBaseUrl?: string;
  readonly embeddingApiKey?: string;
  readonly embeddingKeySource?: string;
  readonly embeddingPrice?: ModelPrice;
  /** What becomes of texts longer than the model takes. Default `cut`. */
  readonly embeddingLongTexts?: LongTexts;
}

export const EMBEDDER_OPTIONS: Readonly<Record<keyof EmbedderOptions, true>> = {
  ...{ embedder: true, embedderOptions: true, embeddingModel: true, embeddingBaseUrl: true, embeddingApiKey: true },
  ...{ embeddingKeySource: true, embeddingPrice: true, embeddingLongTexts: true },
};

/** @throws UsageError for an unknown embedder, or for settings that do nothing for it */
export function normalizeEmbedderOptions(options: EmbedderOptions): EmbedderSettings {
  const kind = EMBEDDERS.nameOf(options.embedder ?? 'minilm');
  checkOneOf('embedder', kind, EMBEDDERS.names);
  const settings: EmbedderSettings = {
    kind,
    model: options.embeddingModel,
    baseUrl: options.embeddingBaseUrl,
    apiKey: options.embeddingApiKey,
    keySource: options.embeddingKeySource,
    price: options.embeddingPrice,
    longTexts: options.embeddingLongTexts,
    own: parseOwnSettings(EMBEDDERS.find(kind), servedEmbedderSettings, options.embedderOptions),
  };
  if (settings.longTexts !== undefined) checkOneOf('embeddingLongTexts', settings.longTexts, LONG_TEXTS);
  checkAddress('embeddingBaseUrl', settings.baseUrl);
  checkKey(settings.keySource ?? 'embeddingApiKey', settings.apiKey);
  const taken = EMBEDDERS.find(settings.kind).settings.shape;
  for (const [key, name] of [
    ['model', 'embeddingModel'],
    ['baseUrl', 'embeddingBaseUrl'],
    ['price', 'embeddingPrice'],
  ] as const) {
    if (settings[key] === undefined || key in taken) continue;
    const takers = [...EMBEDDERS].filter((one) => key in one.settings.shape).map((one) => one.name);
    throw new UsageError(
      sentence`${option(name)} does nothing for the embedder ${settings.kind}.`,
      sentence`Set ${option('embedder')} to ${takers.join(' or ')}.`,
    );
  }
  return settings;
}
