import { CAUTIOUS_MARGINS } from '../metering/model-tokens.ts';
import type { ProviderDefinition } from './provider-definition.ts';
import { modelSettings } from './provider-settings.ts';

/** Together AI's API. */
export const togetherProvider: ProviderDefinition = {
  name: 'together',
  summary: 'Together AI',
  source: 'https://docs.together.ai/reference/chat-completions-1',
  serviceName: 'Together',
  required: ['model', 'apiKey'],
  keyVariable: 'TOGETHER_API_KEY',
  defaultBaseUrl: 'https://api.together.xyz/v1',
  weighsText: false,
  dialect: {
    formats: ['json_schema', 'json_object', 'none'],
    outputLimits: ['max_tokens'],
    temperature: true,
    topLogprobs: [],
  },
  settings: modelSettings,
  tasks: ['choose', 'judge', 'answer'],
  contextTokens: 16_384,
  tokenMargins: CAUTIOUS_MARGINS,
  open: async (settings) => (await import('./openai-client.ts')).openAiClient(togetherProvider, settings),
};
