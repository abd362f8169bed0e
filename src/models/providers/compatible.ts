import { chatCompletionsProvider, OWN_SERVER_DIALECT } from './chat-completions-provider.ts';

/**
 * Any other server that speaks OpenAI's API: TGI, LiteLLM, SGLang. Runs ask it for completions alone: small servers have
 * nothing else, and some end at any other request.
 */
export const compatibleProvider = chatCompletionsProvider({
  name: 'compatible',
  summary: 'any other server with OpenAI’s API',
  required: ['model', 'baseUrl'],
  keyVariable: 'WINNOW_API_KEY',
  weighsText: true,
  dialect: OWN_SERVER_DIALECT,
});
