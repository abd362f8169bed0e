import { join } from 'node:path';
import { UnknownPriceError, UsageError } from '../domain/errors.ts';
import { textHash } from '../domain/instruction.ts';
import type { EmbedderName } from '../domain/providers.ts';
import { costMicroUsd, type ModelPrice } from '../domain/usage.ts';
import { cachedEmbedder } from '../models/embedders/cached-embedder.ts';
import type { Embedder, EmbeddingCost, OpenEmbedder } from '../models/embedders/embedder.ts';
import { minilmEmbedder } from '../models/embedders/minilm.ts';
import type { OpenAiEmbedderOptions } from '../models/embedders/openai-embedder.ts';
import { SqliteVectorCache } from '../models/embedders/sqlite-vector-cache.ts';
import { COMPATIBLE_MARGIN } from '../models/embedders/text-batches.ts';
import type { MeteredCaller } from '../models/metering/metered-caller.ts';
import { findModel, pricesAsOf } from '../models/metering/prices.ts';
import { countTokens } from '../models/metering/token-count.ts';
import { compatibleProvider } from '../models/providers/compatible.ts';
import { openAiProvider } from '../models/providers/openai.ts';

/** Which embedder, and how to reach it. */
export interface EmbedderSettings {
  readonly embedder: EmbedderName;
  readonly embeddingModel?: string | undefined;
  readonly embeddingBaseUrl?: string | undefined;
  readonly embeddingApiKey?: string | undefined;
  readonly embeddingKeySource?: string | undefined;
  readonly embeddingPrice?: ModelPrice | undefined;
  readonly cacheFolder: string;
  readonly timeoutMs: number;
  readonly fetch?: typeof fetch | undefined;
  readonly abandon?: AbortSignal | undefined;
}

/** An embedder whose name is known before the ledger is open that its calls go through. */
export interface ClosedEmbedder {
  /** Part of a run's identity. */
  readonly name: string;
  open(caller: MeteredCaller): OpenEmbedder;
  close(): void;
}

const DEFAULT_OPENAI_MODEL = 'text-embedding-3-small';
/** As the embedder batches them; for the estimate only. */
const TEXTS_PER_CALL = 256;

/**
 * Opens the embedder the settings name, behind the user's vector cache.
 * @throws UnknownPriceError when neither the table nor the settings price its model
 * @throws UsageError where a server's model is not named
 */
export async function openEmbedder(settings: EmbedderSettings): Promise<ClosedEmbedder> {
  const metered = settings.embedder === 'openai' ? await meteredEmbedding(settings) : undefined;
  const cache = new SqliteVectorCache(join(settings.cacheFolder, 'vectors.db'));
  return {
    name: metered ? [metered.options.baseUrl ?? metered.provider, metered.options.model].join(' ') : 'minilm',
    open: (caller) => {
      const embedder = metered
        ? metered.open({ ...metered.options, price: metered.price, caller, abandon: settings.abandon })
        : minilmEmbedder();
      return {
        embedder: cachedEmbedder(embedder, cache),
        unpaid: (texts) => (metered ? unpaidCost(embedder, metered, cache, texts) : null),
      };
    },
    close: () => cache.close(),
  };
}

interface MeteredEmbedding {
  readonly open: (options: OpenAiEmbedderOptions) => Embedder;
  readonly provider: 'openai' | 'compatible';
  readonly price: ModelPrice;
  readonly options: Omit<OpenAiEmbedderOptions, 'caller' | 'price' | 'abandon'>;
}

async function meteredEmbedding(settings: EmbedderSettings): Promise<MeteredEmbedding> {
  const provider = settings.embeddingBaseUrl === undefined ? 'openai' : 'compatible';
  const model = settings.embeddingModel ?? (provider === 'openai' ? DEFAULT_OPENAI_MODEL : undefined);
  if (model === undefined) throw new UsageError('--embedding-base-url needs --embedding-model.');
  const price = settings.embeddingPrice ?? findModel(provider, model)?.price;
  if (!price) throw new UnknownPriceError(provider, model, pricesAsOf(provider), '--embedding-price');
  const { openAiEmbedder } = await import('../models/embedders/openai-embedder.ts');
  const service = provider === 'openai' ? openAiProvider : compatibleProvider;
  return {
    open: (options) => openAiEmbedder(service, options),
    provider,
    price,
    options: {
      model,
      apiKey: settings.embeddingApiKey,
      keySource: settings.embeddingKeySource,
      baseUrl: settings.embeddingBaseUrl,
      fetch: settings.fetch,
      timeoutMs: settings.timeoutMs,
    },
  };
}

function unpaidCost(
  embedder: Embedder,
  { provider, price, options }: MeteredEmbedding,
  cache: SqliteVectorCache,
  texts: readonly string[],
): EmbeddingCost | null {
  const cached = cache.get(embedder.space, texts.map(textHash));
  const missing = texts.filter((_, index) => cached[index] === undefined);
  if (missing.length === 0) return null;
  const calls = Math.ceil(missing.length / TEXTS_PER_CALL);
  const expected = missing.reduce((sum, text) => sum + countTokens(text, 'cl100k_base'), 0);
  const margin = provider === 'openai' ? 1 : COMPATIBLE_MARGIN;
  // Every call is rounded up to whole tokens and micro-dollars.
  const worstCase = Math.ceil(expected * margin) + calls;
  const cost = (tokens: number) => costMicroUsd({ inputTokens: tokens, cachedInputTokens: 0, outputTokens: 0 }, price);
  return {
    model: options.model,
    texts: missing.length,
    calls,
    tokens: { expected, worstCase },
    costMicroUsd: { expected: cost(expected), worstCase: cost(worstCase) + calls },
  };
}
