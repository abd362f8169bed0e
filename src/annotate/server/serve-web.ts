import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Clock } from '../../domain/clock.ts';
import { WebError } from '../../domain/errors.ts';
import { option, sentence } from '../../domain/wording.ts';
import { type ConnectionCaps, ConnectionGate } from './connection-gate.ts';
import { createWebApp, SECURITY_HEADERS, type WebAppOptions } from './web-app.ts';

export interface ServeOptions extends WebAppOptions {
  /** A name or address of this machine. */
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly clock: Pick<Clock, 'now'>;
  /** Called after each request was answered. */
  readonly onRequest?: (request: AnsweredRequest) => void;
  readonly limits?: ConnectionLimits;
  readonly caps?: ConnectionCaps;
}

export interface AnsweredRequest {
  readonly method: string;
  /** Without the query, which may contain a search. */
  readonly path: string;
  readonly status: number;
  readonly milliseconds: number;
}

export interface WebServer {
  readonly port: number;
  /** Accepts no more requests. Resolves when the open requests are answered or have timed out. */
  close(): Promise<void>;
}

/** Time limits of connections. */
export interface ConnectionLimits {
  /** For the headers and for the whole request, so that a slow client cannot keep a connection forever. */
  readonly headersMs: number;
  readonly requestMs: number;
  /** Without any traffic, including a client that does not read its answer. */
  readonly silenceMs: number;
  /** Between two checks of the limits. */
  readonly checkMs: number;
  /** For open requests to finish when the server stops. */
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
      // A request without a valid address never reaches the app.
      errorHandler: () => new Response(null, { status: 400, headers: SECURITY_HEADERS }),
    }),
  );
  limitConnections(server, options.caps);
  server.setTimeout(limits.silenceMs);
  if (onRequest) reportRequests(server, clock, onRequest);
  await listen(server, options);
  return { port: (server.address() as AddressInfo).port, close: () => close(server, limits.graceMs) };
}

/** Answers to the API below 400 are only given to those who may use it. */
function limitConnections(server: Server, caps: ConnectionCaps | undefined): void {
  const gate = new ConnectionGate(caps);
  server.on('connection', (socket) => gate.admit(socket));
  server.on('request', ({ url = '', socket }, response) => {
    response.once('finish', () => {
      if (url.startsWith('/api/') && response.statusCode < 400) gate.trust(socket);
    });
  });
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
    return new WebError('PORT_IN_USE', `Port ${port} on ${host} is in use, perhaps by another winnow annotate.`, {
      hint: sentence`Use that one, stop it, or choose another port with ${option('port', port + 1)} (${option('port', 0)} takes any free port).`,
      cause,
    });
  }
  if (cause.code === 'EACCES') {
    return new WebError('ADDRESS_UNUSABLE', `You do not have permission to use port ${port}.`, {
      hint: sentence`Choose a port of 1024 or higher with ${option('port')}.`,
      cause,
    });
  }
  return new WebError('ADDRESS_UNUSABLE', `Cannot listen on ${host}: ${cause.message}.`, {
    hint: sentence`Set ${option('host')} to an address of this machine, or to 0.0.0.0 for all of them.`,
    cause,
  });
}

function close(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const deadline = setTimeout(() => server.closeAllConnections(), graceMs);
    // Idle connections close right after their current answer.
    server.keepAliveTimeout = 1;
    server.close(() => {
      clearTimeout(deadline);
      resolve();
    });
  });
}
