import { z } from 'zod';
import type { ModelPrice } from '../../domain/usage.ts';
import type { OwnSettings } from '../own-settings.ts';
import type { ServerMemory } from './server-memory.ts';

/** Which model to ask and how to reach it: one shape from flags, winnow.yaml and library options down to the client. */
export interface ProviderSettings {
  /** Its name in the registry of providers. */
  readonly provider: string;
  /** Required for every provider except `offline`. */
  readonly model?: string | undefined;
  readonly baseUrl?: string | undefined;
  readonly apiKey?: string | undefined;
  /** What the user calls the key, for messages: the name of an environment variable, for example. */
  readonly keySource?: string | undefined;
  /** For models the price table does not know, as are the next two. */
  readonly price?: ModelPrice | undefined;
  /** A model of the price table whose price and limits this one has: `openai/gpt-4o-mini`, for a deployment of it. */
  readonly pricedAs?: string | undefined;
  /** Tokens the model can take. */
  readonly contextTokens?: number | undefined;
  /** Output tokens to allow beside the answer, for models that think before they answer. */
  readonly reasoningTokens?: number | undefined;
  /** Send requests as batches: cheaper, and answered within a day. For providers that have them. */
  readonly batch?: boolean | undefined;
  /** What only this provider has, as its schema parses it. */
  readonly own?: OwnSettings | undefined;
}

/** How one request is sent. */
export interface RequestSettings {
  /** Deadline of one request, answer included. */
  readonly timeoutMs: number;
  readonly fetch?: typeof fetch | undefined;
  /** What earlier runs found out of servers. Absent: every client finds it out again. */
  readonly servers?: ServerMemory | undefined;
}

const microUsd = z.int().min(0);

/** The settings of a model that is asked over HTTP, but for keys, which come from the environment. */
export const modelSettings = z.strictObject({
  model: z.string().min(1).optional().describe('name of the model; required unless the provider is offline'),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('where it is served, such as http://localhost:8000/v1; required for compatible')
    .meta({ value: '<url>' }),
  price: z
    .strictObject({ input: microUsd, cachedInput: microUsd, output: microUsd })
    .optional()
    .describe('USD per million tokens, for models the price table does not know')
    .meta({ value: '<in,out[,cached]>' }),
  pricedAs: z
    .string()
    .min(1)
    .optional()
    .describe('the model that is behind a deployment or a proxy, as the price table has it: openai/gpt-4o-mini')
    .meta({ value: '<provider/model>' }),
  contextTokens: z
    .int()
    .min(1)
    .optional()
    .describe('tokens the model can take, for models the price table does not know')
    .meta({ value: '<n>' }),
  reasoningTokens: z
    .int()
    .min(0)
    .optional()
    .describe('output tokens to allow for thinking, for models the price table does not know')
    .meta({ value: '<n>' }),
});

/** The settings of a model whose provider has batches. */
export const batchSettings = modelSettings.extend({
  batch: z.boolean().optional().describe('send requests as batches, at half price'),
});
