import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Fault, misbehave, PATIENT, readAll, sendJson } from './provider-server.ts';

export interface RestRequest {
  readonly method: string;
  /** Without query and without a slash at its end. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

export interface RestAnswer {
  readonly status?: number;
  readonly body: unknown;
}

/** A fault in place of the answer; with `after`, the request is carried out first and only its answer is lost. */
export type RestFault = Fault & { readonly after?: boolean };

export interface RestServerOptions {
  readonly port?: number;
  /** What goes wrong with a request; undefined is nothing. */
  readonly trouble?: (request: RestRequest) => RestFault | undefined;
}

export interface RestServer {
  readonly url: string;
  readonly requests: readonly RestRequest[];
  /** How many requests of this method had a path that fits. */
  count(method: string, path: RegExp): number;
  close(): Promise<void>;
}

/** The API of a tool, its state in memory. `GET /requests` tells what it was asked. */
export async function startRestServer(
  respond: (request: RestRequest) => RestAnswer | Fault,
  errorBody: (status: number, message: string) => unknown,
  { port = 0, trouble = () => undefined }: RestServerOptions,
): Promise<RestServer> {
  const requests: RestRequest[] = [];
  const handle = async (incoming: IncomingMessage, response: ServerResponse) => {
    const request = await readRequest(incoming);
    if (request.path === '/requests') {
      sendJson(response, 200, { requests: requests.map(({ method, path }) => ({ method, path })) });
      return;
    }
    requests.push(request);
    const fault = trouble(request);
    if (fault && !fault.after) return misbehave(response, fault, errorBody);
    const answer = respond(request);
    if (fault) misbehave(response, fault, errorBody);
    else if ('fault' in answer) misbehave(response, answer, errorBody);
    else sendJson(response, answer.status ?? 200, answer.body);
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
    count: (method, path) => requests.filter((request) => request.method === method && path.test(request.path)).length,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function readRequest(incoming: IncomingMessage): Promise<RestRequest> {
  const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://localhost');
  const text = await readAll(incoming);
  return {
    method: incoming.method ?? 'GET',
    path: pathname.replace(/\/$/, ''),
    query: searchParams,
    headers: incoming.headers,
    body: text === '' ? undefined : (JSON.parse(text) as unknown),
  };
}

/** Troubles for the first requests that fit, one each; then none. */
export function troubles(method: string, path: RegExp, ...faults: readonly RestFault[]): RestServerOptions['trouble'] {
  let next = 0;
  return (request) => (request.method === method && path.test(request.path) ? faults[next++] : undefined);
}

/** Whether any text in a JSON value has what PostgreSQL cannot store. */
export function holdsUnstorable(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\0') || !value.isWellFormed();
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsUnstorable);
}
