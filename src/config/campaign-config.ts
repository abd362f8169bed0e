import { z } from 'zod';
import { parseUsd } from '../domain/money.ts';
import { EMBEDDERS, PROVIDERS } from '../domain/providers.ts';
import type { ModelPrice } from '../domain/usage.ts';
import { BRIDGES } from '../labels/label-bridge.ts';
import { STRATEGIES } from '../strategies/registry.ts';

const usd = z
  .union([z.number(), z.string()])
  .transform((value, context) => {
    const amount = parseUsd(String(value));
    if (amount === undefined) {
      context.addIssue({ code: 'custom', message: 'must be an amount of dollars such as 2.50, at most six decimals' });
      return z.NEVER;
    }
    return amount;
  })
  .describe('US dollars, e.g. 2.50');

const count = z.int('must be a whole number').min(1, 'must be at least 1');
const share = z.number().min(0).max(1);
const webAddress = z
  .url({ protocol: /^https?$/, error: 'must be a web address such as http://localhost:8000/v1' })
  .refine((url) => !/[?@]/.test(url), 'must hold no user name, password or query: keys come from the environment');

const price = z
  .strictObject({ input: usd, output: usd, cachedInput: usd.optional() })
  .transform((given): ModelPrice => ({ ...given, cachedInput: given.cachedInput ?? given.input }))
  .describe('US dollars per million tokens, for models the price table does not know');

const llm = z
  .strictObject({
    provider: z.enum(PROVIDERS).default('offline').describe('offline is a built-in stand-in: no key, no cost'),
    model: z.string().min(1).optional(),
    baseUrl: webAddress.optional().describe('where it is served; required for compatible'),
    price: price.optional(),
    contextTokens: count.optional().describe('tokens the model holds, where the price table does not know it'),
    reasoningTokens: z.int().min(0).optional().describe('output tokens to allow for thinking'),
  })
  .superRefine((given, context) => {
    const problem = llmProblem(given);
    if (problem) context.addIssue({ code: 'custom', ...problem });
  });

function llmProblem(given: { provider: string; model?: string | undefined; baseUrl?: string | undefined }) {
  const { provider, model, baseUrl } = given;
  if (provider === 'offline' && model !== undefined) {
    return { path: ['model'], message: `needs a provider: ${PROVIDERS.slice(1).join(', ')}` };
  }
  if (provider !== 'offline' && model === undefined) {
    return { path: ['provider'], message: `${provider} needs a model beside it` };
  }
  if (provider === 'compatible' && baseUrl === undefined) {
    return { path: ['provider'], message: 'compatible needs a baseUrl beside it' };
  }
  return undefined;
}

const strategyName = z.enum(STRATEGIES.map(({ name }) => name));
const strategyOptions = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

const trainer = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('nearest-neighbour') }),
  z.strictObject({
    kind: z.literal('command'),
    command: z.string().min(1).describe('a shell command; see the README for what it gets and must print'),
    format: z
      .enum(['alpaca', 'sharegpt', 'openai', 'prompt-completion'])
      .default('alpaca')
      .describe('of the training file'),
    timeLimitMinutes: z.number().positive().default(1440),
    costUsd: usd.default(0).describe('what one training costs at most'),
    serve: z
      .strictObject({
        baseUrl: webAddress.optional().describe('where the model is served, if the command does not say'),
        price: price.default({ input: 0, output: 0, cachedInput: 0 }),
        contextTokens: count.default(4096),
      })
      .prefault({}),
  }),
  z.strictObject({
    kind: z.literal('openai'),
    model: z.string().min(1).describe('the model to fine-tune, e.g. gpt-4o-mini-2024-07-18'),
    baseUrl: webAddress.optional(),
    epochs: count.default(3),
    trainingPrice: usd.describe('US dollars per million training tokens'),
    price: price.describe('US dollars per million tokens of the fine-tuned model'),
    contextTokens: count.default(16_384),
  }),
]);

