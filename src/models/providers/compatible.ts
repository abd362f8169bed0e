import { CAUTIOUS_MARGINS } from '../metering/model-tokens.ts';
import type { ProviderDefinition } from './provider-definition.ts';
import { modelSettings } from './provider-settings.ts';

/** Any other server that speaks OpenAI's API: TGI, LiteLLM, SGLang. */
export const compatibleProvider: ProviderDefinition = {
  name: 'compatible',
  summary: 'any other server with OpenAI’s API',
  settings: modelSettings,
  required: ['model', 'baseUrl'],
  keyVariable: 'WINNOW_API_KEY',
  tasks: ['choose', 'judge', 'answer'],
  weighsText: true,
  // Small enough for most models.
  contextTokens: 16_384,
  tokenMargins: CAUTIOUS_MARGINS,
  dialect: {
    formats: ['json_schema', 'json_object', 'none'],
    bounds: true,
    outputLimits: ['max_tokens', 'max_completion_tokens'],
    temperature: true,
    // The most OpenAI gives, and the most that many servers give unless they are configured otherwise.
    topLogprobs: [20, 5],
  },
  open: async (settings) => (await import('./openai-client.ts')).openAiClient(compatibleProvider, settings),
};
