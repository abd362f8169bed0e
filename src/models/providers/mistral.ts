import { chatCompletionsProvider } from './chat-completions-provider.ts';
import type { ProviderDefinition } from './provider-definition.ts';
import { batchSettings } from './provider-settings.ts';

/** Mistral's API. Its thinking models send thinking as parts of the content. */
export const mistralProvider: ProviderDefinition = chatCompletionsProvider({
  name: 'mistral',
  summary: 'Mistral',
  source: 'https://docs.mistral.ai/api/',
  serviceName: 'Mistral',
  settings: batchSettings,
  required: ['model', 'apiKey'],
  keyVariable: 'MISTRAL_API_KEY',
  defaultBaseUrl: 'https://api.mistral.ai/v1',
  usualModel: 'mistral-medium-3-5',
  batchesPath: '/batch/jobs?page_size=1',
  // Below its own limits, so that a batch fits into memory.
  batches: { factor: 0.5, mostRequests: 10_000, mostBytes: 100_000_000 },
  tells: ['contextTokens'],
  dialect: {
    formats: ['json_schema', 'json_object', 'none'],
    outputLimits: ['max_tokens'],
    temperature: true,
    topLogprobs: [],
  },
  open: async (settings) => {
    const [{ openAiClient }, { mistralBatches }] = await Promise.all([
      import('./openai-client.ts'),
      import('./mistral-batches.ts'),
    ]);
    return openAiClient(mistralProvider, settings, { batchesOf: mistralBatches });
  },
});