/** winnow.yaml, as a user writes it. Messages are what errors say; descriptions are what editors show. */
export const campaignConfigSchema = z.strictObject({
  version: z.literal(1).default(1).describe('of this format'),
  seed: z.int().default(0).describe('the same seed, pool and replies give the same campaign'),
  pool: z.strictObject({
    files: z.array(z.string().min(1)).min(1, 'needs at least one file').describe('JSONL, JSON, CSV, TSV or Parquet'),
    fields: z
      .strictObject({
        instruction: z.string().optional(),
        input: z.string().optional(),
        output: z.string().optional(),
        id: z.string().optional(),
      })
      .prefault({})
      .describe('names of record fields, where detection would not find them'),
    skipBadLines: z.boolean().default(false),
    dedupeThreshold: share.default(0.98).describe('cosine from which two instructions count as one; 0 = off'),
  }),
  embedder: z
    .strictObject({
      kind: z.enum(EMBEDDERS).default('minilm').describe('minilm runs here; openai is any /embeddings endpoint'),
      model: z.string().optional(),
      baseUrl: webAddress.optional(),
      price: price.optional(),
    })
    .prefault({}),
  llm: llm.prefault({}).describe('the LLM that chooses'),
  judge: llm.optional().describe('the LLM that judges; by default the one that chooses'),
  requests: z
    .strictObject({
      concurrency: count.default(8).describe('most calls at once'),
      timeoutSeconds: z.number().positive().max(2_000_000).default(120),
      prompts: z.string().optional().describe('a folder with prompts of your own, by file name'),
    })
    .prefault({}),
  budget: z
    .strictObject({
      llmUsd: usd.optional().describe('choosing, judging, embedding, and asking the seed model'),
      labels: z.int().min(0).optional().describe('how many instructions people are to label in all'),
      labelUsd: usd.optional(),
      trainingUsd: usd.optional(),
      totalUsd: usd.optional(),
    })
    .prefault({})
    .describe('caps of the whole campaign; what is left out is not capped'),
  labels: z
    .strictObject({
      tool: z.enum(BRIDGES).default('jsonl').describe('what items are exported for'),
      perLabelUsd: usd.optional().describe('paid for each submitted response'),
      perMinuteUsd: usd.optional().describe('paid for the time annotators took'),
      mostMinutes: z.number().positive().default(30).describe('most minutes paid for one response'),
      annotators: count.default(1).describe('how many people are to answer each item'),
      winner: z.enum(['latest', 'first']).default('latest').describe('of several responses to one item'),
      heldOutShare: share.max(0.9).default(0.1).describe('share of the labels never trained on'),
      heldOutFiles: z.array(z.string()).default([]).describe('labeled files that are never trained on nor picked'),
      url: webAddress.optional().describe('of Label Studio or Argilla, to push to and pull from'),
      project: z
        .union([z.string(), z.int()])
        .optional()
        .describe('Label Studio: project number; Argilla: dataset name'),
      workspace: z.string().optional().describe('Argilla: workspace name'),
    })
    .refine((given) => given.perLabelUsd === undefined || given.perMinuteUsd === undefined, {
      path: ['perMinuteUsd'],
      message: 'excludes perLabelUsd: labels are paid by the piece or by the minute',
    })
    .prefault({}),
  quality: z
    .strictObject({
      threshold: z.number().min(0).max(5).default(2.5).describe('0–5; instructions below it are left out'),
    })
    .optional()
    .describe('judge every instruction first and leave the bad ones out (MoDS)'),
  rounds: z
    .strictObject({
      most: count.default(10).describe('the seed round included'),
      seed: z
        .strictObject({
          strategy: strategyName.default('selectllm'),
          count: count.default(100),
          options: strategyOptions.default({}),
        })
        .prefault({})
        .describe('the first round: chosen before there is a model'),
      necessity: z
        .strictObject({
          count: count.default(100),
          threshold: z.number().min(1).max(10).default(6).describe('1–10; a response scored below it is a failure'),
          evaluate: count.default(500).describe('most instructions the seed model answers a round'),
          select: z.enum(['cover', 'selectllm']).default('cover'),
          cover: z.enum(['k-center', 'facility-location', 'k-means']).default('facility-location'),
          weighted: z.boolean().default(true).describe('whether worse failures count for more'),
          options: strategyOptions.default({}).describe('of selectllm'),
        })
        .prefault({})
        .describe('later rounds: chosen from what the seed model fails at'),
    })
    .prefault({}),
  trainer: trainer.prefault({ kind: 'nearest-neighbour' }),
  answers: z
    .strictObject({
      maxOutputTokens: count.default(512),
      temperature: z.number().min(0).max(2).default(0),
    })
    .prefault({})
    .describe('how the seed model is asked'),
  stop: z
    .strictObject({
      failureRateBelow: share.optional(),
      noImprovementRounds: count.optional().describe('rounds without a better held-out score'),
      leastImprovement: z
        .number()
        .min(0)
        .default(0.05)
        .describe('what counts as better, in points of the judge (1–10)'),
      coverageRadiusBelow: z
        .number()
        .min(0)
        .max(2)
        .optional()
        .describe('distance of the farthest instruction to a labeled one'),
    })
    .prefault({}),
});

/** winnow.yaml with every default filled in; money in micro-dollars. */
export type CampaignConfig = z.output<typeof campaignConfigSchema>;
