import { parseOwnSettings } from '../models/own-settings.ts';
import { batchSettings, type ProviderSettings } from '../models/providers/provider-settings.ts';
import { PROVIDERS } from '../models/providers/registry.ts';
import { checkAddress, checkKey, checkOneOf } from './option-checks.ts';
import type { RunOptions } from './run-options.ts';

/** The options of a run that say which LLM is asked, and how. */
export type ProviderOptions = Pick<
  RunOptions,
  'provider' | 'providerOptions' | Exclude<keyof ProviderSettings, 'provider' | 'own'>
>;

/**
 * The settings the LLM is opened with. Whether they are all there is checked for runs that ask it.
 * @throws UsageError for an unknown provider, a setting it does not have, an invalid address or key
 */
export function normalizeProviderOptions(options: ProviderOptions): ProviderSettings {
  const provider = PROVIDERS.nameOf(options.provider ?? 'offline');
  checkOneOf('provider', provider, PROVIDERS.names);
  const { model, baseUrl, apiKey, keySource, price, contextTokens, reasoningTokens, batch } = options;
  checkAddress('baseUrl', baseUrl);
  checkKey(keySource ?? 'apiKey', apiKey);
  const own = parseOwnSettings(PROVIDERS.find(provider), batchSettings, options.providerOptions);
  return { provider, model, baseUrl, apiKey, keySource, price, contextTokens, reasoningTokens, batch, own };
}
