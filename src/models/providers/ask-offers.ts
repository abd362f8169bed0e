import { ProviderError } from '../../domain/errors.ts';
import { sendRequest } from '../metering/request-failure.ts';
import { type OfferedModel, readOfferedModels } from './offered-models.ts';
import { type OpenAiApi, openOpenAiApi } from './openai-api.ts';
import type { ClientSettings, ProviderDefinition } from './provider-definition.ts';
import type { Service } from './request-target.ts';

/** How servers say that they do not have a route. */
const NOT_SERVED: ReadonlySet<number | undefined> = new Set([400, 404, 405, 501]);
/** A list needs no model, but all settings have one. */
const ANY_MODEL = 'any';

/** Opens a server to ask what it offers. @throws UsageError where the key or the address is missing */
export function openForOffers(service: Service, settings: ClientSettings): OpenAiApi {
  return openOpenAiApi(service, { ...settings, model: settings.model ?? ANY_MODEL });
}

/**
 * What the server's list of models says; of the model that the settings name alone, where they do.
 * @returns undefined where there is not a list
 * @throws ProviderError where it cannot be reached or refuses the key
 */
export async function askOffers(
  service: Service,
  settings: ClientSettings,
): Promise<readonly OfferedModel[] | undefined> {
  const offered = readOfferedModels(await askRoute(openForOffers(service, settings), '/models'));
  return settings.model === undefined ? offered : offered?.filter(({ name }) => name === settings.model);
}

/**
 * Asks one route of a server, for free.
 * @param path below the base URL, or a whole address of the same server
 * @returns undefined where it has no such route
 * @throws ProviderError
 */
export async function askRoute(
  { sdk, target }: OpenAiApi,
  path: string,
  { body, headers = {} }: { readonly body?: object; readonly headers?: Readonly<Record<string, string | null>> } = {},
): Promise<unknown> {
  try {
    return await sendRequest(target, undefined, (signal): Promise<unknown> => {
      const options = { signal, headers };
      return body === undefined ? sdk.get<unknown>(path, options) : sdk.post<unknown>(path, { ...options, body });
    });
  } catch (error) {
    if (error instanceof ProviderError && NOT_SERVED.has(error.status)) return undefined;
    throw error;
  }
}

/** The address beside the one that speaks OpenAI's API, with a path: http://localhost:11434 + /api/ps. */
export function besideApi({ sdk }: OpenAiApi, path: string): string {
  return `${sdk.baseURL.replace(/\/+$/, '').replace(/\/(?:v1|openai)$/, '')}${path}`;
}

/** Whether a server has batches, asked for free; undefined where it does not say. */
export async function askBatches(
  service: Service & Pick<ProviderDefinition, 'batchesPath'>,
  settings: ClientSettings,
): Promise<boolean | undefined> {
  if (service.batchesPath === undefined) return undefined;
  try {
    return (await askRoute(openForOffers(service, settings), service.batchesPath)) !== undefined;
  } catch (error) {
    if (error instanceof ProviderError) return undefined;
    throw error;
  }
}
