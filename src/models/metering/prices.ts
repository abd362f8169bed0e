import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { UsageError } from '../../domain/errors.ts';
import { type MicroUsd, parseUsd } from '../../domain/money.ts';
import { type ModelPrice, priceContradiction } from '../../domain/usage.ts';
import { option, sentence } from '../../domain/wording.ts';

/** What is known of a model before it is asked anything. */
export interface ModelFacts {
  readonly price: ModelPrice;
  /** What a batch request costs, as a part of the price. */
  readonly batchFactor: number;
  /** What cached input costs in a batch, where that is another part of its price. */
  readonly batchCachedInput?: MicroUsd;
  /** How many tokens a prompt and its answer may have together at this price. */
  readonly contextTokens: number;
  /** 0 for embedding models. */
  readonly maxOutputTokens: number;
  /** Output tokens to allow beside the answer, for models that think before they give it; 0 for others. */
  readonly reasoningTokens: number;
  /** The day from which the provider serves it no more. */
  readonly retired?: string;
  /** The day when the price was read somewhere else than at its provider, which could not confirm it. */
  readonly unconfirmed?: string;
  /** Length of the vectors, of embedding models. */
  readonly dimensions?: number;
}

/**
 * Thinking is billed as output and counts towards the output limit: with room for the answer only, such
 * a model is cut off before it says anything. Enough for medium effort on prompts like ours.
 */
const REASONING_TOKENS = 8_192;

const TABLE_URL = new URL('../../../data/prices.json', import.meta.url);
/** A snapshot's suffix: gpt-4o-mini-2024-07-18, claude-haiku-4-5-20251001; or that of an alias: claude-haiku-4-5-latest. */
const SNAPSHOT = /^(.+)-(?:20\d{2}-\d{2}-\d{2}|20\d{6}|latest)$/;

const usd = z.string().transform((text, context) => {
  const amount = parseUsd(text);
  if (amount === undefined) context.addIssue(`"${text}" is not a decimal number of dollars`);
  return amount ?? z.NEVER;
});

const modelSchema = z
  .strictObject({
    input: usd,
    cachedInput: usd,
    output: usd,
    batchFactor: z.number().positive().max(1),
    batchCachedInput: usd.optional(),
    contextTokens: z.int().positive(),
    maxOutputTokens: z.int().nonnegative(),
    reasoning: z.boolean().default(false),
    dimensions: z.int().positive().optional(),
    retired: z.iso.date().optional(),
    unconfirmed: z.iso.date().optional(),
    note: z.string().optional(),
  })
  .transform(
    ({
      input,
      cachedInput,
      output,
      reasoning,
      note: _,
      dimensions,
      retired,
      unconfirmed,
      batchCachedInput,
      ...rest
    }): ModelFacts => ({
      ...rest,
      price: { input, cachedInput, output },
      reasoningTokens: reasoning ? REASONING_TOKENS : 0,
      ...(dimensions === undefined ? {} : { dimensions }),
      ...(retired === undefined ? {} : { retired }),
      ...(unconfirmed === undefined ? {} : { unconfirmed }),
      ...(batchCachedInput === undefined ? {} : { batchCachedInput }),
    }),
  );

const tableSchema = z.record(
  z.string(),
  z.strictObject({
    asOf: z.iso.date(),
    sources: z.array(z.url()),
    models: z.record(z.string(), modelSchema),
  }),
);

let table: z.infer<typeof tableSchema> | undefined;

/**
 * Looks a model up in the price table. A dated snapshot, or the latest one, has its family's facts unless it has its own;
 * any other suffix makes a different, unknown model.
 */
export function findModel(provider: string, model: string): ModelFacts | undefined {
  const models = loadTable()[provider]?.models;
  if (!models) return undefined;
  const family = SNAPSHOT.exec(model)?.[1];
  return ownValue(models, model) ?? (family === undefined ? undefined : ownValue(models, family));
}

/**
 * Refuses a price that contradicts itself: with it, caps would hold on paper only.
 * @param writes whether the model writes: embedding models have no output
 * @throws UsageError
 */
export function checkPrice(price: ModelPrice, model: string, { writes }: { readonly writes: boolean }): void {
  const problem = priceContradiction(price, writes);
  if (problem === undefined) return;
  throw new UsageError(
    `The price of ${model} contradicts itself: ${problem}.`,
    sentence`Check ${option(writes ? 'price' : 'embeddingPrice')}. Its order is input, output, cached input, in USD per million tokens.`,
  );
}

/** The price in a batch, rounded up. @param factor a part of the price @param cachedInput where it has a price of its own */
export function batchPrice(
  { input, cachedInput, output, cacheWrite }: ModelPrice,
  factor: number,
  ownCachedInput?: MicroUsd,
): ModelPrice {
  const part = (price: MicroUsd) => Math.ceil(price * factor);
  return {
    input: part(input),
    cachedInput: ownCachedInput ?? part(cachedInput),
    output: part(output),
    ...(cacheWrite === undefined ? {} : { cacheWrite: part(cacheWrite) }),
  };
}

/** The day the provider's prices were last checked (YYYY-MM-DD); undefined for a provider without a table. */
export function pricesAsOf(provider: string): string | undefined {
  return loadTable()[provider]?.asOf;
}

/**
 * Reads a price given by hand: USD per million tokens for input, output and, if it differs from
 * input, cached input: "0.15,0.60" or "0.15,0.60,0.075".
 * @throws UsageError
 */
export function parsePrice(text: string): ModelPrice {
  const [input, output, cachedInput, ...rest] = text.split(',').map((part) => parseUsd(part));
  const cached = text.split(',').length > 2 ? cachedInput : input;
  if (input === undefined || output === undefined || cached === undefined || rest.length > 0) {
    throw new UsageError(
      `"${text}" is not a price.`,
      'A price is <input,output[,cached input]> in USD per million tokens, with at most six decimals, such as 0.15,0.60.',
    );
  }
  return { input, cachedInput: cached, output };
}

function loadTable(): z.infer<typeof tableSchema> {
  table ??= tableSchema.parse(JSON.parse(readFileSync(TABLE_URL, 'utf8')));
  return table;
}

function ownValue<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
