import Anthropic from '@anthropic-ai/sdk';
import { guardedFetch } from './guarded-fetch.ts';
import type { ClientSettings } from './provider-definition.ts';
import { type RequestTarget, requestTarget, type Service } from './request-target.ts';

export interface AnthropicApi {
  readonly sdk: Anthropic;
  readonly target: RequestTarget;
}

/**
 * Opens Anthropic's API. Everything that the SDK would read from the environment is set here.
 * @throws UsageError without a key or a model
 */
export function anthropicApi(service: Service, settings: ClientSettings): AnthropicApi {
  const { target, baseUrl } = requestTarget(service, settings);
  const sdk = new Anthropic({
    apiKey: target.apiKey,
    authToken: null,
    baseURL: baseUrl,
    maxRetries: 0,
    logLevel: 'off',
    openTelemetry: false,
    fetch: guardedFetch({ apiKey: target.apiKey, fetch: settings.fetch }),
  });
  return { sdk, target };
}
