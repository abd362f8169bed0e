import { UnknownPriceError, UsageError } from '../../domain/errors.ts';
import { costMicroUsd, type ModelPrice } from '../../domain/usage.ts';
import { option, sentence } from '../../domain/wording.ts';
import { checkPrice, findModel, pricesAsOf } from '../metering/prices.ts';
import { compatibleProvider } from '../providers/compatible.ts';
import { openAiProvider } from '../providers/openai.ts';
import type { ProviderDefinition } from '../providers/provider-definition.ts';
import type { EmbedderDefinition } from './embedder-definition.ts';
import { type EmbedderSettings, servedEmbedderSettings } from './embedder-settings.ts';
import { embeddingTokens, textBatches } from './text-batches.ts';

const USUAL_MODEL = 'text-embedding-3-small';

/** OpenAI's embedding models, or a server with the same endpoint where an address is given. */
export const openAiDefinition: EmbedderDefinition = {
  name: 'openai',
  summary: 'any /embeddings endpoint',
  source: 'https://developers.openai.com/api/docs/api-reference/embeddings',
  settings: servedEmbedderSettings,
  // OpenAI's key goes to OpenAI; a server of the user's own gets a key of its own or none.
  keyVariable: ({ baseUrl }) => (baseUrl === undefined ? 'OPENAI_API_KEY' : 'WINNOW_EMBEDDING_API_KEY'),
  identity: (settings) => {
    const { provider, model } = servedModel(settings);
    return `${settings.baseUrl ?? provider.name} ${model}${settings.longTexts === 'average' ? ', averaged' : ''}`;
  },
  estimate: (settings, texts) => {
    const { provider, model, price } = servedModel(settings);
    const batches = textBatches(texts, embeddingTokens(provider.name, model));
    const calls = batches.length;
    const expected = batches.reduce((sum, { tokens }) => sum + tokens, 0);
    // Every call is rounded up to whole tokens and micro-dollars.
    const worstCase = batches.reduce((sum, { mostTokens }) => sum + mostTokens, 0) + calls;
    const cost = (inputTokens: number) => costMicroUsd({ inputTokens, cachedInputTokens: 0, outputTokens: 0 }, price);
    return {
      model,
      texts: texts.length,
      calls,
      tokens: { expected, worstCase },
      costMicroUsd: { expected: cost(expected), worstCase: price.input === 0 ? 0 : cost(worstCase) + calls },
    };
  },
  open: async (settings, tools) => {
    const { provider, model, price } = servedModel(settings);
    const { openAiEmbedder } = await import('./openai-embedder.ts');
    return openAiEmbedder(provider, { ...settings, ...tools, model, price });
  },
};

interface ServedModel {
  readonly provider: ProviderDefinition;
  readonly model: string;
  readonly price: ModelPrice;
}

function servedModel(settings: EmbedderSettings): ServedModel {
  const provider = settings.baseUrl === undefined ? openAiProvider : compatibleProvider;
  const model = settings.model ?? (provider === openAiProvider ? USUAL_MODEL : undefined);
  if (model === undefined) {
    throw new UsageError(sentence`${option('embeddingBaseUrl')} needs ${option('embeddingModel')}.`);
  }
  const price = settings.price ?? findModel(provider.name, model)?.price;
  if (!price)
    throw new UnknownPriceError(provider.name, model, pricesAsOf(provider.name), { priceOption: 'embeddingPrice' });
  checkPrice(price, model, { writes: false });
  return { provider, model, price };
}
