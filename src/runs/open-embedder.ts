import { join } from 'node:path';
import { UnknownPriceError, UsageError } from '../domain/errors.ts';
import { textHash } from '../domain/instruction.ts';
import { costMicroUsd, type ModelPrice } from '../domain/usage.ts';
import { option, sentence } from '../domain/wording.ts';
import { cachedEmbedder } from '../models/embedders/cached-embedder.ts';
import type { Embedder, EmbeddingCost, OpenEmbedder } from '../models/embedders/embedder.ts';
import type { EmbedderSettings } from '../models/embedders/embedder-settings.ts';
import { minilmEmbedder } from '../models/embedders/minilm.ts';
import { SqliteVectorCache } from '../models/embedders/sqlite-vector-cache.ts';
import { COMPATIBLE_MARGIN } from '../models/embedders/text-batches.ts';
import type { MeteredCaller } from '../models/metering/metered-caller.ts';
import { findModel, pricesAsOf } from '../models/metering/prices.ts';
import { countTokens } from '../models/metering/token-count.ts';
import { compatibleProvider } from '../models/providers/compatible.ts';
import { openAiProvider } from '../models/providers/openai.ts';
import type { ProviderDefinition } from '../models/providers/provider-definition.ts';
import type { RequestSettings } from '../models/providers/provider-settings.ts';

/** What an embedder works with. */
export interface EmbedderTools extends RequestSettings {
  readonly caller: MeteredCaller;
  /** Where vectors are kept between runs. */
  readonly cacheFolder: string;
  readonly abandon?: AbortSignal | undefined;
}

const DEFAULT_OPENAI_MODEL = 'text-embedding-3-small';
/** As the embedder batches them; for the estimate only. */
const TEXTS_PER_CALL = 256;

/**
 * Names the vectors of an embedder; part of a run's identity.
 * @throws UnknownPriceError when neither the table nor the settings price its model
 * @throws UsageError where a server's model is not named
 */
export function embedderName(settings: EmbedderSettings): string {
  if (settings.kind !== 'openai') return settings.kind;
  const { provider, model } = meteredModel(settings);
  return `${settings.baseUrl ?? provider.name} ${model}`;
}

/**
 * Opens the embedder the settings name, behind the user's vector cache.
 * @throws UnknownPriceError | UsageError as `embedderName` does
 */
export async function openEmbedder(
  settings: EmbedderSettings,
  { cacheFolder, ...tools }: EmbedderTools,
): Promise<OpenEmbedder & { close(): void }> {
  const metered = settings.kind === 'openai' ? meteredModel(settings) : undefined;
  const { apiKey, keySource, baseUrl } = settings;
  const embedder = metered
    ? (await import('../models/embedders/openai-embedder.ts')).openAiEmbedder(metered.provider, {
        ...{ model: metered.model, price: metered.price, apiKey, keySource, baseUrl },
        ...tools,
      })
    : minilmEmbedder();
  const cache = new SqliteVectorCache(join(cacheFolder, 'vectors.db'));
  return {
    embedder: cachedEmbedder(embedder, cache),
    unpaid: (texts) => (metered ? unpaidCost(embedder, metered, cache, texts) : null),
    close: () => cache.close(),
  };
}

interface MeteredModel {
  readonly provider: ProviderDefinition;
  readonly model: string;
  readonly price: ModelPrice;
}

function meteredModel({ baseUrl, price, ...settings }: EmbedderSettings): MeteredModel {
  const provider = baseUrl === undefined ? openAiProvider : compatibleProvider;
  const model = settings.model ?? (provider === openAiProvider ? DEFAULT_OPENAI_MODEL : undefined);
  if (model === undefined)
    throw new UsageError(sentence`${option('embeddingBaseUrl')} needs ${option('embeddingModel')}.`);
  const known = price ?? findModel(provider.name, model)?.price;
  if (!known) throw new UnknownPriceError(provider.name, model, pricesAsOf(provider.name), 'embeddingPrice');
  return { provider, model, price: known };
}

function unpaidCost(
  embedder: Embedder,
  { provider, model, price }: MeteredModel,
  cache: SqliteVectorCache,
  texts: readonly string[],
): EmbeddingCost | null {
  const cached = cache.get(embedder.space, texts.map(textHash));
  const missing = texts.filter((_, index) => cached[index] === undefined);
  if (missing.length === 0) return null;
  const calls = Math.ceil(missing.length / TEXTS_PER_CALL);
  const expected = missing.reduce((sum, text) => sum + countTokens(text, 'cl100k_base'), 0);
  const margin = provider === openAiProvider ? 1 : COMPATIBLE_MARGIN;
  // Every call is rounded up to whole tokens and micro-dollars.
  const worstCase = Math.ceil(expected * margin) + calls;
  const cost = (tokens: number) => costMicroUsd({ inputTokens: tokens, cachedInputTokens: 0, outputTokens: 0 }, price);
  return {
    model,
    texts: missing.length,
    calls,
    tokens: { expected, worstCase },
    costMicroUsd: { expected: cost(expected), worstCase: cost(worstCase) + calls },
  };
}
