import { EXAMPLE_PRICE, UnknownPriceError, UsageError } from '../../domain/errors.ts';
import type { ModelPrice } from '../../domain/usage.ts';
import { option, sentence } from '../../domain/wording.ts';
import { batchPrice, checkPrice, pricesAsOf } from '../metering/prices.ts';
import type { BatchApi } from './batch-api.ts';
import type { LlmClient } from './llm-client.ts';
import type { OfferedModel } from './offered-models.ts';
import { type KnownModel, knownModel, type ProviderDefinition } from './provider-definition.ts';
import type { ProviderSettings, RequestSettings } from './provider-settings.ts';
import { PROVIDERS } from './registry.ts';

/** A client, and what must be known about its model before it is asked. */
export interface Llm {
  readonly client: LlmClient;
  readonly price: ModelPrice;
  /** The day the price was read, where its provider did not confirm it. */
  readonly unconfirmed?: string | undefined;
  /** See `PromptCaching`. */
  readonly cachesFromTokens?: number | undefined;
  readonly contextTokens: number;
  readonly reasoningTokens: number;
  /**
   * Asks the server how many tokens the model holds, for free; undefined where it does not say. Present where neither
   * the settings nor the price table know, so that `contextTokens` is a guess.
   * @throws ProviderError
   */
  readonly askContext?: () => Promise<number | undefined>;
  /** How its requests are sent as batches; absent where the provider has none. */
  readonly batches?: LlmBatches | undefined;
}

export interface LlmBatches {
  readonly api: BatchApi;
  readonly price: ModelPrice;
  /** Whether requests are to be sent so. */
  readonly isUsed: boolean;
  /** What the provider is called. */
  readonly service: string;
}

/** How calls can be sent as batches. */
export interface Batching {
  /** Whether they are to be. */
  readonly isUsed: boolean;
  /** What a call costs in a batch, as a part of its price. */
  readonly factor: number;
  /** The user has them answered. */
  readonly isByHand?: boolean | undefined;
}

export function batchingOf({ batches, price }: Pick<Llm, 'batches' | 'price'>): Batching | undefined {
  if (batches === undefined) return undefined;
  const factor = price.output === 0 ? 1 : batches.price.output / price.output;
  return { isUsed: batches.isUsed, factor, isByHand: batches.api.terms.isByHand };
}

/**
 * Opens the LLM that the settings name. A price that neither they nor the price table know is asked of the server, where
 * the provider says prices.
 * @throws UsageError for an unknown provider, where a setting it requires is missing, or the price contradicts itself
 * @throws UnknownPriceError when nothing tells the price of the model
 */
export async function openLlm(
  { provider: name, ...settings }: ProviderSettings & RequestSettings,
  providers = PROVIDERS,
): Promise<Llm> {
  const provider = providers.find(name);
  const { model = '' } = settings;
  const { pricedAs } = settings;
  const facts = pricedAs === undefined ? knownModel(provider, model) : likeModel(pricedAs, provider, providers);
  let asked: Promise<OfferedModel | undefined> | undefined;
  const offered = () => {
    asked ??= Promise.resolve(provider.offers?.(settings)).then((all) => all?.find((one) => one.name === model));
    return asked;
  };
  const { tells = [] } = provider;
  const known = settings.price ?? provider.price ?? facts?.price;
  // Where the server cannot be asked, the price is unknown.
  const stated = known ?? (tells.includes('price') ? (await offered().catch(() => undefined))?.price : undefined);
  if (!stated) throw unknownPrice(provider, model, providers);
  checkPrice(stated, model, { writes: true });
  const contextTokens = settings.contextTokens ?? facts?.contextTokens;
  const client = await provider.open(settings);
  if (settings.batch && client.batches === undefined) throw noBatches(name, providers);
  const { fromTokens, writeFactor } = provider.caching ?? {};
  const price = writeFactor === undefined ? stated : { ...stated, cacheWrite: Math.ceil(stated.input * writeFactor) };
  return {
    client,
    price,
    unconfirmed: settings.price === undefined ? facts?.unconfirmed : undefined,
    cachesFromTokens: fromTokens,
    contextTokens: contextTokens ?? provider.contextTokens,
    reasoningTokens: settings.reasoningTokens ?? facts?.reasoningTokens ?? 0,
    ...(contextTokens === undefined && tells.includes('contextTokens')
      ? { askContext: async () => (await offered())?.contextTokens }
      : {}),
    batches: client.batches && {
      api: client.batches,
      price: batchPrice(price, facts?.batchFactor ?? client.batches.terms.factor, facts?.batchCachedInput),
      isUsed: settings.batch ?? false,
      service: provider.serviceName ?? provider.name,
    },
  };
}

/** The error of a model whose price nothing tells. */
export function unknownPrice(
  { name, deploys }: ProviderDefinition,
  model: string,
  providers = PROVIDERS,
): UnknownPriceError {
  const pricedAs = deploys && `${deploys}/${providers.find(deploys).usualModel}`;
  return new UnknownPriceError(name, model, pricesAsOf(name), { pricedAs });
}

/**
 * The model that is behind a name, as the price table has it.
 * @param pricedAs a provider and its model, or a model of whose models the provider deploys @throws UsageError
 */
export function likeModel(pricedAs: string, { deploys }: ProviderDefinition, providers = PROVIDERS): KnownModel {
  const [first, ...rest] = pricedAs.split('/');
  const [owner, model] = rest.length > 0 ? [first!, rest.join('/')] : [deploys, pricedAs];
  const known = owner !== undefined && (providers.names as readonly string[]).includes(owner);
  const facts = known ? knownModel(providers.find(owner), model) : undefined;
  if (facts !== undefined) return facts;
  throw new UsageError(
    sentence`${option('pricedAs', pricedAs)}: the price table has no such model.`,
    sentence`Give a provider and one of its models, such as openai/gpt-4o-mini, or set ${option('price', EXAMPLE_PRICE)}.`,
  );
}

/** @throws UsageError naming the providers that have batches */
function noBatches(name: string, providers: typeof PROVIDERS): UsageError {
  const others = [...providers].flatMap((provider) => (provider.batches ? [provider.name] : []));
  return new UsageError(
    sentence`${option('provider', name)} has no batches.`,
    sentence`Leave out ${option('batch')}, or use one of: ${others.join(', ')}.`,
  );
}
