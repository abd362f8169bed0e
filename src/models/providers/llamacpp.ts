import { FREE } from '../../domain/usage.ts';
import { chatCompletionsProvider, OWN_SERVER_DIALECT } from './chat-completions-provider.ts';
import type { ProviderDefinition } from './provider-definition.ts';

/** The server of llama.cpp. */
export const llamaCppProvider: ProviderDefinition = chatCompletionsProvider({
  name: 'llamacpp',
  summary: 'llama.cpp on your machine',
  source: 'https://github.com/ggml-org/llama.cpp/tree/master/tools/server',
  serviceName: 'llama.cpp',
  required: ['model'],
  keyVariable: 'LLAMA_API_KEY',
  defaultBaseUrl: 'http://localhost:8080/v1',
  price: FREE,
  contextAdvice: 'Start llama-server with a larger ctx-size.',
  tells: ['contextTokens'],
  offers: async (settings) => (await import('./llamacpp-offers.ts')).llamaCppOffers(llamaCppProvider, settings),
  dialect: OWN_SERVER_DIALECT,
});
