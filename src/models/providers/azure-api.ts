import { AzureOpenAI } from 'openai';
import { guardedFetch, NO_DEADLINE_MS } from './guarded-fetch.ts';
import { type OpenAiApi, withReadableErrors } from './openai-api.ts';
import type { ClientSettings } from './provider-definition.ts';
import { requestTarget, type Service } from './request-target.ts';

/** The latest that is not a preview. */
const API_VERSION = '2024-10-21';
/** A token of Microsoft Entra is a JWT; a key is not. */
const TOKEN = /^eyJ[\w-]+\./;

/**
 * Opens the SDK for Azure. The version of the API is that of the base URL's query, where it names one; the key may be a
 * key or a token of Microsoft Entra.
 * @throws UsageError where the key, the deployment or the address is missing
 */
export function openAzureApi(service: Service, settings: ClientSettings): OpenAiApi {
  const { target, baseUrl } = requestTarget(service, settings);
  const url = new URL(baseUrl);
  const apiVersion = url.searchParams.get('api-version') ?? API_VERSION;
  url.search = '';
  const { apiKey, model } = target;
  const sdk = new AzureOpenAI({
    endpoint: url.href.replace(/\/$/, ''),
    apiVersion,
    deployment: model,
    apiKey,
    // The SDK's own way to give a token would read a key from the environment beside it.
    ...(TOKEN.test(apiKey) ? { defaultHeaders: { 'api-key': null, authorization: `Bearer ${apiKey}` } } : {}),
    adminAPIKey: null,
    organization: null,
    project: null,
    maxRetries: 0,
    timeout: NO_DEADLINE_MS,
    logLevel: 'off',
    fetch: withReadableErrors(guardedFetch({ apiKey, fetch: settings.fetch })),
  });
  return { sdk, target };
}
