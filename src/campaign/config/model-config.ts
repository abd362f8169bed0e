import { z } from 'zod';
import { EMBEDDERS } from '../../domain/providers.ts';
import { PROVIDERS } from '../../models/providers/registry.ts';
import { count, price, text, webAddress } from './config-values.ts';

const REAL_PROVIDERS = PROVIDERS.names.filter((name) => name !== 'offline');

/** Which LLM, and what winnow cannot know of it. */
export const llm = z
  .strictObject({
    provider: z
      .enum(PROVIDERS.names)
      .default('offline')
      .describe('who serves it; offline is a built-in stand-in, free'),
    model: text.optional().describe('its name; every provider but offline needs one'),
    baseUrl: webAddress.optional().describe('where it is served; required for compatible'),
    price: price.optional(),
    contextTokens: count.optional().describe('tokens the model holds, where the price table does not know it'),
    reasoningTokens: z.int().min(0).optional().describe('output tokens to allow for thinking'),
  })
  .superRefine((given, context) => {
    const problem = llmProblem(given);
    if (problem) context.addIssue({ code: 'custom', path: [problem[0]], message: problem[1] });
  });

type Given = { readonly [Key in keyof z.output<typeof llm>]: unknown };

/** @returns the key, and what is wrong with it */
function llmProblem(given: Given): [string, string] | undefined {
  if (given.provider === 'offline') {
    const idle = Object.keys(given).find((key) => key !== 'provider' && given[key as keyof Given] !== undefined);
    return idle === undefined
      ? undefined
      : [idle, `does nothing for the provider offline; set provider to one of ${REAL_PROVIDERS.join(', ')}`];
  }
  if (given.model === undefined) return ['provider', `is "${given.provider}", which needs a model beside it`];
  if (given.provider === 'compatible' && given.baseUrl === undefined) {
    return ['provider', 'is "compatible", which needs a baseUrl beside it, such as http://localhost:8000/v1'];
  }
  return undefined;
}

/** What turns texts into vectors. */
export const embedder = z
  .strictObject({
    kind: z.enum(EMBEDDERS).default('minilm').describe('minilm runs here; openai is any /embeddings endpoint'),
    model: text.optional().describe('of openai; by default text-embedding-3-small'),
    baseUrl: webAddress.optional().describe('where it is served, if not at OpenAI'),
    price: price.optional(),
  })
  .superRefine((given, context) => {
    const idle = (['model', 'baseUrl', 'price'] as const).find((key) => given[key] !== undefined);
    if (given.kind === 'minilm' && idle !== undefined) {
      context.addIssue({ code: 'custom', path: [idle], message: 'does nothing for minilm; set kind to openai' });
    }
    if (given.kind === 'openai' && given.baseUrl !== undefined && given.model === undefined) {
      context.addIssue({ code: 'custom', path: ['baseUrl'], message: 'needs a model beside it' });
    }
  });
