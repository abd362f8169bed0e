import type { ProviderDefinition } from './provider-definition.ts';
import { batchSettings } from './provider-settings.ts';

/** Anthropic's Messages API. */
export const anthropicProvider: ProviderDefinition = {
  name: 'anthropic',
  summary: 'Anthropic',
  source: 'https://platform.claude.com/docs/en/api/messages',
  serviceName: 'Anthropic',
  settings: batchSettings,
  required: ['model', 'apiKey'],
  keyVariable: 'ANTHROPIC_API_KEY',
  defaultBaseUrl: 'https://api.anthropic.com',
  usualModel: 'claude-haiku-4-5',
  tasks: ['choose', 'judge', 'answer'],
  weighsText: false,
  // Below its own limits, so that a batch fits into memory.
  batches: { factor: 0.5, mostRequests: 10_000, mostBytes: 100_000_000 },
  contextTokens: 16_384,
  caching: { fromTokens: 4_096, writeFactor: 1.25 },
  // Its tokenizer since Claude Opus 4.7 makes up to 1.35 times as many tokens as the one before, which made about
  // 1.2 to 1.3 times as many as OpenAI's.
  tokenMargins: { text: 1.8, schemaTokens: 800 },
  dialect: { formats: ['json_schema', 'none'], outputLimits: ['max_tokens'], temperature: false, topLogprobs: [] },
  tells: ['contextTokens'],
  offers: async (settings) => (await import('./anthropic-offers.ts')).anthropicOffers(anthropicProvider, settings),
  open: async (settings) => (await import('./anthropic-client.ts')).anthropicClient(anthropicProvider, settings),
};
