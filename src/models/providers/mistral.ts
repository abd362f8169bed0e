import { chatCompletionsProvider } from './chat-completions-provider.ts';

/** Mistral's API. Its thinking models send thinking as parts of the content. */
export const mistralProvider = chatCompletionsProvider({
  name: 'mistral',
  summary: 'Mistral',
  source: 'https://docs.mistral.ai/api/',
  serviceName: 'Mistral',
  required: ['model', 'apiKey'],
  keyVariable: 'MISTRAL_API_KEY',
  defaultBaseUrl: 'https://api.mistral.ai/v1',
  usualModel: 'mistral-medium-3-5',
  batchesPath: '/batch/jobs?page_size=1',
  tells: ['contextTokens'],
  dialect: {
    formats: ['json_schema', 'json_object', 'none'],
    outputLimits: ['max_tokens'],
    temperature: true,
    topLogprobs: [],
  },
});
