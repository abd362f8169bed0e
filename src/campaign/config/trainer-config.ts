import { z } from 'zod';
import { textFormatNames } from '../../labels/training/registry.ts';
import { count, price, text, usd, webAddress } from './config-values.ts';

/** What trains the seed model. */
export const trainer = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('nearest-neighbour').describe('answers as the nearest labeled instruction was answered; free'),
  }),
  z.strictObject({
    kind: z.literal('command').describe('a training of your own'),
    command: text.describe('a shell command; see the README for what it gets and must print'),
    format: z.enum(textFormatNames()).default('alpaca').describe('of the training file'),
    timeLimitMinutes: z.number().positive().default(1440).describe('how long one training may take'),
    costUsd: usd.prefault(0).describe('what one training costs at most, in US dollars'),
    serve: z
      .strictObject({
        baseUrl: webAddress.optional().describe('where the model is served, if the command does not say'),
        price: price.prefault({ input: 0, output: 0 }).describe('of asking the model'),
        contextTokens: count.default(4096).describe('tokens the model holds'),
      })
      .prefault({})
      .describe('how the trained model is asked'),
  }),
  z.strictObject({
    kind: z.literal('openai').describe("OpenAI's fine-tuning"),
    model: text.describe('the model to fine-tune, e.g. gpt-4o-mini-2024-07-18'),
    baseUrl: webAddress.optional().describe('where it is served, if not at OpenAI'),
    epochs: count.default(3).describe('how often the training reads each label'),
    trainingPrice: usd.describe('US dollars per million training tokens'),
    price: price.describe('of asking the fine-tuned model'),
    contextTokens: count.default(16_384).describe('tokens the model holds'),
  }),
]);
