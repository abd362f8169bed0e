import OpenAI from 'openai';
import { z } from 'zod';
import { parseBoundedJson } from '../../domain/foreign-json.ts';
import { guardedFetch, NO_DEADLINE_MS } from './guarded-fetch.ts';
import type { ClientSettings } from './provider-definition.ts';
import { type RequestTarget, requestTarget, type Service } from './request-target.ts';

const faultListSchema = z.object({
  detail: z
    .array(z.object({ msg: z.string(), loc: z.array(z.union([z.string(), z.number()])).default([]) }))
    .nonempty(),
});

export interface OpenAiApi {
  readonly sdk: OpenAI;
  readonly target: RequestTarget;
}

/**
 * Opens OpenAI's API at any service that speaks it. Everything that the SDK would read from the environment is set
 * here: only the settings decide which account is billed and where the key goes.
 * @throws UsageError where the key, the model or the address is missing
 */
export function openOpenAiApi(service: Service, settings: ClientSettings): OpenAiApi {
  const { target, baseUrl } = requestTarget(service, settings);
  const sdk = new OpenAI({
    apiKey: target.apiKey === '' ? 'none' : target.apiKey,
    adminAPIKey: null,
    organization: null,
    project: null,
    baseURL: baseUrl,
    maxRetries: 0,
    timeout: NO_DEADLINE_MS,
    logLevel: 'off',
    fetch: withReadableErrors(guardedFetch({ apiKey: target.apiKey, fetch: settings.fetch })),
  });
  return { sdk, target };
}

/**
 * The SDK reads error messages from `error.message` alone. vLLM and FastAPI servers put them into `message` and
 * `detail`, and Google puts the whole body into a list: what they refuse is only known with these.
 */
export function withReadableErrors(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (url, init) => {
    const response = await fetch(url, init);
    if (response.ok) return response;
    const text = await response.text();
    return new Response(errorBody(text) ?? text, { status: response.status, headers: response.headers });
  };
}

function errorBody(text: string): string | undefined {
  try {
    const body = parseBoundedJson(text);
    const readable = readableError(body);
    return readable === body ? undefined : JSON.stringify(readable);
  } catch {
    return undefined;
  }
}

/** The body of an error with its message under `error`; the body itself where that is not found elsewhere in it. */
export function readableError(body: unknown): unknown {
  if (Array.isArray(body)) return body.length > 0 ? body[0] : body;
  if (typeof body !== 'object' || body === null || 'error' in body) return body;
  const { message, detail } = body as { message?: unknown; detail?: unknown };
  const said = saidIn(message ?? detail);
  return said === undefined ? body : { error: { message: said } };
}

/** FastAPI lists what is wrong with a request, each thing with the place where it is; Mistral has that in its message. */
function saidIn(given: unknown): string | undefined {
  if (given === undefined || typeof given === 'string') return given;
  const list = faultListSchema.safeParse(Array.isArray(given) ? { detail: given } : given);
  if (!list.success) return JSON.stringify(given);
  return list.data.detail
    .map(({ loc, msg }) =>
      [...(loc.length > 0 ? [loc.filter((part) => part !== 'body').join('.')] : []), msg].join(': '),
    )
    .join('; ');
}
