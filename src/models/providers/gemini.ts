import { CAUTIOUS_MARGINS } from '../metering/model-tokens.ts';
import type { ProviderDefinition } from './provider-definition.ts';
import { modelSettings } from './provider-settings.ts';

/** Google's Gemini, at the address that speaks OpenAI's API. */
export const geminiProvider: ProviderDefinition = {
  name: 'gemini',
  summary: 'Google Gemini',
  source: 'https://ai.google.dev/gemini-api/docs/openai',
  serviceName: 'Gemini',
  settings: modelSettings,
  required: ['model', 'apiKey'],
  keyVariable: 'GEMINI_API_KEY',
  defaultBaseUrl: 'https://generativelanguage.googleapis.com/v1beta/openai/',
  usualModel: 'gemini-2.5-flash',
  tasks: ['choose', 'judge', 'answer'],
  weighsText: false,
  contextTokens: 16_384,
  tokenMargins: CAUTIOUS_MARGINS,
  dialect: {
    formats: ['json_schema', 'json_object', 'none'],
    outputLimits: ['max_tokens', 'max_completion_tokens'],
    temperature: true,
    topLogprobs: [],
  },
  open: async (settings) => (await import('./openai-client.ts')).openAiClient(geminiProvider, settings),
};
