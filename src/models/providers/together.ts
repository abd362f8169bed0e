import { chatCompletionsProvider } from './chat-completions-provider.ts';

/** Together AI's API. */
export const togetherProvider = chatCompletionsProvider({
  name: 'together',
  summary: 'Together AI',
  source: 'https://docs.together.ai/reference/chat-completions-1',
  serviceName: 'Together',
  required: ['model', 'apiKey'],
  keyVariable: 'TOGETHER_API_KEY',
  defaultBaseUrl: 'https://api.together.xyz/v1',
  tells: ['contextTokens', 'price'],
  dialect: {
    formats: ['json_schema', 'json_object', 'none'],
    outputLimits: ['max_tokens'],
    temperature: true,
    topLogprobs: [],
  },
});
