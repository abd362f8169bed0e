import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Fault, ReceivedRequest, WireServer } from '../../src/testing/provider-wire.ts';
import { until } from './until.ts';

export type { Fault, ReceivedRequest };

export interface Body {
  readonly body: unknown;
  readonly headers?: Record<string, string> | undefined;
}

export interface ServerOptions {
  readonly port?: number;
  readonly latencyMs?: number;
  /**
   * Answers what costs nothing, such as lists of models: GETs (without a body), and POSTs, before anything else does. Not
   * among the requests it remembers.
   */
  readonly free?: (path: string, body: Readonly<Record<string, unknown>>) => Body | Fault | undefined;
  /** Answers wait for it. */
  readonly hold?: (request: ReceivedRequest, server: Pick<ProviderServer, 'received'>) => Promise<unknown>;
}

/** A local server that speaks a provider's wire format, remembers what it was asked, and misbehaves on demand. */
export interface ProviderServer extends WireServer {
  /** The most requests that were under way at once. */
  readonly mostAtOnce: number;
  /** Resolves when so many requests have arrived, or the other promise has resolved. */
  received(count: number, orEnded?: Promise<unknown>): Promise<void>;
}

/** Starts a server; `errorBody` is how the provider words an error status. `GET /requests` tells what it was asked. */
export async function startProviderServer(
  respond: (request: ReceivedRequest) => Promise<Body | Fault>,
  errorBody: (status: number, message: string) => unknown,
  { port = 0, latencyMs = 0, hold, free }: ServerOptions = {},
): Promise<ProviderServer> {
  const requests: ReceivedRequest[] = [];
  let underWay = 0;
  let mostAtOnce = 0;
  const received = async (count: number, orEnded?: Promise<unknown>) => {
    let isOver = false;
    orEnded?.then(() => {
      isOver = true;
    });
    await until(
      () => isOver || requests.length >= count,
      () => `request ${count} after ${requests.length}`,
    );
  };

  const handle = async (incoming: IncomingMessage, response: ServerResponse) => {
    const path = incoming.url ?? '';
    const body = incoming.method === 'GET' ? {} : (JSON.parse(await readAll(incoming)) as Record<string, unknown>);
    const unpaid = free?.(path, body);
    if (unpaid !== undefined) {
      if ('fault' in unpaid) misbehave(response, unpaid, errorBody);
      else sendJson(response, 200, unpaid.body, unpaid.headers);
      return;
    }
    if (incoming.method === 'GET') {
      if (free !== undefined && path !== '/requests') {
        sendJson(response, 404, errorBody(404, 'no such route'));
        return;
      }
      const seen = requests.map(({ number, path, answered }) => ({ number, path, answered }));
      sendJson(response, 200, { count: requests.length, mostAtOnce, requests: seen });
      return;
    }
    const request: ReceivedRequest = {
      number: requests.length + 1,
      path,
      headers: incoming.headers,
      body,
      answered: false,
    };
    requests.push(request);
    response.on('finish', () => {
      request.answered = true;
    });
    underWay += 1;
    mostAtOnce = Math.max(mostAtOnce, underWay);
    response.on('close', () => {
      underWay -= 1;
    });
    if (latencyMs > 0) await wait(latencyMs);
    await hold?.(request, { received });
    const answer = await respond(request);
    if ('fault' in answer) misbehave(response, answer, errorBody);
    else sendJson(response, 200, answer.body, answer.headers);
  };

  const server = createServer(PATIENT, (incoming, response) => {
    handle(incoming, response).catch((error: unknown) => {
      sendJson(response, 500, errorBody(500, `the test server failed: ${String(error)}`));
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    received,
    get mostAtOnce() {
      return mostAtOnce;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/**
 * Of servers: they close no connection by themselves. On a busy machine seconds pass between a program's requests, and an
 * answer that is lost with its connection may be billed.
 */
export const PATIENT = { keepAliveTimeout: 0, headersTimeout: 0, requestTimeout: 0 };

export function misbehave(
  response: ServerResponse,
  fault: Fault,
  errorBody: (status: number, message: string) => unknown,
) {
  switch (fault.fault) {
    case 'status': {
      const { status, message = 'scripted fault', headers = {}, body } = fault;
      if (body === undefined) sendJson(response, status, errorBody(status, message), headers);
      else response.writeHead(status, { 'content-type': 'text/html', ...headers }).end(body);
      return;
    }
    case 'hang':
      return;
    case 'drop':
      if (fault.when === 'middle') {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
        response.write('{"id": "cut off he', () => response.destroy());
      } else response.destroy();
      return;
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Hello</title>');
      return;
    case 'half-json':
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"id": "cut off he');
  }
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

export async function readAll(incoming: IncomingMessage): Promise<string> {
  let text = '';
  incoming.setEncoding('utf8');
  for await (const chunk of incoming) text += chunk;
  return text;
}
