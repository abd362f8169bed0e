import { CAUTIOUS_MARGINS } from '../metering/model-tokens.ts';
import type { ProviderDefinition } from './provider-definition.ts';
import { modelSettings } from './provider-settings.ts';

/** OpenRouter, which hands requests on to many providers. What fails there it says within a 200. */
export const openRouterProvider: ProviderDefinition = {
  name: 'openrouter',
  summary: 'OpenRouter',
  source: 'https://openrouter.ai/docs/api-reference/chat-completion',
  serviceName: 'OpenRouter',
  required: ['model', 'apiKey'],
  keyVariable: 'OPENROUTER_API_KEY',
  defaultBaseUrl: 'https://openrouter.ai/api/v1',
  weighsText: false,
  dialect: {
    formats: ['json_schema', 'json_object', 'none'],
    outputLimits: ['max_tokens', 'max_completion_tokens'],
    temperature: true,
    topLogprobs: [20, 5],
  },
  settings: modelSettings,
  tasks: ['choose', 'judge', 'answer'],
  contextTokens: 16_384,
  tokenMargins: CAUTIOUS_MARGINS,
  open: async (settings) => (await import('./openai-client.ts')).openAiClient(openRouterProvider, settings),
};
