import { CAUTIOUS_MARGINS } from '../metering/model-tokens.ts';
import type { ProviderDefinition } from './provider-definition.ts';
import { modelSettings } from './provider-settings.ts';

/** Amazon Bedrock, at the address that speaks OpenAI's API. The base URL names the region. */
export const bedrockProvider: ProviderDefinition = {
  name: 'bedrock',
  summary: 'Amazon Bedrock',
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/inference-chat-completions.html',
  serviceName: 'Bedrock',
  required: ['model', 'apiKey'],
  keyVariable: 'AWS_BEARER_TOKEN_BEDROCK',
  defaultBaseUrl: 'https://bedrock-runtime.us-east-1.amazonaws.com/openai/v1',
  weighsText: false,
  dialect: {
    formats: ['json_schema', 'json_object', 'none'],
    outputLimits: ['max_completion_tokens', 'max_tokens'],
    temperature: true,
    topLogprobs: [],
  },
  settings: modelSettings,
  tasks: ['choose', 'judge', 'answer'],
  contextTokens: 16_384,
  tokenMargins: CAUTIOUS_MARGINS,
  open: async (settings) => (await import('./openai-client.ts')).openAiClient(bedrockProvider, settings),
};
