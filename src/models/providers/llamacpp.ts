import { FREE } from '../../domain/usage.ts';
import { CAUTIOUS_MARGINS } from '../metering/model-tokens.ts';
import type { ProviderDefinition } from './provider-definition.ts';
import { modelSettings } from './provider-settings.ts';

/** The server of llama.cpp. */
export const llamaCppProvider: ProviderDefinition = {
  name: 'llamacpp',
  summary: 'llama.cpp on your machine',
  source: 'https://github.com/ggml-org/llama.cpp/tree/master/tools/server',
  serviceName: 'llama.cpp',
  required: ['model'],
  keyVariable: 'LLAMA_API_KEY',
  defaultBaseUrl: 'http://localhost:8080/v1',
  price: FREE,
  weighsText: false,
  contextAdvice: 'Start llama-server with a larger ctx-size.',
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
  open: async (settings) => (await import('./openai-client.ts')).openAiClient(llamaCppProvider, settings),
};
