import { chatCompletionsProvider } from './chat-completions-provider.ts';
import type { ProviderDefinition } from './provider-definition.ts';

/**
 * OpenAI's models at Azure: the model is the name of a deployment, the base URL that of the resource. Another version of
 * the API is named in the URL: `https://name.openai.azure.com?api-version=2025-04-01-preview`.
 */
export const azureProvider: ProviderDefinition = chatCompletionsProvider({
  name: 'azure',
  summary: 'OpenAI’s models at Azure',
  source: 'https://learn.microsoft.com/azure/ai-services/openai/reference',
  serviceName: 'Azure OpenAI',
  required: ['model', 'baseUrl', 'apiKey'],
  keyVariable: 'AZURE_OPENAI_API_KEY',
  deploys: 'openai',
  // It lists the models that can be deployed, not those that are.
  offers: async () => undefined,
  dialect: {
    formats: ['json_schema', 'json_object', 'none'],
    outputLimits: ['max_completion_tokens', 'max_tokens'],
    temperature: true,
    topLogprobs: [20, 5],
  },
  open: async (settings) => {
    const [{ openAiClient }, { openAzureApi }] = await Promise.all([
      import('./openai-client.ts'),
      import('./azure-api.ts'),
    ]);
    return openAiClient(azureProvider, settings, { api: openAzureApi(azureProvider, settings) });
  },
});
