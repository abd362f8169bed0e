import { z } from 'zod';
import { parseUsd } from '../../domain/money.ts';
import type { ModelPrice } from '../../domain/usage.ts';

/** What a server says of a model that it serves, without being paid. What it does not say is absent. */
export interface OfferedModel {
  /** As requests name it. */
  readonly name: string;
  /** Tokens of a prompt and its answer together. */
  readonly contextTokens?: number | undefined;
  readonly price?: ModelPrice | undefined;
  /** Whether it takes a JSON schema for its answer. */
  readonly structured?: boolean | undefined;
  readonly logprobs?: boolean | undefined;
  readonly batches?: boolean | undefined;
}

const TOKENS_A_MILLION = 1_000_000;

const tokens = z.int().positive().optional().catch(undefined);
const usd = z.union([z.string(), z.number()]).optional().catch(undefined);
const entrySchema = z.object({
  id: z.string().optional().catch(undefined),
  name: z.string().optional().catch(undefined),
  // OpenRouter and Together.
  context_length: tokens,
  // vLLM.
  max_model_len: tokens,
  // Mistral.
  max_context_length: tokens,
  // Groq and others.
  context_window: tokens,
  pricing: z
    .object({
      // OpenRouter: USD a token, as text.
      ...{ prompt: usd, completion: usd, input_cache_read: usd, input_cache_write: usd, request: usd },
      // Together: USD per million tokens.
      ...{ input: usd, output: usd, cached_input: usd },
    })
    .optional()
    .catch(undefined),
  // OpenRouter.
  supported_parameters: z.array(z.string()).optional().catch(undefined),
});
type Entry = z.infer<typeof entrySchema>;

const listSchema = z.union([
  z.array(z.unknown()),
  z.object({ data: z.array(z.unknown()) }).transform(({ data }) => data),
]);

/**
 * Reads the list of `/v1/models`. Every server has names in it; many say more.
 * @returns undefined where it is no such list
 */
export function readOfferedModels(received: unknown): OfferedModel[] | undefined {
  const list = listSchema.safeParse(received);
  if (!list.success) return undefined;
  return list.data.flatMap((given) => {
    const entry = entrySchema.safeParse(given);
    const name = entry.data?.id ?? entry.data?.name;
    return entry.success && name !== undefined ? [readEntry(name, entry.data)] : [];
  });
}

function readEntry(name: string, entry: Entry): OfferedModel {
  const { context_length, max_model_len, max_context_length, context_window, supported_parameters: takes } = entry;
  return {
    name,
    contextTokens: context_length ?? max_model_len ?? max_context_length ?? context_window,
    price: readPrice(entry.pricing),
    ...(takes === undefined
      ? {}
      : { structured: takes.includes('structured_outputs'), logprobs: takes.includes('top_logprobs') }),
  };
}

/** @returns undefined where tokens alone do not tell what a request costs */
function readPrice(pricing: Entry['pricing']): ModelPrice | undefined {
  if (pricing === undefined) return undefined;
  const { prompt, completion, input_cache_read, input_cache_write, request, input, output, cached_input } = pricing;
  const isPerToken = prompt !== undefined;
  const rate = (given: string | number | undefined) =>
    given === undefined ? undefined : microUsdOfMillion(given, isPerToken ? TOKENS_A_MILLION : 1);
  if (rate(request) !== undefined && rate(request) !== 0) return undefined;
  const [plain, written] = [rate(prompt ?? input), rate(completion ?? output)];
  if (plain === undefined || written === undefined) return undefined;
  // Any token that is not read from a cache may be written to one.
  const dearest = Math.max(plain, rate(input_cache_write) ?? 0);
  return {
    input: dearest,
    cachedInput: Math.min(dearest, rate(input_cache_read ?? cached_input) ?? dearest),
    output: written,
  };
}

/** To the micro-dollar; undefined where it is not an amount: a router's price is -1. */
function microUsdOfMillion(given: string | number, factor: number): number | undefined {
  const dollars = Number(given);
  if (!Number.isFinite(dollars) || dollars < 0) return undefined;
  return parseUsd((dollars * factor).toFixed(6));
}
