import { type OwnSettings, parseOwnSettings } from '../models/own-settings.ts';
import type { ProviderDefinition } from '../models/providers/provider-definition.ts';
import { batchSettings, type ProviderSettings } from '../models/providers/provider-settings.ts';
import { PROVIDERS } from '../models/providers/registry.ts';
import { checkAddress, checkKey, checkOneOf } from './option-checks.ts';

/** Which LLM is asked, and how, as options of a run name it. */
export interface ProviderOptions extends Omit<Partial<ProviderSettings>, 'provider' | 'own'> {
  /** A provider by name, or one of your own. */
  readonly provider?: string | ProviderDefinition;
  /** What only this provider has, as its `settings` name it. */
  readonly providerOptions?: OwnSettings;
}

export const PROVIDER_OPTIONS: Readonly<Record<keyof ProviderOptions, true>> = {
  ...{ provider: true, providerOptions: true, model: true, baseUrl: true, apiKey: true, keySource: true },
  ...{ price: true, pricedAs: true, contextTokens: true, reasoningTokens: true, batch: true },
};

/**
 * The settings the LLM is opened with. Whether they are all there is checked for runs that ask it.
 * @throws UsageError for an unknown provider, a setting it does not have, an invalid address or key
 */
export function normalizeProviderOptions(options: ProviderOptions): ProviderSettings {
  const provider = PROVIDERS.nameOf(options.provider ?? 'offline');
  checkOneOf('provider', provider, PROVIDERS.names);
  const { model, baseUrl, apiKey, keySource, price, pricedAs, contextTokens, reasoningTokens, batch } = options;
  checkAddress('baseUrl', baseUrl);
  checkKey(keySource ?? 'apiKey', apiKey);
  const own = parseOwnSettings(PROVIDERS.find(provider), batchSettings, options.providerOptions);
  return { provider, model, baseUrl, apiKey, keySource, price, pricedAs, contextTokens, reasoningTokens, batch, own };
}
