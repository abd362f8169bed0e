import { CAUTIOUS_MARGINS } from '../metering/model-tokens.ts';
import type { ProviderDefinition } from './provider-definition.ts';
import { modelSettings } from './provider-settings.ts';

/** Mistral's API. Its thinking models send thinking as parts of the content. */
export const mistralProvider: ProviderDefinition = {
  name: 'mistral',
  summary: 'Mistral',
  source: 'https://docs.mistral.ai/api/',
  serviceName: 'Mistral',
  required: ['model', 'apiKey'],
  keyVariable: 'MISTRAL_API_KEY',
  defaultBaseUrl: 'https://api.mistral.ai/v1',
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
  open: async (settings) => (await import('./openai-client.ts')).openAiClient(mistralProvider, settings),
};
