import { FREE } from '../../domain/usage.ts';
import { chatCompletionsProvider, OWN_SERVER_DIALECT } from './chat-completions-provider.ts';

/** The server of llama.cpp. */
export const llamaCppProvider = chatCompletionsProvider({
  name: 'llamacpp',
  summary: 'llama.cpp on your machine',
  source: 'https://github.com/ggml-org/llama.cpp/tree/master/tools/server',
  serviceName: 'llama.cpp',
  required: ['model'],
  keyVariable: 'LLAMA_API_KEY',
  defaultBaseUrl: 'http://localhost:8080/v1',
  price: FREE,
  contextAdvice: 'Start llama-server with a larger ctx-size.',
  dialect: OWN_SERVER_DIALECT,
});
