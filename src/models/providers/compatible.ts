import { CAUTIOUS_MARGINS } from '../metering/model-tokens.ts';
import type { ProviderDefinition } from './provider-definition.ts';
import { modelSettings } from './provider-settings.ts';

/** Any server that speaks OpenAI's API: vLLM, Ollama, llama.cpp, TGI, LiteLLM. */
export const compatibleProvider: ProviderDefinition = {
  name: 'compatible',
  summary: 'your own server with OpenAI’s API, such as vLLM or Ollama',
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
