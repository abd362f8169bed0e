import { chatCompletionsProvider } from './chat-completions-provider.ts';

/** DeepSeek's API, which takes no schema: the prompt describes it. */
export const deepSeekProvider = chatCompletionsProvider({
  name: 'deepseek',
  summary: 'DeepSeek',
  source: 'https://api-docs.deepseek.com/api/create-chat-completion',
  serviceName: 'DeepSeek',
  required: ['model', 'apiKey'],
  keyVariable: 'DEEPSEEK_API_KEY',
  defaultBaseUrl: 'https://api.deepseek.com/v1',
  usualModel: 'deepseek-flash',
  caching: { fromTokens: 64 },
  dialect: { formats: ['json_object', 'none'], outputLimits: ['max_tokens'], temperature: true, topLogprobs: [20, 5] },
});
