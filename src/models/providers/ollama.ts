import { FREE } from '../../domain/usage.ts';
import { chatCompletionsProvider, OWN_SERVER_DIALECT } from './chat-completions-provider.ts';

/** Ollama, which cuts prompts to its default context unless it is told otherwise. */
export const ollamaProvider = chatCompletionsProvider({
  name: 'ollama',
  summary: 'Ollama on your machine',
  source: 'https://docs.ollama.com/api/openai-compatibility',
  serviceName: 'Ollama',
  required: ['model'],
  keyVariable: 'OLLAMA_API_KEY',
  defaultBaseUrl: 'http://localhost:11434/v1',
  price: FREE,
  contextAdvice: 'Set OLLAMA_CONTEXT_LENGTH=16384 for the server, or num_ctx in the Modelfile.',
  dialect: OWN_SERVER_DIALECT,
});
