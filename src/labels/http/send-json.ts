import { parseForeignJson } from '../../domain/foreign-json.ts';
import { maskSecret } from '../../domain/mask-secret.ts';
import { readBounded } from '../../models/metering/bounded-reply.ts';
import { demandedWaitMs } from '../../models/metering/rate-limit-headers.ts';
import { runningDeadline } from '../../models/metering/running-deadline.ts';
import type { Connection } from './connection.ts';
import {
  connectionFault,
  RequestFault,
  redirectFault,
  statusFault,
  timeoutFault,
  unreadableFault,
} from './request-fault.ts';

export interface JsonRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Below the base URL, from its slash on, query included. */
  readonly path: string;
  readonly body?: unknown;
}

const MOST_REDIRECTS = 5;

/**
 * Makes one request and reads its JSON. Redirects are followed within the server's origin only, and
 * those that would turn a POST or PUT into something else not at all.
 * @throws RequestFault; or the signal's reason when it aborts
 */
export async function sendJson(
  connection: Connection,
  request: JsonRequest,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  signal?.throwIfAborted();
  const deadline = runningDeadline(connection.timeoutMs);
  const both = signal ? AbortSignal.any([signal, deadline.signal]) : deadline.signal;
  try {
    const response = await fetchWithin(connection, request, headers, both);
    const body = [...connection.secrets].reduce(maskSecret, await readBounded(response));
    if (!response.ok) {
      const retryAfterMs = demandedWaitMs(response.headers, response.status);
      throw statusFault(connection, { status: response.status, body, path: pathOf(request), retryAfterMs });
    }
    return parseJson(connection, body);
  } catch (error) {
    if (error instanceof RequestFault) throw error;
    if (signal?.aborted) throw signal.reason;
    throw deadline.signal.aborted ? timeoutFault(connection) : connectionFault(connection, error);
  } finally {
    deadline.clear();
  }
}

async function fetchWithin(
  connection: Connection,
  { method, path, body }: JsonRequest,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Response> {
  let url = new URL(`${connection.baseUrl}${path}`);
  for (let redirects = 0; ; redirects += 1) {
    const response = await connection.fetch(url, {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: encodeBody(body) }),
      redirect: 'manual',
      signal,
    });
    const { status } = response;
    if (status < 300 || status >= 400) return response;
    await response.body?.cancel();
    const location = response.headers.get('location') ?? '';
    const target = URL.canParse(location, url.href) ? new URL(location, url) : undefined;
    const followable = method === 'GET' || status === 307 || status === 308;
    if (!target || target.origin !== url.origin || !followable || redirects === MOST_REDIRECTS) {
      throw redirectFault(connection, status, target?.origin ?? 'nowhere');
    }
    url = target;
  }
}

/** Lone surrogates become U+FFFD: as escapes they are JSON that servers read and then cannot store. */
function encodeBody(body: unknown): string {
  return JSON.stringify(body, (_, value: unknown) => (typeof value === 'string' ? value.toWellFormed() : value));
}

function parseJson(connection: Connection, body: string): unknown {
  // Some answers have nothing to say.
  if (body.trim() === '') return null;
  try {
    return parseForeignJson(body);
  } catch {
    throw unreadableFault(connection, body);
  }
}

function pathOf({ path }: JsonRequest): string {
  return path.split('?')[0]!;
}
