import { maskSecret } from '../../domain/mask-secret.ts';
import { boundedFetch } from '../metering/bounded-reply.ts';
import { uncappedDispatcher } from './uncapped-dispatcher.ts';

type Fetch = typeof globalThis.fetch;

export interface GuardedFetchOptions {
  /** Never handed on in anything that is received. */
  readonly apiKey: string;
  /** Makes the requests; by default Node's own. */
  readonly fetch?: Fetch | undefined;
}

/** For the SDKs, whose own deadlines end with the headers and run while the machine sleeps; `sendRequest` has ours. */
export const NO_DEADLINE_MS = 2 ** 31 - 1;
const MOST_REDIRECTS = 3;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * The `fetch` that requests to providers are made with. It follows redirects on the same host only, because the key
 * goes along; it waits as long as the caller does; and the key is masked in all that comes back: error messages, model
 * names and ids are shown and stored.
 */
export function guardedFetch({ apiKey, fetch }: GuardedFetchOptions): Fetch {
  const send = boundedFetch(fetch ?? uncappedFetch);
  return async (input, init) => {
    // The SDKs hand over addresses, never whole requests.
    let url = new URL(input instanceof Request ? input.url : String(input));
    let response = await send(url, { ...init, redirect: 'manual' });
    for (let redirects = 0; REDIRECTS.has(response.status); redirects += 1) {
      const next = nextAddress(response, url);
      await response.body?.cancel();
      if (next === undefined || redirects === MOST_REDIRECTS || !isRepeatable(init?.body)) {
        return refusedRedirect(response.status, next ?? response.headers.get('location'));
      }
      url = next;
      response = await send(url, { ...init, redirect: 'manual' });
    }
    return masked(response, apiKey);
  };
}

const uncappedFetch: Fetch = (input, init) => {
  const dispatcher = uncappedDispatcher();
  return globalThis.fetch(input, dispatcher === undefined ? init : ({ ...init, dispatcher } as RequestInit));
};

/** Where to go on; undefined where that is another host, or no longer encrypted. */
function nextAddress({ headers }: Response, from: URL): URL | undefined {
  const location = headers.get('location') ?? '';
  if (!URL.canParse(location, from.href)) return undefined;
  const to = new URL(location, from);
  const isEncrypted = to.protocol === from.protocol || (from.protocol === 'http:' && to.protocol === 'https:');
  const isSameHost = to.protocol === from.protocol ? to.host === from.host : to.hostname === from.hostname;
  return isEncrypted && isSameHost ? to : undefined;
}

/** A stream is read once. */
function isRepeatable(body: unknown): boolean {
  return !(body instanceof ReadableStream);
}

function refusedRedirect(status: number, target: URL | string | null): Response {
  const host = target !== null && URL.canParse(String(target)) ? new URL(`${target}`).host : '';
  const where = host === '' ? 'another address' : host;
  const message = `it redirects to ${where}, which winnow does not follow`;
  return Response.json({ error: { message } }, { status });
}

/** The response, with the key masked in its body and headers. The body is read whole. */
async function masked(response: Response, apiKey: string): Promise<Response> {
  const text = response.body === null ? null : maskSecret(await response.text(), apiKey);
  const headers = new Headers();
  for (const [name, value] of response.headers) headers.append(name, maskSecret(value, apiKey));
  return new Response(text, { status: response.status, headers });
}
