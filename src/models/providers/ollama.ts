import { FREE } from '../../domain/usage.ts';
import { chatCompletionsProvider, OWN_SERVER_DIALECT } from './chat-completions-provider.ts';
import type { ProviderDefinition } from './provider-definition.ts';

/** Ollama, which cuts prompts to its default context unless it is told otherwise. */
export const ollamaProvider: ProviderDefinition = chatCompletionsProvider({
  name: 'ollama',
  summary: 'Ollama on your machine',
  source: 'https://docs.ollama.com/api/openai-compatibility',
  serviceName: 'Ollama',
  required: ['model'],
  keyVariable: 'OLLAMA_API_KEY',
  defaultBaseUrl: 'http://localhost:11434/v1',
  price: FREE,
  contextAdvice: 'Set OLLAMA_CONTEXT_LENGTH=16384 for the server, or num_ctx in the Modelfile.',
  tells: ['contextTokens'],
  offers: async (settings) => (await import('./ollama-offers.ts')).ollamaOffers(ollamaProvider, settings),
  dialect: OWN_SERVER_DIALECT,
});
