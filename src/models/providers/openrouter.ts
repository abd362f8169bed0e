import { chatCompletionsProvider } from './chat-completions-provider.ts';

/** OpenRouter, which hands requests on to many providers. What fails there it says within a 200. */
export const openRouterProvider = chatCompletionsProvider({
  name: 'openrouter',
  summary: 'OpenRouter',
  source: 'https://openrouter.ai/docs/api-reference/chat-completion',
  serviceName: 'OpenRouter',
  required: ['model', 'apiKey'],
  keyVariable: 'OPENROUTER_API_KEY',
  defaultBaseUrl: 'https://openrouter.ai/api/v1',
  tells: ['contextTokens', 'price'],
  dialect: {
    formats: ['json_schema', 'json_object', 'none'],
    outputLimits: ['max_tokens', 'max_completion_tokens'],
    temperature: true,
    topLogprobs: [20, 5],
  },
});
