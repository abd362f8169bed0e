import { LabelError } from '../../domain/errors.ts';
import type { LabelServerOptions } from './label-server.ts';

/** A label server as requests and their errors need to know it. */
export interface Connection {
  readonly service: string;
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly keySource: string;
  /** The key and what was got for it; shown in no message. */
  readonly secrets: Set<string>;
  readonly fetch: typeof globalThis.fetch;
  readonly timeoutMs: number;
}

/** Imports and exports of thousands of tasks take their time. */
const DEFAULT_TIMEOUT_MS = 120_000;
/** What a header may hold: anything else would make `fetch` quote the key in its error. */
const SENDABLE_KEY = /^[\x21-\x7e]+$/;

/** @throws LabelError for an address or a key that cannot be one; the key is not quoted */
export function openConnection(service: string, options: LabelServerOptions): Connection {
  const { apiKey, keySource, fetch, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  if (apiKey.trim() === '') {
    throw new LabelError(`There is no API key for ${service}.`, { hint: `Set ${keySource}.` });
  }
  const key = apiKey.trim();
  if (!SENDABLE_KEY.test(key)) {
    throw new LabelError(`${keySource} holds no key: there are spaces, line breaks or special characters in it.`, {
      hint: `Copy the key of ${service} again.`,
    });
  }
  return { service, baseUrl: cleanUrl(service, options.url), keySource, secrets: new Set([key]), fetch, timeoutMs };
}

/** The key of a connection, trimmed. */
export function keyOf({ secrets }: Connection): string {
  return [...secrets][0]!;
}

function cleanUrl(service: string, url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const hint = `Give it as in https://labels.example.org, without user name, password or query.`;
  if (!parsed || !/^https?:$/.test(parsed.protocol)) {
    throw new LabelError(`The address of ${service} is not a web address.`, { hint });
  }
  if (parsed.username !== '' || parsed.password !== '' || parsed.search !== '') {
    throw new LabelError(`The address of ${service}, ${parsed.origin}…, holds more than an address.`, { hint });
  }
  return `${parsed.origin}${parsed.pathname}`.replace(/\/+$/, '');
}
