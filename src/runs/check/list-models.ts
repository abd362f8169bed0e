import type { ModelPrice } from '../../domain/usage.ts';
import type { OfferedModel } from '../../models/providers/offered-models.ts';
import { knownModel } from '../../models/providers/provider-definition.ts';
import { PROVIDERS } from '../../models/providers/registry.ts';
import { publicUrl } from '../../models/providers/request-target.ts';
import { serverMemory } from '../../models/providers/server-memory.ts';
import type { WorkbenchSettings } from '../workbench.ts';

/** What is known of a model without asking it anything. null: unknown. */
export interface ListedModel {
  readonly name: string;
  readonly contextTokens: number | null;
  /** Micro-dollars per million tokens. */
  readonly price: ModelPrice | null;
  /** The day its price was read, where its provider did not confirm it. */
  readonly unconfirmed: string | null;
  readonly structured: boolean | null;
  readonly logprobs: boolean | null;
  readonly batches: boolean | null;
  /** The day from which it is not served any more. */
  readonly retired: string | null;
}

export interface ModelList {
  readonly provider: string;
  readonly address: string | null;
  /** null: the server does not list its models. */
  readonly models: readonly ListedModel[] | null;
}

/**
 * Asks a server what it offers, for free, and adds what the price table says and what was found out before.
 * @throws ProviderError where it cannot be reached or refuses the key; UsageError where a setting is missing
 */
export async function listModels({
  llm,
  timeoutMs,
  fetch,
  cacheFolder,
  clock,
}: Pick<WorkbenchSettings, 'llm' | 'timeoutMs' | 'fetch' | 'cacheFolder' | 'clock'>): Promise<ModelList> {
  const { provider: name, ...settings } = llm;
  const provider = PROVIDERS.find(name);
  const servers = serverMemory(cacheFolder, clock);
  const baseUrl = settings.baseUrl ?? provider.defaultBaseUrl;
  const address = baseUrl === undefined ? null : publicUrl(baseUrl);
  const asking = { ...settings, timeoutMs, fetch };
  const offered = await provider.offers?.(asking);
  const { askBatches } = await import('../../models/providers/ask-offers.ts');
  const hasBatches = await askBatches(provider, asking);
  const list = (model: OfferedModel): ListedModel => {
    const facts = knownModel(provider, model.name);
    const tried = servers.recall({ provider: name, endpoint: address ?? '', model: model.name }).tried;
    const asksLogprobs = (provider.dialect?.topLogprobs.length ?? 0) > 0;
    return {
      name: model.name,
      contextTokens: settings.contextTokens ?? facts?.contextTokens ?? model.contextTokens ?? null,
      price: settings.price ?? provider.price ?? facts?.price ?? model.price ?? null,
      unconfirmed: (settings.price === undefined && facts?.unconfirmed) || null,
      structured: tried?.structured ?? model.structured ?? null,
      logprobs: tried?.logprobs ?? (asksLogprobs ? (model.logprobs ?? null) : false),
      batches: model.batches ?? hasBatches ?? (facts?.batchFactor === undefined ? null : facts.batchFactor < 1),
      retired: facts?.retired ?? null,
    };
  };
  const named = settings.model === undefined ? [] : [{ name: settings.model }];
  const models = offered === undefined && named.length > 0 ? named : offered;
  return { provider: name, address, models: models?.map(list) ?? null };
}
