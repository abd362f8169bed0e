import { CAUTIOUS_MARGINS } from '../metering/model-tokens.ts';
import type { ProviderDefinition } from './provider-definition.ts';
import { modelSettings } from './provider-settings.ts';

/** DeepSeek's API, which takes no schema: the prompt describes it. */
export const deepSeekProvider: ProviderDefinition = {
  name: 'deepseek',
  summary: 'DeepSeek',
  source: 'https://api-docs.deepseek.com/api/create-chat-completion',
  serviceName: 'DeepSeek',
  required: ['model', 'apiKey'],
  keyVariable: 'DEEPSEEK_API_KEY',
  defaultBaseUrl: 'https://api.deepseek.com/v1',
  usualModel: 'deepseek-flash',
  weighsText: false,
  dialect: { formats: ['json_object', 'none'], outputLimits: ['max_tokens'], temperature: true, topLogprobs: [20, 5] },
  settings: modelSettings,
  tasks: ['choose', 'judge', 'answer'],
  contextTokens: 16_384,
  tokenMargins: CAUTIOUS_MARGINS,
  open: async (settings) => (await import('./openai-client.ts')).openAiClient(deepSeekProvider, settings),
};
