import { z } from 'zod';
import { FREE } from '../../domain/usage.ts';
import { CAUTIOUS_MARGINS } from '../metering/model-tokens.ts';
import type { ProviderDefinition } from './provider-definition.ts';

/** A stand-in that runs here: it ranks by features of the text, so every command can be tried without a key. */
export const offlineProvider: ProviderDefinition = {
  name: 'offline',
  summary: 'a built-in stand-in: free, to try things out',
  settings: z.strictObject({}),
  required: [],
  tasks: ['choose'],
  weighsText: false,
  price: FREE,
  // It reads the candidates whole; the prompt it is shown is only for people.
  contextTokens: 128_000,
  tokenMargins: CAUTIOUS_MARGINS,
  dialect: { formats: ['json_schema'], outputLimits: ['max_tokens'], temperature: false, topLogprobs: [] },
  open: async () => (await import('./offline-client.ts')).offlineClient(),
};
