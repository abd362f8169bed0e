import type { OptionsSchema } from '../../domain/options.ts';
import type { ModelPrice } from '../../domain/usage.ts';
import type { TokenMargins } from '../metering/model-tokens.ts';
import { findModel, type ModelFacts } from '../metering/prices.ts';
import type { BatchingClient, BatchTerms } from './batch-api.ts';
import type { Dialect } from './dialect.ts';
import type { LlmTask } from './llm-client.ts';
import type { OfferedModel } from './offered-models.ts';
import type { ProviderSettings, RequestSettings } from './provider-settings.ts';

/** Settings that a provider may need before it can be asked. */
export type RequiredSetting = 'model' | 'baseUrl' | 'apiKey';

export interface PromptCaching {
  /** How many tokens must be the same for any of its models to cache them. */
  readonly fromTokens: number;
  /** What storing costs, as a factor of the price of input. Absent: nothing more. */
  readonly writeFactor?: number;
}

/** What a provider knows of one of its models. */
export type KnownModel = Pick<ModelFacts, 'price'> & Partial<ModelFacts>;

/** What a client is opened from. */
export type ClientSettings = Omit<
  ProviderSettings,
  'provider' | 'price' | 'pricedAs' | 'contextTokens' | 'reasoningTokens'
> &
  Partial<RequestSettings>;

/**
 * A provider of chat models: everything the command line, winnow.yaml, the library and the docs know of it. A new one
 * is one file with such an object, one line of the registry and its prices in data/prices.json.
 */
export interface ProviderDefinition {
  /** As options name it; part of a run's identity and the key of its price table. */
  readonly name: string;
  /** One line for help and docs. */
  readonly summary: string;
  /** Where its interface is documented: a URL. */
  readonly source?: string;
  /** What messages call it: `OpenAI`. Absent: "The server". */
  readonly serviceName?: string;
  /**
   * The settings that mean something to it; usually `modelSettings`, extended by those of its own. Each of these becomes
   * a flag, a key of `llm` in winnow.yaml and a name in `providerOptions`; `open` gets them as `own`.
   */
  readonly settings: OptionsSchema;
  readonly required: readonly RequiredSetting[];
  /** The environment variable its key is read from. Absent: it takes no key. */
  readonly keyVariable?: string;
  readonly defaultBaseUrl?: string;
  /** What `winnow init` suggests. */
  readonly usualModel?: string;
  /** The tasks its models can do. */
  readonly tasks: readonly LlmTask['kind'][];
  /** Whether it tells how likely a text is by itself, token by token: its clients have `weighText`. */
  readonly weighsText: boolean;
  /** Absent where it has no batches, or winnow does not use them. */
  readonly batches?: BatchTerms;
  /** Where the names of its models are the user's or its own, so that they say nothing of prices: whose models they are. */
  readonly deploys?: string;
  /** Of every model, unless the settings have one; absent where prices differ by model. */
  readonly price?: ModelPrice;
  /** What is known of its models, by name. Absent: what data/prices.json says of them. */
  readonly models?: Readonly<Record<string, KnownModel>>;
  /** Tokens a model holds that neither the price table nor the settings know. */
  readonly contextTokens: number;
  /**
   * Asks the server what it offers, for free. With a model, what it says of that one, as fully as it can.
   * @returns undefined where the server does not list its models
   * @throws ProviderError where it cannot be reached or refuses the key; UsageError as `open` does
   */
  offers?(settings: ClientSettings): Promise<readonly OfferedModel[] | undefined>;
  /** Where its servers list batches, below the base URL: one that has no such list has no batches. Absent: unknown. */
  readonly batchesPath?: string | undefined;
  /** What of a model its servers say, so that runs ask for it where neither settings nor price table know. */
  readonly tells?: readonly ('contextTokens' | 'price')[];
  /** What to do where its server cuts prompts to a shorter context, as a sentence. */
  readonly contextAdvice?: string;
  /** How it bills the beginning of a prompt that it has seen before. Absent: as any other input. */
  readonly caching?: PromptCaching;
  readonly tokenMargins: TokenMargins;
  /** How winnow's own clients make requests, until a model refuses a part of it. Absent: the plainest. */
  readonly dialect?: Dialect;
  /**
   * Opens a client. The SDK is loaded here and not before.
   * @throws UsageError where a required setting is missing
   */
  open(settings: ClientSettings): Promise<BatchingClient>;
}

/** What is known of a model before its server is asked: by the provider itself, else by the price table. */
export function knownModel(
  { name, models }: Pick<ProviderDefinition, 'name' | 'models'>,
  model: string,
): KnownModel | undefined {
  if (models !== undefined) return Object.hasOwn(models, model) ? models[model] : undefined;
  return findModel(name, model);
}
