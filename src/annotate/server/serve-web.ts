import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Clock } from '../../domain/clock.ts';
import { WebError } from '../../domain/errors.ts';
import { createWebApp, PAGE_HEADERS, type WebAppOptions } from './web-app.ts';

export interface ServeOptions extends WebAppOptions {
  /** A name or address of this machine. */
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly clock: Pick<Clock, 'now'>;
  /** Told of each request when it was answered. */
  readonly onRequest?: (request: AnsweredRequest) => void;
  readonly limits?: ConnectionLimits;
}

export interface AnsweredRequest {
  readonly method: string;
  /** Without its query, which may hold what somebody searched for. */
  readonly path: string;
  readonly status: number;
  readonly milliseconds: number;
}

export interface WebServer {
  readonly port: number;
  /** Takes no more requests, and resolves when those under way are answered, or have had their time. */
  close(): Promise<void>;
}

/** What one connection may take of the server's time. */
export interface ConnectionLimits {
  /** For all headers of a request, and for all of it: bytes that come one by one must not hold a connection for ever. */
  readonly headersMs: number;
  readonly requestMs: number;
  /** For nothing at all to come or go, an answer that is not taken among it. */
  readonly silenceMs: number;
  /** Between two looks at the connections. */
  readonly checkMs: number;
  /** What is under way when the server ends may take this long. */
  readonly graceMs: number;
}

const LIMITS: ConnectionLimits = {
  headersMs: 10_000,
  requestMs: 60_000,
  silenceMs: 60_000,
  checkMs: 5_000,
  graceMs: 3_000,
};
const LARGEST_HEADER_BYTES = 16 * 1024;
const MOST_CONNECTIONS = 500;

/**
 * Serves the page at an address of this machine.
 * @throws WebError PORT_IN_USE, ADDRESS_UNUSABLE
 */
export async function serveWeb(options: ServeOptions): Promise<WebServer> {
  const { limits = LIMITS, clock, onRequest } = options;
  const { fetch } = createWebApp(options);
  const server = createServer(
    {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: limits.checkMs,
      maxHeaderSize: LARGEST_HEADER_BYTES,
    },
    getRequestListener(fetch, {
      overrideGlobalObjects: false,
      // What is no address at all does not get as far as the app.
      errorHandler: () => new Response(null, { status: 400, headers: PAGE_HEADERS }),
    }),
  );
  server.maxConnections = MOST_CONNECTIONS;
  server.setTimeout(limits.silenceMs);
  if (onRequest) reportRequests(server, clock, onRequest);
  await listen(server, options);
  return { port: (server.address() as AddressInfo).port, close: () => close(server, limits.graceMs) };
}

function reportRequests(server: Server, clock: Pick<Clock, 'now'>, onRequest: (request: AnsweredRequest) => void) {
  server.on('request', ({ method = '', url = '' }, response) => {
    const startedAt = clock.now();
    response.once('close', () =>
      onRequest({
        method,
        path: url.split('?')[0]!,
        status: response.statusCode,
        milliseconds: clock.now() - startedAt,
      }),
    );
  });
}

function listen(server: Server, { host, port }: ServeOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(listenError(cause, host, port)));
    server.listen({ host, port }, resolve);
  });
}

function listenError(cause: NodeJS.ErrnoException, host: string, port: number): WebError {
  if (cause.code === 'EADDRINUSE') {
    return new WebError('PORT_IN_USE', `Port ${port} of ${host} is in use, perhaps by another winnow annotate.`, {
      hint: `Use that one, end it, or take another port: --port ${port + 1}, or --port 0 for any that is free.`,
      cause,
    });
  }
  if (cause.code === 'EACCES') {
    return new WebError('ADDRESS_UNUSABLE', `Port ${port} may not be used by you.`, {
      hint: 'Take a port from 1024 up with --port.',
      cause,
    });
  }
  return new WebError('ADDRESS_UNUSABLE', `Cannot listen at ${host}: ${cause.message}.`, {
    hint: 'Give --host an address of this machine; 0.0.0.0 for all it has.',
    cause,
  });
}

function close(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const deadline = setTimeout(() => server.closeAllConnections(), graceMs);
    // Connections kept open for a next request end with the answer to this one.
    server.keepAliveTimeout = 1;
    server.close(() => {
      clearTimeout(deadline);
      resolve();
    });
  });
}
