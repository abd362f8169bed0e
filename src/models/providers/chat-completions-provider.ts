import { CAUTIOUS_MARGINS } from '../metering/model-tokens.ts';
import type { ProviderDefinition } from './provider-definition.ts';
import { modelSettings } from './provider-settings.ts';

type Given = Pick<ProviderDefinition, 'name' | 'summary' | 'required' | 'keyVariable'> & Partial<ProviderDefinition>;

/** A provider that speaks OpenAI's Chat Completions. What is not given is as most such servers have it. */
export function chatCompletionsProvider(given: Given): ProviderDefinition {
  const provider: ProviderDefinition = {
    settings: modelSettings,
    tasks: ['choose', 'judge', 'answer'],
    weighsText: false,
    // Small enough for most models.
    contextTokens: 16_384,
    tokenMargins: CAUTIOUS_MARGINS,
    dialect: {
      formats: ['json_schema', 'json_object', 'none'],
      outputLimits: ['max_tokens', 'max_completion_tokens'],
      temperature: true,
      topLogprobs: [],
    },
    batchesPath: '/batches?limit=1',
    offers: async (settings) => (await import('./ask-offers.ts')).askOffers(provider, settings),
    open: async (settings) => (await import('./openai-client.ts')).openAiClient(provider, settings),
    ...given,
  };
  return provider;
}

/** Of servers that one runs oneself, often with small models. */
export const OWN_SERVER_DIALECT: NonNullable<ProviderDefinition['dialect']> = {
  formats: ['json_schema', 'json_object', 'none'],
  bounds: true,
  outputLimits: ['max_tokens', 'max_completion_tokens'],
  temperature: true,
  // The most OpenAI gives, and the most that many servers give unless they are configured otherwise.
  topLogprobs: [20, 5],
};
