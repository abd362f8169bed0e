import type { ProviderSettings } from './provider-settings.ts';
import { PROVIDERS } from './registry.ts';

/**
 * Looks up the key a provider is opened with. OpenAI's key goes to OpenAI alone; a server of the user's own, whose
 * address must be given, gets a key of its own or none.
 * @param environment where keys are
 * @param ownServerVariable the variable for a server of the user's own, where it differs from the provider's
 * @throws UsageError for an unknown provider
 */
export function providerKey(
  name: string,
  environment: Readonly<Record<string, string | undefined>>,
  { ownServerVariable, providers = PROVIDERS }: { ownServerVariable?: string; providers?: typeof PROVIDERS } = {},
): Pick<ProviderSettings, 'apiKey' | 'keySource'> {
  const { required, keyVariable } = providers.find(name);
  const keySource = required.includes('baseUrl') ? (ownServerVariable ?? keyVariable) : keyVariable;
  return keySource === undefined ? {} : { apiKey: environment[keySource], keySource };
}
