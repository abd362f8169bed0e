import { FREE } from '../../domain/usage.ts';
import { CAUTIOUS_MARGINS } from '../metering/model-tokens.ts';
import type { ProviderDefinition } from './provider-definition.ts';
import { modelSettings } from './provider-settings.ts';

/** Ollama, which cuts prompts to its default context unless it is told otherwise. */
export const ollamaProvider: ProviderDefinition = {
  name: 'ollama',
  summary: 'Ollama on your machine',
  source: 'https://docs.ollama.com/api/openai-compatibility',
  serviceName: 'Ollama',
  required: ['model'],
  keyVariable: 'OLLAMA_API_KEY',
  defaultBaseUrl: 'http://localhost:11434/v1',
  price: FREE,
  weighsText: false,
  contextAdvice: 'Set OLLAMA_CONTEXT_LENGTH=16384 for the server, or num_ctx in the Modelfile.',
  dialect: {
    formats: ['json_schema', 'json_object', 'none'],
    bounds: true,
    outputLimits: ['max_tokens', 'max_completion_tokens'],
    temperature: true,
    topLogprobs: [20, 5],
  },
  settings: modelSettings,
  tasks: ['choose', 'judge', 'answer'],
  contextTokens: 16_384,
  tokenMargins: CAUTIOUS_MARGINS,
  open: async (settings) => (await import('./openai-client.ts')).openAiClient(ollamaProvider, settings),
};
