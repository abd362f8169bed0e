import { FREE } from '../../domain/usage.ts';
import { chatCompletionsProvider, OWN_SERVER_DIALECT } from './chat-completions-provider.ts';

/** vLLM's server. */
export const vllmProvider = chatCompletionsProvider({
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
  tells: ['contextTokens'],
  dialect: OWN_SERVER_DIALECT,
});
