import { z } from 'zod';
import { count, price, text, webAddress } from '../../domain/option-values.ts';
import type { OptionsSchema } from '../../domain/options.ts';
import type { Registry } from '../../domain/registry.ts';
import { servedEmbedderSettings } from '../../models/embedders/embedder-settings.ts';
import { LONG_TEXTS } from '../../models/embedders/fitting-batches.ts';
import { EMBEDDERS } from '../../models/embedders/registry.ts';
import { missingOwnSetting, ownFields } from '../../models/own-settings.ts';
import { batchSettings } from '../../models/providers/provider-settings.ts';
import { PROVIDERS } from '../../models/providers/registry.ts';

/** Which LLM, and what winnow cannot know of it. */
export function llm() {
  return z
    .strictObject({
      provider: z
        .enum(PROVIDERS.names)
        .default('offline')
        .describe('who serves it; offline is a built-in stand-in, free'),
      model: text.optional().describe('its name; every provider but offline needs one'),
      baseUrl: webAddress.optional().describe('where it is served; required for compatible'),
      price: price.optional(),
      pricedAs: text
        .optional()
        .describe('the model that is behind a deployment or a proxy, as the price table has it: openai/gpt-4o-mini'),
      contextTokens: count.optional().describe('tokens the model holds, where the price table does not know it'),
      reasoningTokens: z.int().min(0).optional().describe('output tokens to allow for thinking'),
      reasons: z
        .boolean()
        .optional()
        .describe('whether it also says why it chose each item: one more call a query, over its picks alone'),
      batch: z.boolean().optional().describe('send requests as batches: half the price, answers within 24 hours'),
      ...ownFields(PROVIDERS, batchSettings),
    })
    .superRefine((given, context) => {
      const problem = llmProblem(given);
      if (problem) context.addIssue({ code: 'custom', path: [problem[0]], message: problem[1] });
    });
}

type Given = Readonly<Record<string, unknown>> & { readonly provider: string };

/** @returns the key, and what is wrong with it */
function llmProblem(given: Given): [string, string] | undefined {
  const provider = PROVIDERS.find(given.provider);
  const { name, required } = provider;
  // Not a setting of the provider.
  const { provider: _, reasons: __, ...settings } = given;
  const idle = idleSetting(settings, PROVIDERS, name);
  if (idle)
    return [idle.key, `does nothing for the provider ${name}; set provider to one of ${idle.takenBy.join(', ')}`];
  if (required.includes('model') && given.model === undefined) {
    return ['provider', `is "${name}", which needs a model beside it`];
  }
  if (required.includes('baseUrl') && given.baseUrl === undefined) {
    return ['provider', `is "${name}", which needs a baseUrl beside it, such as http://localhost:8000/v1`];
  }
  const missing = missingOwnSetting(provider, batchSettings, given);
  return missing === undefined ? undefined : ['provider', `is "${name}", which needs ${missing} beside it`];
}

/** The first setting that means nothing to the entry, and the entries that take it. */
function idleSetting(
  settings: Readonly<Record<string, unknown>>,
  registry: Registry<{ readonly name: string; readonly settings: OptionsSchema }>,
  name: string,
): { readonly key: string; readonly takenBy: readonly string[] } | undefined {
  const taken = registry.find(name).settings.shape;
  const key = Object.keys(settings).find((candidate) => settings[candidate] !== undefined && !(candidate in taken));
  if (key === undefined) return undefined;
  return { key, takenBy: [...registry].filter((entry) => key in entry.settings.shape).map((entry) => entry.name) };
}

/** What turns texts into vectors. */
export function embedder() {
  return z
    .strictObject({
      kind: z
        .enum(EMBEDDERS.names)
        .default('minilm')
        .describe('minilm runs here; openai is any /embeddings endpoint; onnx is a model folder of your own'),
      model: text
        .optional()
        .describe('of openai: by default text-embedding-3-small; of onnx: a sentence-transformers folder'),
      baseUrl: webAddress.optional().describe('where it is served, if not at OpenAI'),
      price: price.optional(),
      longTexts: z
        .enum(LONG_TEXTS)
        .optional()
        .describe('texts longer than the model of openai takes: cut (default), or average, the mean of their parts'),
      ...ownFields(EMBEDDERS, servedEmbedderSettings),
    })
    .superRefine((given, context) => {
      const { kind, ...settings } = given;
      const idle = idleSetting(settings, EMBEDDERS, kind);
      if (idle) {
        const message = `does nothing for ${kind}; set kind to ${idle.takenBy.join(' or ')}`;
        context.addIssue({ code: 'custom', path: [idle.key], message });
      } else if (EMBEDDERS.find(kind).modelIsFolder && given.model === undefined) {
        context.addIssue({ code: 'custom', path: ['kind'], message: `is "${kind}", which needs a model beside it` });
      } else if (given.baseUrl !== undefined && given.model === undefined) {
        context.addIssue({ code: 'custom', path: ['baseUrl'], message: 'needs a model beside it' });
      }
      const missing = missingOwnSetting(EMBEDDERS.find(kind), servedEmbedderSettings, given);
      if (missing === undefined) return;
      context.addIssue({ code: 'custom', path: ['kind'], message: `is "${kind}", which needs ${missing} beside it` });
    });
}
