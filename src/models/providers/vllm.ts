import { FREE } from '../../domain/usage.ts';
import { CAUTIOUS_MARGINS } from '../metering/model-tokens.ts';
import type { ProviderDefinition } from './provider-definition.ts';
import { modelSettings } from './provider-settings.ts';

/** vLLM's server. */
export const vllmProvider: ProviderDefinition = {
  name: 'vllm',
  summary: 'vLLM on your own server',
  source: 'https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html',
  serviceName: 'vLLM',
  required: ['model'],
  keyVariable: 'VLLM_API_KEY',
  defaultBaseUrl: 'http://localhost:8000/v1',
  price: FREE,
  weighsText: true,
  contextAdvice: 'Start the server with a larger max-model-len.',
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
  open: async (settings) => (await import('./openai-client.ts')).openAiClient(vllmProvider, settings),
};
