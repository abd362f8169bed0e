import { chatCompletionsProvider } from './chat-completions-provider.ts';

/** Amazon Bedrock, at the address that speaks OpenAI's API. The base URL names the region. */
export const bedrockProvider = chatCompletionsProvider({
  name: 'bedrock',
  summary: 'Amazon Bedrock',
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/inference-chat-completions.html',
  serviceName: 'Bedrock',
  required: ['model', 'apiKey'],
  keyVariable: 'AWS_BEARER_TOKEN_BEDROCK',
  deploys: 'anthropic',
  defaultBaseUrl: 'https://bedrock-runtime.us-east-1.amazonaws.com/openai/v1',
  dialect: {
    formats: ['json_schema', 'json_object', 'none'],
    outputLimits: ['max_completion_tokens', 'max_tokens'],
    temperature: true,
    topLogprobs: [],
  },
});
