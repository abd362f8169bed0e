import { UnknownPriceError } from '../../domain/errors.ts';
import type { ModelPrice } from '../../domain/usage.ts';
import { checkPrice, findModel, pricesAsOf } from '../metering/prices.ts';
import type { LlmClient } from './llm-client.ts';
import type { ProviderSettings, RequestSettings } from './provider-settings.ts';
import { PROVIDERS } from './registry.ts';

/** A client, and what must be known about its model before it is asked. */
export interface Llm {
  readonly client: LlmClient;
  readonly price: ModelPrice;
  readonly contextTokens: number;
  readonly reasoningTokens: number;
}

/**
 * Opens the LLM that the settings name.
 * @throws UsageError for an unknown provider, where a setting it requires is missing, or the price contradicts itself
 * @throws UnknownPriceError when neither the price table nor the settings have a price for the model
 */
export async function openLlm(
  { provider: name, ...settings }: ProviderSettings & RequestSettings,
  providers = PROVIDERS,
): Promise<Llm> {
  const provider = providers.find(name);
  const { model = '' } = settings;
  const facts = findModel(name, model);
  const price = settings.price ?? provider.price ?? facts?.price;
  if (!price) throw new UnknownPriceError(name, model, pricesAsOf(name));
  checkPrice(price, model, { writes: true });
  return {
    client: await provider.open(settings),
    price,
    contextTokens: settings.contextTokens ?? facts?.contextTokens ?? provider.contextTokens,
    reasoningTokens: settings.reasoningTokens ?? facts?.reasoningTokens ?? 0,
  };
}
