import { openAiEncoding } from '../metering/openai-encoding.ts';
import type { ProviderDefinition } from './provider-definition.ts';
import { batchSettings } from './provider-settings.ts';

/** OpenAI's Chat Completions. */
export const openAiProvider: ProviderDefinition = {
  name: 'openai',
  summary: 'OpenAI',
  source: 'https://developers.openai.com/api/docs/api-reference/chat',
  serviceName: 'OpenAI',
  settings: batchSettings,
  required: ['model', 'apiKey'],
  keyVariable: 'OPENAI_API_KEY',
  defaultBaseUrl: 'https://api.openai.com/v1',
  usualModel: 'gpt-4o-mini',
  tasks: ['choose', 'judge', 'answer'],
  // It gives the log-probabilities of what its models write, not of what they read.
  weighsText: false,
  // Below its own limits, so that a batch fits into memory.
  batches: { factor: 0.5, mostRequests: 10_000, mostBytes: 100_000_000 },
  contextTokens: 16_384,
  caching: { fromTokens: 1_024 },
  // Tokens are counted as its models count them.
  tokenMargins: { text: 1.05, schemaTokens: 300, encodingOf: openAiEncoding },
  dialect: {
    formats: ['json_schema', 'json_object', 'none'],
    outputLimits: ['max_completion_tokens', 'max_tokens'],
    temperature: true,
    topLogprobs: [20, 5],
  },
  batchesPath: '/batches?limit=1',
  offers: async (settings) => (await import('./ask-offers.ts')).askOffers(openAiProvider, settings),
  open: async (settings) => (await import('./openai-client.ts')).openAiClient(openAiProvider, settings),
};
