import { UsageError } from '../../domain/errors.ts';
import { option, sentence } from '../../domain/wording.ts';
import type { ClientSettings, ProviderDefinition } from './provider-definition.ts';

/** Who is asked, as requests and their error messages need to know it. */
export interface RequestTarget {
  /** The provider's name in options: `openai`, `anthropic`, … */
  readonly provider: string;
  /** What messages call it: "OpenAI", or "The server". */
  readonly service: string;
  readonly model: string;
  readonly baseUrl: string;
  /** Never shown in any message. Empty where there is none. */
  readonly apiKey: string;
  /** Where the user set the key: the name of a variable or an option. */
  readonly keySource: string;
  readonly timeoutMs: number;
}

/** What the target of a request is made from, beside the settings. */
export type Service = Pick<ProviderDefinition, 'name' | 'serviceName' | 'required' | 'keyVariable' | 'defaultBaseUrl'>;

/** Thinking models take minutes; waiting longer than this gains nothing. */
const DEFAULT_TIMEOUT_MS = 180_000;

/**
 * Fills in what the provider knows.
 * @returns the target, and the base URL as it is to be asked: the target's has no credentials and no query
 * @throws UsageError where the key, the model or the address is missing, or the address is not a URL
 */
export function requestTarget(
  service: Service,
  settings: Pick<ClientSettings, 'model' | 'baseUrl' | 'apiKey' | 'keySource' | 'timeoutMs'>,
): { readonly target: RequestTarget; readonly baseUrl: string } {
  const { apiKey = '', model, timeoutMs = DEFAULT_TIMEOUT_MS } = settings;
  const keySource = settings.keySource ?? service.keyVariable ?? 'apiKey';
  if (service.required.includes('apiKey') && apiKey === '') {
    throw new UsageError(`There is no API key for ${service.serviceName ?? service.name}.`, `Set ${keySource}.`);
  }
  if (model === undefined)
    throw new UsageError(sentence`${option('provider', service.name)} needs ${option('model')}.`);
  const baseUrl = settings.baseUrl ?? service.defaultBaseUrl;
  if (baseUrl === undefined) {
    throw new UsageError(
      sentence`${option('provider', service.name)} needs ${option('baseUrl')}.`,
      sentence`Set ${option('baseUrl')} to its address, such as http://localhost:8000/v1.`,
    );
  }
  return {
    target: {
      provider: service.name,
      service: service.serviceName ?? 'The server',
      model,
      baseUrl: publicUrl(baseUrl),
      apiKey,
      keySource,
      timeoutMs,
    },
    baseUrl,
  };
}

/** The URL without credentials and query, which may be secrets. @throws UsageError where it is not a URL */
export function publicUrl(url: string): string {
  if (!URL.canParse(url)) throw new UsageError(`"${url}" is not a URL.`, sentence`Check ${option('baseUrl')}.`);
  const parsed = new URL(url);
  return `${parsed.origin}${parsed.pathname}`.replace(/\/$/, '');
}
