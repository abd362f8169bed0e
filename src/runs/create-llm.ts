import { UnknownPriceError } from '../domain/errors.ts';
import { FREE, type ModelPrice } from '../domain/usage.ts';
import { findModel, pricesAsOf } from '../models/metering/prices.ts';
import type { LlmClient } from '../models/providers/llm-client.ts';
import { offlineClient } from '../models/providers/offline-client.ts';
import type { ProviderSettings, RequestSettings } from '../models/providers/provider-settings.ts';

/** A client, and what must be known of its model before it is asked anything. */
export interface Llm {
  readonly client: LlmClient;
  readonly price: ModelPrice;
  readonly contextTokens: number;
  readonly reasoningTokens: number;
}

/** What a model of a compatible server is taken to hold where nobody says: small enough for most. */
const CAUTIOUS_CONTEXT_TOKENS = 16_384;
/** The offline ranker reads the candidates whole; the prompt it is shown is only for people. */
const OFFLINE_CONTEXT_TOKENS = 128_000;

/**
 * Opens the LLM the settings name.
 * @throws UnknownPriceError when neither the table nor the settings price its model
 * @throws UsageError without a key where one is needed
 */
export async function createLlm(settings: ProviderSettings & RequestSettings): Promise<Llm> {
  const { provider } = settings;
  if (provider === 'offline') {
    return { client: offlineClient(), price: FREE, contextTokens: OFFLINE_CONTEXT_TOKENS, reasoningTokens: 0 };
  }
  const model = settings.model!;
  const facts = findModel(provider, model);
  const price = settings.price ?? facts?.price;
  if (!price) throw new UnknownPriceError(provider, model, pricesAsOf(provider));
  return {
    client: await openClient(settings, model),
    price,
    contextTokens: settings.contextTokens ?? facts?.contextTokens ?? CAUTIOUS_CONTEXT_TOKENS,
    reasoningTokens: settings.reasoningTokens ?? facts?.reasoningTokens ?? 0,
  };
}

/** The SDKs take a moment to load, so only the one that is needed is. */
async function openClient(settings: ProviderSettings & RequestSettings, model: string): Promise<LlmClient> {
  const { provider, apiKey, baseUrl, fetch, timeoutMs, keySource } = settings;
  const access = { model, baseUrl, fetch, timeoutMs, keySource };
  if (provider === 'anthropic') {
    const { anthropicClient } = await import('../models/providers/anthropic-client.ts');
    return anthropicClient({ ...access, apiKey: apiKey ?? '' });
  }
  const { openAiClient } = await import('../models/providers/openai-client.ts');
  return openAiClient({ ...access, provider: provider === 'openai' ? 'openai' : 'compatible', apiKey });
}
