import OpenAI from 'openai';
import { UsageError } from '../../domain/errors.ts';
import type { RequestTarget } from '../metering/request-failure.ts';

/** Where an OpenAI-compatible API is and how to get in. */
export interface OpenAiApiOptions {
  /** `compatible`: any server that speaks OpenAI's API: vLLM, Ollama, llama.cpp, TGI, LiteLLM. */
  readonly provider: 'openai' | 'compatible';
  readonly model: string;
  /** May be absent for a compatible server that asks for none. */
  readonly apiKey?: string | undefined;
  /** Up to and including `/v1`. Required for `compatible`. */
  readonly baseUrl?: string | undefined;
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Deadline of one request, answer included. */
  readonly timeoutMs?: number | undefined;
  /** Where the user set the key, for messages; by default the variable's usual name. */
  readonly keySource?: string | undefined;
}

export interface OpenAiApi {
  readonly sdk: OpenAI;
  readonly target: RequestTarget;
}

const OPENAI_BASE_URL = 'https://api.openai.com/v1';
/** Thinking models take minutes; nothing is gained by waiting longer than this. */
export const DEFAULT_TIMEOUT_MS = 180_000;
/** The SDK's own deadline ends with the headers; ours (`sendRequest`) covers the body too. */
const NO_DEADLINE_MS = 2 ** 31 - 1;

/**
 * Opens the API with everything the SDK would read from the environment set by hand: which account is
 * billed, and where the key goes, is what the caller says. It lives here, below the chat client and the
 * embedder, since both need it.
 * @throws UsageError without a key for OpenAI, or without a base URL for a compatible server
 */
export function openOpenAiApi(options: OpenAiApiOptions): OpenAiApi {
  const { provider, model, apiKey = '', timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const keySource = options.keySource ?? 'OPENAI_API_KEY';
  if (provider === 'openai' && apiKey === '') {
    throw new UsageError('There is no API key for OpenAI.', `Set ${keySource}.`);
  }
  const baseUrl = options.baseUrl ?? (provider === 'openai' ? OPENAI_BASE_URL : undefined);
  if (baseUrl === undefined) {
    throw new UsageError(
      'A compatible server needs its address.',
      'Give it with --base-url, such as --base-url http://localhost:8000/v1.',
    );
  }
  const sdk = new OpenAI({
    apiKey: apiKey === '' ? 'none' : apiKey,
    adminAPIKey: null,
    organization: null,
    project: null,
    baseURL: baseUrl,
    maxRetries: 0,
    timeout: NO_DEADLINE_MS,
    logLevel: 'off',
    fetch: withReadableErrors(options.fetch ?? globalThis.fetch),
  });
  return { sdk, target: { provider, model, baseUrl: publicUrl(baseUrl), apiKey, keySource, timeoutMs } };
}

/** The URL without credentials and query, which may be secrets. */
export function publicUrl(url: string): string {
  if (!URL.canParse(url)) throw new UsageError(`"${url}" is not a URL.`, 'Check --base-url.');
  const parsed = new URL(url);
  return `${parsed.origin}${parsed.pathname}`.replace(/\/$/, '');
}

/**
 * The SDK reads error messages from `error.message` alone; vLLM and FastAPI servers put them into
 * `message` and `detail`, and what they refuse could not be told without.
 */
function withReadableErrors(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (url, init) => {
    const response = await fetch(url, init);
    if (response.ok) return response;
    const text = await response.text();
    return new Response(errorBody(text) ?? text, { status: response.status, headers: response.headers });
  };
}

function errorBody(text: string): string | undefined {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof body !== 'object' || body === null || 'error' in body) return undefined;
  const { message, detail } = body as { message?: unknown; detail?: unknown };
  const said = message ?? detail;
  return said === undefined
    ? undefined
    : JSON.stringify({ error: { message: typeof said === 'string' ? said : JSON.stringify(said) } });
}
