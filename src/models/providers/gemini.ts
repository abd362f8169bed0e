import { chatCompletionsProvider } from './chat-completions-provider.ts';
import type { ProviderDefinition } from './provider-definition.ts';

/** Google's Gemini, at the address that speaks OpenAI's API. */
export const geminiProvider: ProviderDefinition = chatCompletionsProvider({
  name: 'gemini',
  summary: 'Google Gemini',
  source: 'https://ai.google.dev/gemini-api/docs/openai',
  serviceName: 'Gemini',
  required: ['model', 'apiKey'],
  keyVariable: 'GEMINI_API_KEY',
  defaultBaseUrl: 'https://generativelanguage.googleapis.com/v1beta/openai/',
  usualModel: 'gemini-2.5-flash',
  // Its own list says it of each model.
  batchesPath: undefined,
  tells: ['contextTokens'],
  offers: async (settings) => (await import('./gemini-offers.ts')).geminiOffers(geminiProvider, settings),
});
