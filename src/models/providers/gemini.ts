import { chatCompletionsProvider } from './chat-completions-provider.ts';

/** Google's Gemini, at the address that speaks OpenAI's API. */
export const geminiProvider = chatCompletionsProvider({
  name: 'gemini',
  summary: 'Google Gemini',
  source: 'https://ai.google.dev/gemini-api/docs/openai',
  serviceName: 'Gemini',
  required: ['model', 'apiKey'],
  keyVariable: 'GEMINI_API_KEY',
  defaultBaseUrl: 'https://generativelanguage.googleapis.com/v1beta/openai/',
  usualModel: 'gemini-2.5-flash',
});
